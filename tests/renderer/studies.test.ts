import { dense } from '../../src/core/network/layers/layers'
import axe from 'axe-core'
import { page, userEvent } from 'vitest/browser'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { OpenedStudy } from '../../src/contract/engine'
import { NormscopeError } from '../../src/core/error'
import { TUTORIAL_CONFIG } from '../../src/core/network/config'
import { DATASET, FakeEngine } from './fixtures/fake-engine'
import { runRecord } from './fixtures/runs'
import { openWindow } from './fixtures/window'

beforeEach(() => page.viewport(1280, 800))

const { splits: _, fileClassNames: __, ...facts } = DATASET
const IMAGES = {
  ...facts,
  ...{ classNames: [...DATASET.classNames], sources: [...DATASET.sources], warnings: [] },
  trainCount: 60000,
  testCount: 10000
} as OpenedStudy['images']

const STUDY: OpenedStudy = {
  name: 'shoes.normscope',
  images: IMAGES,
  runs: 1,
  choices: [{ id: 'log' }, { id: 'custom', centre: [33], divisor: [78] }],
  configs: [0, 1].map((seed) => ({
    ...TUTORIAL_CONFIG,
    ...{ choice: { id: 'log' as const }, layers: [dense(32)], seed }
  }))
}
const AWAY = {
  ...STUDY,
  images: { ...IMAGES, id: 'away', name: 'Shoes' },
  problem: {
    code: 'study-images-missing',
    message: 'The images of this study, Shoes, could not be opened on this computer.',
    hint: 'Open them as a data set.'
  }
}

const saved = (engine: FakeEngine) =>
  engine.calls.filter(({ method }) => method === 'studyFile').at(-1)?.input

/** The engine tells that it opened a study. */
async function opened(study: OpenedStudy, engine = new FakeEngine()) {
  engine.runs.push(runRecord({ id: 'of-study', datasetId: study.images.id }))
  const shown = await openWindow(engine, { view: 'images' })
  engine.events?.studyOpened(study)
  engine.events?.statusChanged({ ...engine.answers.status({}), study })
  return shown
}

describe('a study that was opened', () => {
  it('brings its choices, constants and network in one step that can be undone', async () => {
    const { workbench } = await opened(STUDY)
    const { settings } = workbench
    expect(settings.checked).toEqual(['log', 'custom'])
    expect(settings.custom).toEqual({ centre: [33], divisor: [78] })
    expect(settings.network).toMatchObject({ layers: [dense(32)], seeds: 2 })
    settings.undo()
    expect(settings.checked).toEqual(['raw', 'unit', 'standardised'])
    expect(settings.network.layers).toEqual(TUTORIAL_CONFIG.layers)
  })

  it('shows its runs, and says so', async () => {
    const { workbench } = await opened(STUDY)
    expect(workbench.view).toBe('training')
    const notice = page.getByText('Opened shoes.normscope: 1 run on Fashion-MNIST')
    await expect.element(notice).toBeVisible()
  })

  it('without its images has a bar that says what is missing and leads to them', async () => {
    const { workbench } = await opened(AWAY)
    const bar = page.getByRole('status').filter({ hasText: 'shoes.normscope' })
    await expect
      .element(bar)
      .toHaveTextContent('1 run on Shoes, shown in Training without its images')
    await expect.element(page.getByRole('table').first()).toBeVisible()
    await bar.getByRole('button', { name: 'What is missing?' }).click()
    await expect.element(bar).toHaveTextContent('could not be opened on this computer')
    expect((await axe.run(document.body)).violations.map(({ id }) => id)).toEqual([])
    await bar.getByRole('button', { name: 'Open the images…' }).click()
    expect(workbench.dialog).toBe('data')
    workbench.openDialog(undefined)
    await bar.getByRole('button', { name: 'Close' }).click()
    expect(workbench.subject?.id).toBe(DATASET.id)
  })
})

describe('a study file', () => {
  it('is saved with Ctrl S: the engine is given the settings, the person says where', async () => {
    const files: { suggestedName: string; text: string }[] = []
    const { engine } = await openWindow(undefined, undefined, {
      saveFile: ({ suggestedName, bytes }) => {
        files.push({ suggestedName, text: new TextDecoder().decode(bytes) })
        return Promise.resolve({ ok: true, value: `/home/me/${suggestedName}` })
      }
    })
    await userEvent.keyboard('{Control>}s{/Control}')
    await expect.element(page.getByText('Saved /home/me/Fashion-MNIST.normscope')).toBeVisible()
    expect(files).toEqual([{ suggestedName: 'Fashion-MNIST.normscope', text: '{}\n' }])
    expect(saved(engine)).toMatchObject({
      choices: [{ id: 'raw' }, { id: 'unit' }, { id: 'standardised' }],
      configs: [{ choice: { id: 'raw' } }, { choice: { id: 'unit' } }, {}]
    })
  })

  it('and a report are saved from the menu of exports and from the palette', async () => {
    const names: string[] = []
    const { engine } = await openWindow(undefined, undefined, {
      saveFile: ({ suggestedName }) => {
        names.push(suggestedName)
        return Promise.resolve({ ok: true, value: `/home/me/${suggestedName}` })
      }
    })
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: 'Save report…' }).click()
    await expect.element(page.getByText('Saved /home/me/Fashion-MNIST.html')).toBeVisible()
    await userEvent.keyboard('{Control>}k{/Control}')
    await userEvent.keyboard('report{Enter}')
    await vi.waitFor(() => expect(names).toEqual(['Fashion-MNIST.html', 'Fashion-MNIST.html']))
    const asked = engine.calls.filter(({ method }) => method === 'report').at(-1)?.input
    expect(asked).toMatchObject({ choices: [{ id: 'raw' }, { id: 'unit' }, {}] })
  })

  it('shows how far a report is, and saves nothing where it is cancelled', async () => {
    const names: string[] = []
    const engine = new FakeEngine()
    let cancel = (): void => undefined
    const cancelled = new Promise<void>((resolve) => (cancel = resolve))
    engine.hold = async (method) => {
      if (method === 'cancelReport') cancel()
      if (method !== 'report') return
      await cancelled
      throw new NormscopeError({ code: 'cancelled', message: 'The report was cancelled.' })
    }
    await openWindow(engine, undefined, {
      saveFile: ({ suggestedName }) => {
        names.push(suggestedName)
        return Promise.resolve({ ok: true, value: suggestedName })
      }
    })
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: 'Save report…' }).click()
    const report = page.getByRole('group', { name: 'Report' })
    await expect.element(report).toHaveTextContent('Making the report')
    engine.events?.reportProgress({ stage: 'Drawing figures', fraction: 0.25 })
    await expect.element(report).toHaveTextContent('Drawing figures')
    await expect.element(report.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '25')
    await report.getByRole('button', { name: 'Cancel' }).click()
    await expect
      .element(page.getByText('The report was cancelled; nothing was saved'))
      .toBeVisible()
    await expect.element(report).not.toBeInTheDocument()
    expect(names).toEqual([])
  })

  it('is opened by its path wherever a path is given', async () => {
    const { engine, workbench } = await openWindow()
    await workbench.openOrExplain({ paths: ['/home/me/a.normscope'] })
    expect(engine.calls.at(-1)).toEqual({
      method: 'openStudy',
      input: { path: '/home/me/a.normscope' }
    })
  })

  it('that is none is explained', async () => {
    const engine = new FakeEngine()
    engine.answers.openStudy = () => {
      throw new NormscopeError({ code: 'not-a-study', message: 'This file is not a study.' })
    }
    const { workbench } = await openWindow(engine)
    await workbench.openOrExplain({ paths: ['/home/me/a.normscope'] })
    await expect.element(page.getByText('This file is not a study.')).toBeVisible()
  })

  it('dropped on a page of the served shell is read there', async () => {
    const { engine } = await openWindow()
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File(['{"version": 1}'], 'b.normscope'))
    window.dispatchEvent(new DragEvent('drop', { dataTransfer }))
    await expect
      .poll(() => engine.calls.find(({ method }) => method === 'openStudy')?.input)
      .toEqual({ name: 'b.normscope', text: '{"version": 1}' })
  })
})
