import { expect, test } from 'vitest'
import { page } from 'vitest/browser'
import TrainingView from '../../../../src/renderer/views/training/TrainingView.svelte'
import { runRecord } from '../../fixtures/runs'
import { showView } from '../fixtures/show-view'

test('shows the test curves of runs whose test images were held out', async () => {
  const { engine } = await showView(TrainingView, {
    shape: { count: 400, height: 6, width: 6, channels: 1 }
  })
  await expect.element(page.getByText('Nothing has been trained on these images yet')).toBeVisible()
  const heldOut = { fraction: 1 / 6, seed: 0 }
  engine.events!.runChanged(runRecord({ datasetId: engine.dataset.id, heldOut }))
  await expect.element(page.getByRole('heading', { name: 'Test accuracy by epoch' })).toBeVisible()
  await expect.element(page.getByRole('radio', { name: 'Test' })).toBeEnabled()
})

test('shows balanced accuracy beside accuracy where classes are unequal, and how many seeds', async () => {
  const { engine } = await showView(TrainingView, {
    shape: { count: 400, height: 6, width: 6, channels: 1 }
  })
  const run = (seed: number, testClassCounts: number[]) =>
    runRecord(
      { id: String(seed), datasetId: engine.dataset.id, testClassCounts, config: { seed } },
      [0.6, 0.8 + seed / 100],
      { balancedAccuracy: 0.7 }
    )
  const header = (name: string) => page.getByRole('button', { name, exact: true })
  for (const seed of [0, 2]) engine.events!.runChanged(run(seed, [200, 200]))
  await expect.element(page.getByText('1.4, n = 2')).toBeVisible()
  await expect.element(header('Highest seen')).toBeVisible()
  await expect.element(header('Balanced accuracy')).not.toBeInTheDocument()
  for (const seed of [0, 2]) engine.events!.runChanged(run(seed, [150, 250]))
  await expect.element(header('Balanced accuracy')).toBeVisible()
  await expect.element(page.getByRole('cell', { name: '70.0 %', exact: true })).toBeVisible()
})
