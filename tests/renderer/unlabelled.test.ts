import axe from 'axe-core'
import { page, userEvent } from 'vitest/browser'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Dataset } from '../../src/core/dataset/dataset'
import { DATASET, FakeEngine } from './fixtures/fake-engine'
import { openWindow } from './fixtures/window'

const { labels: _, classCounts: __, ...bare } = DATASET.splits.train
const UNLABELLED: Dataset = {
  ...DATASET,
  id: 'bare',
  name: 'shoes',
  classNames: [],
  splits: { train: bare },
  warnings: ['These images have no labels.']
}

/** An engine whose images have no labels until a file of labels is given. */
function unlabelledEngine(dataset: Dataset = UNLABELLED): FakeEngine {
  const engine = new FakeEngine()
  const thumbnails = engine.answers.thumbnails
  const image = engine.answers.image
  engine.dataset = dataset
  engine.answers.thumbnails = (input) => {
    const shown = { ...thumbnails(input) }
    if (!dataset.splits[input.split]?.labels) delete shown.labels
    return shown
  }
  engine.answers.image = (input) => {
    const shown = { ...image(input) }
    if (!dataset.splits[input.split]?.labels) delete shown.label
    return shown
  }
  return engine
}

const inputsOf = (engine: FakeEngine, method: string): unknown[] =>
  engine.calls.filter((call) => call.method === method).map(({ input }) => input)

beforeEach(() => page.viewport(1280, 800))

describe('images without labels in the window', () => {
  it('show in Images with filters and sorting that need no class', async () => {
    const engine = unlabelledEngine()
    await openWindow(engine, { view: 'images' })
    const rail = page.getByRole('complementary').first()
    await expect.element(rail).toHaveTextContent('28 × 28, grey, 8-bit, no labels')
    expect(document.querySelector('[aria-label="One image of each class"]')).toBeNull()
    await expect.element(page.getByText('train, no label')).toBeVisible()
    await page.getByRole('button', { name: 'Filter' }).click()
    const panel = page.getByRole('dialog', { name: 'Filter images' })
    await expect.element(panel).toHaveTextContent('Mean of an image')
    await expect.element(panel).not.toHaveTextContent('Class')
    await userEvent.keyboard('{Escape}')
    await page.getByRole('button', { name: /^Sort/ }).click()
    await expect.element(page.getByRole('menuitemradio', { name: 'Mean' })).toBeVisible()
    expect(page.getByRole('menuitemradio', { name: 'Class' }).elements()).toHaveLength(0)
    await page.getByRole('menuitemradio', { name: 'Mean' }).click()
    await vi.waitFor(() =>
      expect(inputsOf(engine, 'imageIndices')).toEqual([
        { split: 'train', sortBy: 'mean', descending: false }
      ])
    )
  })

  it('drop a filter and a sorting by class when a split without labels is shown', async () => {
    const engine = unlabelledEngine({ ...DATASET, splits: { ...DATASET.splits, test: bare } })
    const { workbench } = await openWindow(engine, { view: 'images' })
    workbench.filters.setClasses([3])
    workbench.filters.sort('class')
    await expect.element(page.getByText('Class: Dress')).toBeVisible()
    await page.getByRole('radio', { name: 'Test' }).click()
    await expect.element(page.getByText('Class: Dress')).not.toBeInTheDocument()
    await expect.element(page.getByRole('button', { name: /^Sort: Index/ })).toBeVisible()
    expect(workbench.filters.query).toEqual({ split: 'test', sortBy: 'index', descending: false })
  })

  it('say in Training what is missing, and nothing is queued', async () => {
    const engine = unlabelledEngine()
    await openWindow(engine)
    await expect
      .element(page.getByRole('main').getByText('These images have no labels'))
      .toBeVisible()
    await expect
      .element(page.getByRole('button', { name: 'Reproduce the question' }))
      .toBeDisabled()
    await expect.element(page.getByRole('button', { name: /^Train 3 choices/ })).toBeDisabled()
    await expect
      .element(page.getByRole('complementary').first())
      .toHaveTextContent('784 → 128 ReLU → softmax')
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await expect
      .element(page.getByRole('status').filter({ hasText: 'Training needs labels' }).first())
      .toBeVisible()
    expect(inputsOf(engine, 'startExperiment')).toEqual([])
    await expect
      .element(page.getByRole('complementary').first().getByRole('button', { name: 'Add labels…' }))
      .toBeVisible()
  })

  it('get their labels from a file, at the place they were opened from', async () => {
    const engine = unlabelledEngine()
    await openWindow(engine)
    await page.getByRole('main').getByRole('button', { name: 'Add labels…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add labels' })
    await expect.element(dialog.getByLabelText('File with the labels')).toHaveFocus()
    await expect.element(dialog.getByLabelText(/^Path/)).toHaveValue('/home/me/shoes')
    await dialog.getByLabelText('File with the labels').fill('/home/me/labels.csv')
    await userEvent.keyboard('{Enter}')
    await expect.element(dialog).not.toBeInTheDocument()
    expect(inputsOf(engine, 'openDataset')).toEqual([
      { paths: ['/home/me/shoes'], labelsPath: '/home/me/labels.csv' }
    ])
    await expect.element(page.getByRole('complementary').first()).toHaveTextContent('10 classes')
    await expect.element(page.getByRole('button', { name: /^Train 3 choices/ })).toBeEnabled()
  })

  it('get them from several files, chosen at once and listed in their order', async () => {
    const chosen = ['/home/me/a.csv', '/home/me/b.csv']
    const engine = unlabelledEngine()
    const bridge = { choosePaths: () => Promise.resolve(chosen) }
    const { workbench } = await openWindow(engine, {}, bridge)
    workbench.openDialog('labels')
    const dialog = page.getByRole('dialog', { name: 'Add labels' })
    await dialog.getByRole('button', { name: 'Choose…' }).click()
    const list = dialog.getByRole('group', {
      name: '2 files of labels, in the order of the images'
    })
    await expect.element(list).toHaveTextContent('/home/me/a.csv')
    expect((await axe.run(dialog.element())).violations).toEqual([])
    await dialog.getByRole('button', { name: 'Add' }).click()
    await expect.element(dialog).not.toBeInTheDocument()
    expect(inputsOf(engine, 'openDataset')).toEqual([
      { paths: ['/home/me/shoes'], labelsPath: chosen }
    ])
  })

  for (const view of ['images', 'training', 'activations'] as const) {
    it(`leave nothing for axe to find in ${view}`, async () => {
      const { workbench } = await openWindow(unlabelledEngine(), { view })
      await expect.element(page.getByRole('complementary').first()).toHaveTextContent('no labels')
      if (view === 'training') {
        workbench.openDialog('labels')
        await expect.element(page.getByRole('dialog')).toBeVisible()
      }
      const found = await axe.run(document.body, { resultTypes: ['violations'] })
      expect(found.violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([])
    })
  }
})
