import { expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import PixelsView from '../../../../src/renderer/views/pixels/PixelsView.svelte'
import { settingsFrom } from '../../../../src/renderer/state/settings'
import { painted } from '../../fixtures/painted'
import { showView, violations } from '../fixtures/show-view'

/** Whether a canvas has something other than one colour on it. */
function drawn(canvas: HTMLCanvasElement): boolean {
  if (canvas.width === 0 || canvas.height === 0) return false
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
  const seen = new Set<number>()
  for (let i = 0; i < data.length; i += 4) {
    seen.add((data[i]! << 24) | (data[i + 1]! << 16) | (data[i + 2]! << 8) | data[i + 3]!)
    if (seen.size > 3) return true
  }
  return false
}

function canvases(): HTMLCanvasElement[] {
  return [...document.querySelectorAll<HTMLCanvasElement>('.view canvas')]
}

test('draws one histogram per checked choice and the density', async () => {
  await showView(PixelsView)
  await expect.element(page.getByRole('heading', { name: 'As stored' })).toBeVisible()
  await vi.waitFor(() => {
    expect(canvases()).toHaveLength(4)
    expect(canvases().every(drawn)).toBe(true)
  })
})

test('the switches are asked of the engine', async () => {
  const { engine } = await showView(PixelsView)
  await vi.waitFor(() => expect(engine.inputs('distributions').length).toBe(1))
  expect(engine.inputs('distributions')[0]).toMatchObject({
    split: 'train',
    logCount: true,
    sharedAxis: false
  })
  await page.getByRole('switch', { name: 'Log count' }).click()
  await page.getByRole('switch', { name: 'Shared axis' }).click()
  await page.getByRole('radio', { name: 'Both' }).click()
  await vi.waitFor(() =>
    expect(engine.inputs('distributions').at(-1)).toMatchObject({
      split: 'all',
      logCount: false,
      sharedAxis: true
    })
  )
})

test('overlaid shows all choices in one figure', async () => {
  await showView(PixelsView)
  await page.getByRole('radio', { name: 'Overlaid' }).click()
  await expect.element(page.getByRole('heading', { name: 'All choices' })).toBeVisible()
  await expect.element(page.getByRole('heading', { name: 'As stored' })).not.toBeInTheDocument()
})

test('the axis of the overlaid choices is chosen with the keyboard, asked for and kept', async () => {
  const { engine, workbench } = await showView(PixelsView)
  await page.getByRole('radio', { name: 'Overlaid' }).click()
  await expect.element(page.getByRole('switch', { name: 'Shared axis' })).not.toBeInTheDocument()
  const symlog = page.getByRole('radio', { name: 'Symlog axis' })
  await expect.element(symlog).toBeChecked()
  symlog.element().focus()
  await userEvent.keyboard('{ArrowRight}{ArrowRight}')
  await expect.element(page.getByRole('radio', { name: 'Own ranges' })).toBeChecked()
  await vi.waitFor(() =>
    expect(engine.inputs('distributions').at(-1)).toMatchObject({ overlayAxis: 'own' })
  )
  expect(settingsFrom({ ...workbench.settings.now }).overlayAxis).toBe('own')
})

test('compares the choices in a table and beside the test split', async () => {
  const { engine } = await showView(PixelsView)
  await expect.element(page.getByRole('cell', { name: '72.94', exact: true })).toBeVisible()
  await expect.element(page.getByText(/^Dividing by 255 rescales the axis/)).toBeVisible()
  await page.getByRole('button', { name: 'Compare with test split' }).click()
  await vi.waitFor(() => expect(page.getByRole('row').elements()).toHaveLength(7))
  expect(engine.inputs('distributions').at(-1)?.split).toBe('test')
})

test('the constants of somebody else become the custom choice', async () => {
  const { workbench } = await showView(PixelsView)
  await page.getByRole('button', { name: 'Try constants of MNIST' }).click()
  expect(workbench.settings.custom).toEqual({ centre: [33.3285], divisor: [78.5655] })
  expect(workbench.settings.checked).toContain('custom')
  await expect.element(page.getByRole('heading', { name: 'Custom' })).toBeVisible()
})

test('an answer for choices that changed meanwhile is not shown', async () => {
  const release: (() => void)[] = []
  const { workbench, engine } = await showView(PixelsView, {
    prepare: (fake) => {
      fake.hold = (method) =>
        method === 'distributions' && release.length === 0
          ? new Promise((done) => release.push(done))
          : Promise.resolve()
    }
  })
  await vi.waitFor(() => expect(release).toHaveLength(1))
  workbench.settings.toggle('raw')
  await expect.element(page.getByRole('heading', { name: 'Rescaled to [0, 1]' })).toBeVisible()
  release[0]?.()
  await painted()
  expect(engine.inputs('distributions')).toHaveLength(2)
  await expect.element(page.getByRole('heading', { name: 'As stored' })).not.toBeInTheDocument()
})

test('what takes long is told with its share, cancelled, and computed again', async () => {
  let release: (() => void) | undefined
  const { engine } = await showView(PixelsView, {
    prepare: (fake) => {
      fake.failing.set('distributions', { code: 'cancelled', message: 'Computing was cancelled.' })
      fake.hold = (method) =>
        method === 'distributions'
          ? new Promise((done) => (release = () => done()))
          : Promise.resolve()
    }
  })
  const bar = page.getByRole('progressbar', { name: 'Counting pixel values' })
  await expect.element(bar).not.toHaveAttribute('aria-valuenow')
  const cancel = page.getByRole('button', { name: 'Cancel' })
  await expect.element(cancel).not.toBeInTheDocument()
  engine.events!.countingProgress({ stage: 'Finding the whitening matrix', fraction: 0.4 })
  await expect.element(bar).toHaveAttribute('aria-valuenow', '40')
  await expect.element(page.getByText('Finding the whitening matrix')).toBeVisible()
  await cancel.click()
  expect(engine.inputs('cancelCounting')).toHaveLength(1)
  release!()
  await expect.element(page.getByRole('alert')).toHaveTextContent('Computing was cancelled.')
  engine.failing.clear()
  engine.hold = () => Promise.resolve()
  await page.getByRole('button', { name: 'Compute again' }).click()
  await expect.element(page.getByRole('heading', { name: 'As stored' })).toBeVisible()
})

test('says what went wrong, and tries again', async () => {
  const { engine } = await showView(PixelsView, {
    prepare: (fake) =>
      fake.failing.set('distributions', { code: 'unreadable', message: 'The store is gone.' })
  })
  await expect.element(page.getByRole('alert')).toHaveTextContent('The store is gone.')
  engine.failing.clear()
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect.element(page.getByRole('heading', { name: 'As stored' })).toBeVisible()
})

test.each(['light', 'dark'] as const)('axe finds nothing in the %s theme', async (theme) => {
  const { workbench } = await showView(PixelsView, { theme })
  workbench.filters.setMeanRange([10, 300])
  await expect.element(page.getByText(/^Dividing by 255/)).toBeVisible()
  await vi.waitFor(() => expect(canvases()).toHaveLength(4))
  expect(await violations()).toEqual([])
})
