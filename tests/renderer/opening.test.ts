import { page } from 'vitest/browser'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { NormscopeError } from '../../src/core/error'
import { DATASET, FakeEngine } from './fixtures/fake-engine'
import { painted } from './fixtures/painted'
import { openWindow } from './fixtures/window'

beforeEach(() => page.viewport(1280, 800))

/** A window with its data dialog open, while something else opens a data set. */
async function openingElsewhere() {
  const opened = await openWindow()
  opened.workbench.openDialog('data')
  opened.engine.events?.openProgress({ path: '/data/shoes', stage: 'Reading', fraction: 0.5 })
  await expect.element(page.getByRole('button', { name: /^Fashion-MNIST/ })).toBeDisabled()
  return opened
}

const free = () =>
  expect.element(page.getByRole('button', { name: /^Fashion-MNIST/ })).toBeEnabled()

describe('an opening that the window did not start', () => {
  it('frees the dialog when it fails, and says why', async () => {
    const { engine } = await openingElsewhere()
    const error = { code: 'wrong-magic', message: 'This is no IDX file.' }
    engine.events?.openEnded({ path: '/data/shoes', error })
    await free()
    await expect.element(page.getByRole('alert')).toHaveTextContent('This is no IDX file.')
  })

  it('frees the dialog when it is cancelled, without an error', async () => {
    const { engine, workbench } = await openingElsewhere()
    const error = { code: 'cancelled', message: 'Opening was cancelled.' }
    engine.events?.openEnded({ path: '/data/shoes', error })
    await free()
    expect(workbench.openError).toBeUndefined()
  })

  it('frees the dialog when the engine is lost on the way', async () => {
    const { engine } = await openingElsewhere()
    engine.changed?.(undefined, 'killed')
    await free()
  })

  it('frees the dialog when another engine answers', async () => {
    const { engine } = await openingElsewhere()
    engine.changed?.(engine.api)
    await free()
  })
})

describe('an opening that the engine tells as an event and as its answer', () => {
  it('is asked about once, and where the person scrolled to meanwhile stays', async () => {
    const engine = new FakeEngine()
    const { workbench } = await openWindow(engine, { view: 'images' })
    const opened = { ...DATASET, id: 'f'.repeat(64), name: 'shoes' }
    engine.answers.openDataset = () => structuredClone(opened)
    let answer: () => void = () => {}
    engine.hold = (method) =>
      method === 'openDataset' ? new Promise((resolve) => (answer = resolve)) : undefined
    const opening = workbench.openDataset({ paths: ['/data/shoes'] })
    await vi.waitFor(() => expect(engine.calls.at(-1)?.method).toBe('openDataset'))
    const before = engine.calls.length
    engine.dataset = opened
    engine.events?.datasetOpened(structuredClone(opened))
    const asked = (method: string) =>
      engine.calls.slice(before).filter((call) => call.method === method)
    await vi.waitFor(() => expect(asked('thumbnails').length).toBeGreaterThan(0))
    const list = page.getByRole('listbox', { name: 'Images' }).element()
    list.scrollTop = list.scrollHeight / 2
    await painted()
    answer()
    expect(await opening).toBe(true)
    await painted()
    expect(list.scrollTop).toBeGreaterThan(0)
    expect(asked('image')).toHaveLength(1)
  })
})

describe('images with pixels that are no finite numbers', () => {
  it.each([
    ['Leave those images out', 'leave-out'],
    ['Keep them, with 0 for those values', 'zero']
  ])('are opened otherwise at a click, with the labels that were named: %s', async (name, way) => {
    const engine = new FakeEngine()
    const error = { code: 'not-finite', message: 'x.npy has pixels that are no finite numbers.' }
    engine.hold = (method) =>
      method === 'openDataset' ? Promise.reject(new NormscopeError(error)) : undefined
    const { workbench } = await openWindow(engine)
    const source = { paths: ['/data/x.npy'], labelsPath: '/data/y.npy' }
    await workbench.openOrExplain(source)
    // the engine tells every window
    engine.events?.openEnded({ path: '/data/x.npy', error })
    engine.hold = () => undefined
    await page.getByRole('button', { name }).click()
    await vi.waitFor(() =>
      expect(engine.calls.filter(({ method }) => method === 'openDataset').at(-1)?.input).toEqual({
        ...source,
        notFinite: way
      })
    )
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
  })
})

describe('a data set of which such images were left out', () => {
  const source = { paths: ['/data/x.npy'], notFinite: 'leave-out' as const }

  async function recent() {
    const engine = new FakeEngine()
    engine.answers.recentDatasets = () => [{ ...source, name: 'x', openedAt: 1 }]
    return openWindow(engine)
  }

  it('says so among the recent ones', async () => {
    const { workbench } = await recent()
    workbench.openDialog('data')
    await expect
      .element(page.getByRole('button', { name: /x.npy/ }))
      .toHaveTextContent('Pixels that are no finite numbers: their images left out')
  })

  it('is opened without them when labels are added', async () => {
    const { engine, workbench } = await recent()
    workbench.openDialog('labels')
    await page.getByLabelText('File with the labels').fill('/data/y.npy')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await vi.waitFor(() =>
      expect(engine.calls.filter(({ method }) => method === 'openDataset').at(-1)?.input).toEqual({
        ...source,
        labelsPath: '/data/y.npy'
      })
    )
  })
})

describe('an opening that another one overtakes', () => {
  const overtaken = { code: 'overtaken', message: 'Another data set was opened.' }

  it('is silent, and the other one goes on', async () => {
    const engine = new FakeEngine()
    let refuse: () => void = () => {}
    engine.hold = (method) =>
      method === 'openDataset'
        ? new Promise((_, no) => (refuse = () => no(new NormscopeError(overtaken))))
        : undefined
    const { workbench } = await openWindow(engine)
    const opened = workbench.openDataset({ paths: ['/data/shoes'] })
    await vi.waitFor(() => expect(engine.calls.at(-1)?.method).toBe('openDataset'))
    engine.events?.openProgress({ path: '/data/bags', stage: 'Reading' })
    engine.events?.openEnded({ path: '/data/shoes', error: overtaken })
    refuse()
    expect(await opened).toBe(false)
    expect(workbench.opening?.path).toBe('/data/bags')
    expect(workbench.openError).toBeUndefined()
    expect(workbench.notices.list).toEqual([])
  })

  it('does not bring up the dialog when it was chosen in the menu of the desktop', async () => {
    const engine = new FakeEngine()
    engine.hold = (method) =>
      method === 'openDataset' ? Promise.reject(new NormscopeError(overtaken)) : undefined
    const { workbench } = await openWindow(
      engine,
      {},
      {
        choosePaths: () => Promise.resolve(['/data/shoes'])
      }
    )
    await workbench.chooseDataset('files')
    expect(workbench.dialog).toBeUndefined()
  })
})

describe('picture files that are refused', () => {
  it.each([
    [
      'Resize to 28 × 32',
      { code: 'mixed-sizes', actual: '28 × 32 (9), 8 × 8 (1)', hint: 'Use --resize 28x32.' },
      { size: { height: 28, width: 32, fit: 'stretch' } }
    ],
    [
      'Pad to 28 × 32',
      { code: 'mixed-sizes', actual: '28 × 32 (9), 8 × 8 (1)', hint: 'Use --resize 28x32.' },
      { size: { height: 28, width: 32, fit: 'pad' } }
    ],
    ['Leave damaged pictures out', { code: 'corrupt-image' }, { damaged: 'leave-out' }]
  ])('are opened in another way at a click: %s', async (name, facts, pictures) => {
    const engine = new FakeEngine()
    const error = { message: 'The pictures cannot be opened as they are.', ...facts }
    engine.hold = (method) =>
      method === 'openDataset' ? Promise.reject(new NormscopeError(error)) : undefined
    const { workbench } = await openWindow(engine)
    await workbench.openOrExplain({ paths: ['/data/a'], pictures: { background: 'white' } })
    engine.hold = () => undefined
    await page.getByRole('button', { name }).click()
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    expect(engine.calls.filter(({ method }) => method === 'openDataset').at(-1)?.input).toEqual({
      paths: ['/data/a'],
      pictures: { background: 'white', ...pictures }
    })
  })
})

describe('picture files of several sizes', () => {
  it('are given one where the dialog says how, which is asked of the engine', async () => {
    const engine = new FakeEngine()
    const mixed = { code: 'mixed-sizes', message: 'Sizes found: 8 × 8 (2), 9 × 9 (1).' }
    engine.hold = (method) =>
      method === 'openDataset' ? Promise.reject(new NormscopeError(mixed)) : undefined
    const { workbench } = await openWindow(engine)
    workbench.openDialog('data')
    const path = page.getByRole('textbox', { name: /^Path/ })
    await path.fill('/data/mixed')
    await page.getByRole('button', { name: 'Open', exact: true }).click()
    // an error that the settings help with shows them
    await page.getByLabelText('Size').selectOptions('Resized in proportion, on black')
    await page.getByLabelText('Height').fill('32')
    await page.getByLabelText('Alpha').selectOptions('Composited on white')
    await page.getByRole('checkbox', { name: 'Leave damaged pictures out' }).click()
    await page.getByRole('button', { name: 'Open', exact: true }).click()
    await vi.waitFor(() =>
      expect(engine.calls.at(-1)).toMatchObject({
        method: 'openDataset',
        input: {
          paths: ['/data/mixed'],
          pictures: {
            size: { height: 32, width: 28, fit: 'pad' },
            background: 'white',
            damaged: 'leave-out'
          }
        }
      })
    )
  })
})
