import { expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { RunRecord } from '../../../../src/core/study/run'
import ImagesView from '../../../../src/renderer/views/images/ImagesView.svelte'
import { runRecord } from '../../fixtures/runs'
import type { ViewEngine } from '../fixtures/view-engine'
import { showView, violations } from '../fixtures/show-view'

/** Finished runs of the engine's data set; what they keep of it is all that counts here. */
const runsOf = (engine: ViewEngine, ...own: Partial<RunRecord>[]): void => {
  for (const [at, each] of own.entries()) {
    engine.runs.push({
      ...runRecord({ id: `run-${at}`, createdAt: at, config: { seed: at } }),
      datasetId: engine.dataset.id,
      ...each
    })
  }
}
const both = { predictions: 'AAA=', wrongTraining: 'AA==' }
const select = () => page.getByLabelText('Wrong at the end of a run')
const name = 'Wrong in [0, 1], seed 0'

test('a run chosen in the filter leaves the images that it gets wrong; its chip brings all back', async () => {
  const { engine } = await showView(ImagesView, {
    prepare: (engine) => {
      engine.wrong = [3, 8, 9]
      runsOf(engine, both, { predictions: 'AAA=' }, {})
    }
  })
  await userEvent.keyboard('f')
  await expect.element(select()).toBeVisible()
  // of the training images, only the first of the three is known
  const options = [...((await select().element()) as HTMLSelectElement).options]
  expect(options.map(({ text }) => text)).toEqual(['Any image', '[0, 1], seed 0'])
  await select().selectOptions('[0, 1], seed 0')
  await expect.element(page.getByText('3 of 400')).toBeVisible()
  expect(engine.inputs('imageIndices').at(-1)).toMatchObject({ split: 'train', wrongIn: 'run-0' })
  expect(await violations()).toEqual([])
  await userEvent.keyboard('{Escape}')
  const remove = page.getByRole('button', { name: `Remove filter ${name}` })
  ;((await remove.element()) as HTMLElement).focus()
  await userEvent.keyboard('{Enter}')
  await expect.element(page.getByRole('status').getByText('400', { exact: true })).toBeVisible()
})

test('a run that is right on all its images is said to be', async () => {
  const { workbench } = await showView(ImagesView, { prepare: (engine) => runsOf(engine, both) })
  await vi.waitFor(() => expect(workbench.runs.list).toHaveLength(1))
  workbench.filters.setWrongIn('run-0')
  await expect
    .element(page.getByText('The run is right on every training image that it used.'))
    .toBeVisible()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect.element(page.getByRole('listbox', { name: 'Images' })).toBeVisible()
  expect(workbench.filters.active).toBe(false)
})

test('a run that kept nothing of a split says so in place of the images', async () => {
  const { engine, workbench } = await showView(ImagesView, {
    prepare: (engine) => {
      engine.wrong = [3]
      runsOf(engine, { predictions: 'AAA=' })
    }
  })
  await vi.waitFor(() => expect(workbench.runs.list).toHaveLength(1))
  workbench.filters.setSplit('test')
  workbench.filters.setWrongIn('run-0')
  await expect.element(page.getByText('1 of 40')).toBeVisible()
  const asked = engine.inputs('imageIndices').length
  await page.getByText('Train', { exact: true }).click()
  await expect.element(page.getByText('Not known of this run')).toBeVisible()
  await expect.element(page.getByText(/kept nothing of which training images/)).toBeVisible()
  expect(engine.inputs('imageIndices')).toHaveLength(asked)
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect.element(page.getByRole('listbox', { name: 'Images' })).toBeVisible()
})

test('a run that is deleted filters nothing more', async () => {
  const { engine, workbench } = await showView(ImagesView, {
    prepare: (engine) => {
      engine.wrong = [3]
      runsOf(engine, both)
    }
  })
  await vi.waitFor(() => expect(workbench.runs.list).toHaveLength(1))
  workbench.filters.setWrongIn('run-0')
  await expect.element(page.getByText('1 of 400')).toBeVisible()
  engine.events!.runsRemoved({ ids: ['run-0'] })
  await expect.element(page.getByText('1 of 400')).not.toBeInTheDocument()
  expect(workbench.filters.wrongIn).toBeUndefined()
})
