import { mkdirSync, copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { heldOutKey } from '../../../../src/main/data/store/holdout'
import { config, engineFolder, value } from '../engine-set-up'

const { folder, images, setUp } = engineFolder()

/** The training files alone: a data set without test images. */
function withoutTest(): string {
  const alone = join(folder, 'alone')
  mkdirSync(alone, { recursive: true })
  for (const name of ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte']) {
    copyFileSync(join(images, name), join(alone, name))
  }
  return alone
}

const epoch = {
  ...{ epoch: 1, trainLoss: 0.5, trainAccuracy: 0.75, zeroGradientFraction: 0 },
  ...{ gradientNorms: [1], seconds: 1 },
  layers: [
    {
      units: 3,
      saturation: [0, 0.5, 1],
      preactivation: { mean: 0, std: 1, min: -1, max: 1, counts: [1, 1] }
    }
  ]
}

describe('runs on a data set without a test split', () => {
  it('carry the id of the data set that is open', async () => {
    const { engine, runs } = setUp('id')
    const dataset = await value(engine.openDataset({ paths: [withoutTest()] }))
    await engine.enqueue({ configs: [config] })
    const [run] = await runs()
    expect(run!.datasetId).toBe(dataset.id)
    // a sixth of four images of each class, rounded
    expect(run).toMatchObject({ trainCount: 9, testCount: 3, heldOut: { seed: 0 } })
  })

  it('are found by the activations, in whatever order a configuration lists its settings', async () => {
    const { engine, trainers, given } = setUp('activations')
    await engine.openDataset({ paths: [withoutTest()] })
    const { ids } = await value(engine.enqueue({ configs: [config] }))
    await given(0, ids[0]!)
    trainers[0]!.tell({ type: 'epoch', id: ids[0]!, record: epoch })
    const reordered = Object.fromEntries(Object.entries(config).reverse()) as typeof config
    const shown = await value(
      engine.activations({
        ...{ choices: [config.choice], activation: 'relu', epoch: 1 },
        config: reordered
      })
    )
    expect(shown.panels[0]!.runId).toBe(ids[0])
  })

  it('of 0.1.0 are found too, though their records carry another id', async () => {
    const first = setUp('old')
    const { id } = await value(first.engine.openDataset({ paths: [withoutTest()] }))
    await first.engine.enqueue({ configs: [config] })
    const [record] = await first.runs()
    await first.shell.close()
    const old = {
      ...record!,
      ...{ id: 'old-run', status: 'finished', endedAt: 5 },
      datasetId: heldOutKey(id, record!.heldOut!)
    }
    writeFileSync(join(folder, 'old', 'runs', 'old-run.json'), JSON.stringify(old))
    const second = setUp('old')
    await second.engine.openDataset({ paths: [withoutTest()] })
    const found = (await second.runs()).find((run) => run.id === 'old-run')
    expect(found?.datasetId).toBe(id)
    expect(second.events).toContainEqual(['runChanged', found])
  })
})
