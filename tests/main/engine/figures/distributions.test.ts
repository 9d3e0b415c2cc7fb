import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OpenSet } from '../../../../src/main/engine/dataset/open-set'
import { PLAIN_KERNELS } from '../../../../src/core/statistics/kernels/plain'
import { JOBS } from '../../../../src/main/statistics/jobs'
import {
  distributionOf,
  featureMomentsAfter,
  imageMomentsAfter,
  lookOnce
} from '../../../../src/main/engine/figures/distributions'
import { openDataset } from '../../../../src/main/data/open'
import { coresHere } from '../../../../src/main/processes/cores'
import { idleThreads } from '../../../../src/main/engine/dataset/parts'
import { factsOf } from '../../data/helpers'
import { writeEvenImages, writeSmallImages } from '../small-images'

const folder = mkdtempSync(join(tmpdir(), 'normscope-distributions-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let set: OpenSet
beforeAll(async () => {
  const images = writeSmallImages(join(folder, 'images'))
  set = new OpenSet(await openDataset(images, { store: { folder: join(folder, 'store') } }))
})

// image i has the values 10 i to 10 i + 3: pixel p is p over each, and p / 3 of an image's range
test('moments of each pixel: by shift and scale, by a look at each image, and not at all', async () => {
  const unit = (await featureMomentsAfter(set, { id: 'unit' }, 'train'))!
  unit.mean.forEach((value, pixel) => expect(value).toBeCloseTo((55 + pixel) / 255, 12))
  unit.std.forEach((value) => expect(value).toBeCloseTo((10 * Math.sqrt(143 / 12)) / 255, 12))
  const range = (await featureMomentsAfter(set, { id: 'per-image-range' }, 'train'))!
  range.mean.forEach((value, pixel) => expect(value).toBeCloseTo(pixel / 3, 12))
  range.std.forEach((value) => expect(value).toBeCloseTo(0, 7))
  expect(await featureMomentsAfter(set, { id: 'whitened' }, 'train')).toBeUndefined()
})

test('moments of each image after whitening are those of its values', async () => {
  const moments = await imageMomentsAfter(set, { id: 'whitened' }, 'train')
  expect(moments.mean).toHaveLength(12)
  const fitted = await set.fitted({ id: 'whitened' })
  const { dataset } = set
  const asked = { dataset, split: 'train', start: 0, count: 12, fitted } as const
  const whole = await JOBS.imageMoments(asked, { kernels: PLAIN_KERNELS })
  expect([...moments.std]).toEqual([...whole.std])
  // images one value apart in all pixels lie on one line through the mean: the middle two are nearest to it
  expect(Math.abs(moments.mean[5]!)).toBeLessThan(Math.abs(moments.mean[0]!))
  expect(moments.mean[0]!).toBeCloseTo(-moments.mean[11]!, 6)
})

test('levels are counted of bytes only', async () => {
  const { dataset } = set
  const fitted = await set.fitted({ id: 'per-image' })
  const floats = { ...dataset, dtype: 'float32' as const }
  const asked = { dataset: floats, split: 'train', start: 0, count: 1, fitted } as const
  await expect(JOBS.levelRange(asked, { kernels: PLAIN_KERNELS })).rejects.toThrow('not bytes')
})

describe('a look at the images for several choices', () => {
  const choices = [{ id: 'per-image' }, { id: 'raw' }, { id: 'per-image-range' }] as const
  // more values than are looked at where they are asked for
  const evenSet = async (): Promise<OpenSet> => {
    const path = writeEvenImages(join(folder, 'even'), 1000, [1, 2, 3])
    return new OpenSet(await openDataset(path, { store: { folder: join(folder, 'store') } }))
  }

  test('is under way in threads when it was asked for, and is not taken twice', async () => {
    const even = await evenSet()
    await even.summary('train')
    expect(idleThreads()).toBe(coresHere())
    await lookOnce(even, choices, 'train', 4)
    expect(idleThreads()).toBeLessThan(coresHere())
    await Promise.all(choices.map((choice) => distributionOf(even, choice, 'train', 4)))
    expect(idleThreads()).toBe(coresHere())
    await lookOnce(even, choices, 'train', 4)
    expect(idleThreads()).toBe(coresHere())
  })

  test('that fails is told to whoever asks for a choice, and tried again then', async () => {
    const even = await evenSet()
    const { pixels } = even.dataset.splits.train
    await even.summary('train')
    const dataset = structuredClone(even.dataset)
    Object.assign(dataset.splits.train.pixels, { path: `${pixels.path}.gone` })
    even.rename(dataset)
    await lookOnce(even, choices, 'train', 4)
    const facts = await factsOf(() => distributionOf(even, choices[0], 'train', 4))
    expect(facts.code).toBe('missing-file')
    Object.assign(dataset.splits.train.pixels, { path: pixels.path })
    const found = await distributionOf(even, choices[0], 'train', 4)
    expect(found.counts.reduce((sum, count) => sum + count)).toBe(3_000_000)
  })
})
