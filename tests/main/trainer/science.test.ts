import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { LossId } from '../../../src/core/network/losses'
import { readLabels } from '../../../src/main/data/labels'
import { readRowsAt } from '../../../src/main/data/rows'
import type { Dataset } from '../../../src/core/dataset/dataset'
import { dataset, train } from './fashion-mnist'

describe.skipIf(!dataset)('on real Fashion-MNIST', { timeout: 60_000 }, () => {
  test('pixels in [0, 1], ReLU, Adam, exact loss: .86 to .88 after three epochs', async () => {
    const { epochs, ended } = await train(255, { epochs: 3 })
    expect(ended.status).toBe('finished')
    expect(epochs[0]!.testAccuracy).toBeLessThan(0.25)
    expect(epochs[3]!.testAccuracy).toBeGreaterThan(0.86)
    expect(epochs[3]!.testAccuracy).toBeLessThan(0.88)
    expect(epochs[3]!.zeroGradientFraction).toBeLessThan(0.01)
  })

  test('raw bytes with the clipped loss: .10 to .30, and most samples teach nothing', async () => {
    const { last } = await train(1, { epochs: 2, loss: 'clipped' })
    expect(last.testAccuracy).toBeGreaterThan(0.09)
    expect(last.testAccuracy).toBeLessThan(0.3)
    expect(last.trappedFraction).toBeGreaterThan(0.7)
  })

  test.each([
    // saturated share at the start of training on raw bytes and in [0, 1], from an independent NumPy net
    ['tanh', 0.987, 0.001],
    ['sigmoid', 0.974, 0]
  ] as const)('%s is saturated at the start by raw bytes alone', async (activation, raw, unit) => {
    const small = { activation, limit: 1000, epochs: 1 }
    const found = [await train(1, small), await train(255, small)]
    expect(found[0]!.epochs[0]!.saturatedFraction).toBeCloseTo(raw, 1)
    expect(found[1]!.epochs[0]!.saturatedFraction).toBeCloseTo(unit, 2)
  })

  describe('raw bytes after two epochs, with first weights and first step divided by 255 or not', () => {
    // Accuracies of an independent NumPy net, seed 0, where both are the same; eps x 255 left out.
    const CELLS: readonly (readonly [LossId, number, number])[] = [
      ['clipped', 255, 0.859],
      ['exact', 1, 0.745],
      ['exact', 255, 0.86]
    ]
    test.each(CELLS)('loss %s, divided by %d: %d', async (loss, by, expected) => {
      const factors = [1 / by, 1]
      const { last } = await train(1, {
        loss,
        epochs: 2,
        initFactors: factors,
        stepFactors: factors
      })
      expect(Math.abs(last.testAccuracy! - expected)).toBeLessThan(0.04)
    })
  })

  test('raw bytes with first weights / 255, first step / 255 and epsilon x 255 are pixels / 255', async () => {
    const factors = [1 / 255, 1]
    const short = { epochs: 1, limit: 6000 }
    const epsilonFactors = [255, 1]
    const raw = await train(1, {
      ...short,
      ...{ initFactors: factors, stepFactors: factors, epsilonFactors }
    })
    const unit = await train(255, short)
    // the same but for rounding
    expect(raw.epochs[0]!.trainLoss).toBeCloseTo(unit.epochs[0]!.trainLoss, 4)
    expect(raw.epochs[0]!.testAccuracy).toBeCloseTo(unit.epochs[0]!.testAccuracy!, 3)
    expect(raw.last.trainLoss / unit.last.trainLoss).toBeCloseTo(1, 3)
    expect(Math.abs(raw.last.testAccuracy! - unit.last.testAccuracy!)).toBeLessThan(0.02)
  })

  test('a test split sorted by class has the gradient norm of the shuffled one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'normscope-test-'))
    try {
      const short = { epochs: 1, limit: 12_000 }
      const shuffled = await train(255, short)
      const sorted = await train(255, short, await sortedByClass(dataset!, folder))
      expect(sorted.last.testAccuracy).toBe(shuffled.last.testAccuracy)
      const ratio = sorted.last.gradientNorms[0]! / shuffled.last.gradientNorms[0]!
      // of one class alone, as the first 1,000 would be, it is several times as large
      expect(ratio).toBeGreaterThan(2 / 3)
      expect(ratio).toBeLessThan(3 / 2)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

/** The same test images in the order of their classes. */
async function sortedByClass(images: Dataset, folder: string): Promise<Dataset> {
  const labels = await readLabels(images, 'test')
  const order = Int32Array.from(labels, (_, row) => row).sort((a, b) => labels[a]! - labels[b]!)
  const pixels = await readRowsAt(images, 'test', order)
  const path = join(folder, 'sorted.bin')
  const own = order.map((row) => labels[row]!)
  await writeFile(path, Buffer.concat([pixels as Uint8Array, new Uint8Array(own.buffer)]))
  const { count, classCounts } = images.splits.test!
  const at = { path, offset: 0 }
  const test = { count, classCounts, pixels: at, labels: { path, offset: pixels.length } }
  return { ...images, splits: { ...images.splits, test } }
}
