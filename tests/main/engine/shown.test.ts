import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { Figure, Mark } from '../../../src/core/figure/figure'
import { applier } from '../../../src/core/preprocessing/apply'
import { createRandom } from '../../../src/core/random'
import { fitChoice, summarise } from '../../../src/main/engine/dataset/prepare'
import type { FitImages } from '../../../src/main/statistics/slices'
import { readRows } from '../../../src/main/data/rows'
import { idx, npy, zip } from '../../core/format/build'
import { config, engineFolder, value } from './engine-set-up'
import { smallRows } from './small-images'

const { folder, images, setUp } = engineFolder()

function cellsOf({ marks }: Figure): Extract<Mark, { kind: 'cells' }> {
  const cells = marks.find((mark) => mark.kind === 'cells')
  if (!cells) throw new Error('The figure has no cells.')
  return cells
}

const sum = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((total, each) => total + (each || 0), 0)

describe('the figure of mean and std of each image', () => {
  it('counts every image once, over the range of the choice', async () => {
    const { engine } = setUp('moments')
    await engine.openDataset({ paths: [images] })
    const { values, xEdges } = cellsOf(
      await value(engine.imageMoments({ split: 'train', choice: { id: 'unit' } }))
    )
    expect(sum(values)).toBe(12)
    // means of bytes are 10 i + 1.5 for i from 0 to 11
    expect(xEdges[0]).toBeCloseTo(1.5 / 255, 12)
    expect(xEdges[xEdges.length - 1]).toBeCloseTo(111.5 / 255, 12)
  })

  it('goes over the images where the choice changes each in its own way', async () => {
    const { engine } = setUp('moments-own')
    await engine.openDataset({ paths: [images] })
    const figure = await value(
      engine.imageMoments({ split: 'test', choice: { id: 'per-image-range' } })
    )
    const { values, xEdges, yEdges } = cellsOf(figure)
    expect(sum(values)).toBe(6)
    // every image becomes 0, 1/3, 2/3, 1: mean 1/2, std sqrt(5) / 6
    const middle = (edges: ArrayLike<number>): number => (edges[0]! + edges[edges.length - 1]!) / 2
    expect(middle(xEdges)).toBeCloseTo(0.5, 6)
    expect(middle(yEdges)).toBeCloseTo(Math.sqrt(5) / 6, 6)
  })

  it('is refused for a split that there is not', async () => {
    const { engine } = setUp('moments-alone')
    const alone = join(folder, 'alone')
    mkdirSync(alone)
    writeFileSync(
      join(alone, 'train-images-idx3-ubyte'),
      idx(0x08, [2, 1, 2], Uint8Array.of(1, 2, 3, 4))
    )
    await value(engine.openDataset({ paths: [alone] }))
    const query = { choices: [{ id: 'unit' as const }], logCount: false, sharedAxis: false }
    expect(await engine.imageMoments({ split: 'test', choice: { id: 'unit' } })).toMatchObject({
      ok: false,
      error: { code: 'no-test-split' }
    })
    expect(await engine.distributions({ ...query, split: 'test' })).toMatchObject({
      ok: false,
      error: { code: 'no-test-split' }
    })
    // all that there is
    const { table } = await value(engine.distributions({ ...query, split: 'all' }))
    expect(table[0]!.mean[0]).toBeCloseTo(2.5 / 255, 12)
  })
})

describe('whitening', () => {
  it('makes features uncorrelated and of variance near 1 over the images it is fitted on', async () => {
    const path = join(folder, 'correlated')
    mkdirSync(path)
    const random = createRandom(3, 'correlated')
    const count = 400
    // 1 x 3 images: each feature shares half of what it is with the next
    const pixels = Array.from({ length: count }, () => {
      const [a, b, c, d] = [0, 1, 2, 3].map(() => random.integer(128)) as [number, ...number[]]
      return [a + b!, b! + c!, c! + d!]
    }).flat()
    writeFileSync(
      join(path, 'train-images-idx3-ubyte'),
      idx(0x08, [count, 1, 3], Uint8Array.from(pixels))
    )
    const dataset = await value(setUp('whitened').engine.openDataset({ paths: [path] }))
    const fitted = await fitChoice(dataset, { id: 'whitened' }, await summarise(dataset, 'train'))
    const apply = applier(fitted)
    const stored = await readRows(dataset, 'train', 0, count)
    const rows = Array.from({ length: count }, (_, row) => {
      const out = new Float64Array(3)
      apply(stored.subarray(3 * row, 3 * row + 3), out)
      return out
    })
    const covariance = (i: number, j: number): number =>
      rows.reduce((total, row) => total + row[i]! * row[j]!, 0) / count
    for (let i = 0; i < 3; i++) {
      expect(rows.reduce((total, row) => total + row[i]!, 0) / count).toBeCloseTo(0, 4)
      for (let j = 0; j < 3; j++) {
        // eigenvalues come out as L / (L + eps), eps being a hundredth of their mean
        if (i === j) expect(covariance(i, j)).toBeGreaterThan(0.9)
        if (i === j) expect(covariance(i, j)).toBeLessThan(1)
        else expect(Math.abs(covariance(i, j))).toBeLessThan(0.05)
      }
    }
  })

  it('goes by the images that a run trains on only', async () => {
    const { engine } = setUp('whitened-part')
    const dataset = await value(engine.openDataset({ paths: [images] }))
    const part: FitImages = { limit: 3, classes: [1, 2] }
    const summary = await summarise(dataset, 'train', part)
    const { first } = smallRows(part)
    expect(summary.count).toBe(3)
    const { form } = await fitChoice(dataset, { id: 'whitened' }, summary, part)
    if (form.kind !== 'linear') throw new Error('not linear')
    form.mean.forEach((mean, feature) => expect(mean).toBeCloseTo(first + feature, 10))
  })
})

describe('a choice that makes numbers of some pixels that are none', () => {
  /** 2 x 1 pixels; the test images have -1 and -5 where the training images are not below 0 */
  function floats(name: string): string {
    const numbers = (values: readonly number[]): Uint8Array =>
      new Uint8Array(Float32Array.from(values).buffer)
    const path = join(folder, `${name}.npz`)
    writeFileSync(
      path,
      zip({
        'x_train.npy': npy('<f4', [4, 1, 2], numbers([0, 1, 2, 3, 4, 5, 6, 7])),
        'y_train.npy': npy('|u1', [4], Uint8Array.of(0, 1, 0, 1)),
        'x_test.npy': npy('<f4', [2, 1, 2], numbers([-1, 1, -5, -0.5])),
        'y_test.npy': npy('|u1', [2], Uint8Array.of(0, 1))
      })
    )
    return path
  }
  const choices = [{ id: 'raw' }, { id: 'log' }] as const

  it('is left out of the distributions, with how many they are', async () => {
    const { engine } = setUp('finite')
    await engine.openDataset({ paths: [floats('shown')] })
    const asked = { choices: [...choices], logCount: false, sharedAxis: false }
    const train = await value(engine.distributions({ ...asked, split: 'train' }))
    expect([train.figures.length, train.problems]).toEqual([2, []])
    const test = await value(engine.distributions({ ...asked, split: 'test' }))
    expect(test.figures.map(({ choice }) => choice)).toEqual(['raw'])
    expect(test.table.map(({ choice }) => choice.id)).toEqual(['raw'])
    expect(test.problems).toMatchObject([
      { choice: { id: 'log' }, error: { code: 'not-finite-input' } }
    ])
    expect(test.problems[0]!.error.message).toContain('2 of 4 values of the test images')
    expect(test.problems[0]!.error.message).toContain('−5 to −1')
    expect(test.problems[0]!.error.hint).toContain("'standardised'")
  })

  it('is left out of the distributions where it cannot be fitted either', async () => {
    const { engine } = setUp('unfitted')
    const path = join(folder, 'below.npz')
    const values = Float32Array.from([-1, 1, -5, -0.5])
    writeFileSync(
      path,
      zip({
        'x_train.npy': npy('<f4', [2, 1, 2], new Uint8Array(values.buffer)),
        'y_train.npy': npy('|u1', [2], Uint8Array.of(0, 1))
      })
    )
    await engine.openDataset({ paths: [path] })
    const asked = { choices: [...choices], logCount: false, sharedAxis: false }
    const shown = await value(engine.distributions({ ...asked, split: 'train' }))
    expect(shown.table.map(({ choice }) => choice.id)).toEqual(['raw'])
    expect(shown.problems).toMatchObject([{ choice: { id: 'log' } }])
    expect(shown.problems[0]!.error.message).toContain(
      '3 of 4 values of the training images are below 0, down to −5.'
    )
  })

  it('is refused before a run with it begins', async () => {
    const { engine, trainers, runs, statuses } = setUp('refused')
    await engine.openDataset({ paths: [floats('trained')] })
    const { ids } = await value(engine.enqueue({ configs: [{ ...config, choice: { id: 'log' } }] }))
    await vi.waitFor(async () => expect(await statuses()).toEqual(['failed']), { timeout: 5000 })
    const [record] = await runs()
    expect(record).toMatchObject({ id: ids[0], error: { code: 'not-finite-input' } })
    expect(record!.error!.message).toContain('2 of 4 values of the test images')
    expect(trainers.flatMap(({ heard }) => heard.filter(({ type }) => type === 'train'))).toEqual(
      []
    )
  })

  it('is left out of the activations before training', async () => {
    const { engine } = setUp('activations-finite')
    await engine.openDataset({ paths: [floats('activations')] })
    const { panels, problems } = await value(
      engine.activations({ choices: [...choices], activation: 'tanh', epoch: 0, config })
    )
    expect(panels.map(({ choice }) => choice.id)).toEqual(['raw'])
    expect(problems.map(({ choice }) => choice.id)).toEqual(['log'])
  })
})
