import { expect, test } from 'vitest'
import { page } from 'vitest/browser'
import TrainingView from '../../../../src/renderer/views/training/TrainingView.svelte'
import { runRecord } from '../../fixtures/runs'
import { showView } from '../fixtures/show-view'

test('shows the test curves of runs whose test images were held out', async () => {
  const { engine, workbench } = await showView(TrainingView, {
    shape: { count: 400, height: 6, width: 6, channels: 1 }
  })
  await expect.element(page.getByText('Nothing has been trained on these images yet')).toBeVisible()
  const heldOut = { fraction: 1 / 6, seed: 0 }
  workbench.runs.changed(runRecord({ datasetId: engine.dataset.id, heldOut }))
  await expect.element(page.getByRole('heading', { name: 'Test accuracy by epoch' })).toBeVisible()
  await expect.element(page.getByRole('radio', { name: 'Test' })).toBeEnabled()
})
