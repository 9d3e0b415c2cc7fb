import { appendFileSync, statSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunConfig } from '../../../src/core/network/config'
import { dense } from '../../../src/core/network/layers/layers'
import { initialWeights } from '../../../src/core/network/weights'
import { epochOrder } from '../../../src/core/random'
import { PixelsInFile } from '../../../src/main/data/pixels-in-file'
import { stateOf } from '../../../src/main/disk/files'
import { loadImages, NONE_HELD_WHOLE } from '../../../src/main/trainer/images'
import type { RunImages } from '../../../src/main/trainer/images'
import { createNativeSession } from '../../../src/main/trainer/native'
import { nativeAvailable } from './native-available'
import { smallDataset } from './small-dataset'
import type { SmallDataset } from './small-dataset'

const CONFIG: RunConfig = { ...TUTORIAL_CONFIG, layers: [dense(8)], batch: 8, probeImages: 20 }

const NOTHING = { whole: 0, drawn: 0 }

let small: SmallDataset
beforeEach(async () => {
  small = await smallDataset({ train: 3000, test: 60 })
})
afterEach(() => small.remove())

const allOf = ({ train }: RunImages): number[] => [...train.pixels.subarray(0, train.pixels.length)]

test('the images of the run before are not read again, others are', async () => {
  const first = await loadImages(small.dataset, { ...CONFIG, seed: 1 })
  const second = await loadImages(small.dataset, { ...CONFIG, seed: 2, choice: { id: 'raw' } })
  expect(second.train.pixels).toBe(first.train.pixels)
  expect(second.test.labels).toBe(first.test.labels)
  const fewer = await loadImages(small.dataset, { ...CONFIG, limit: 700 })
  expect(fewer.train.count).toBe(700)
  const all = await loadImages(small.dataset, CONFIG)
  expect(allOf(all)).toEqual(allOf(first))
})

test('who copies the images reads a whole split in parts, run after run, and holds what is drawn', async () => {
  const first = await loadImages(small.dataset, CONFIG, NONE_HELD_WHOLE)
  expect(first.train.pixels).toBeInstanceOf(PixelsInFile)
  const pixels = allOf(first)
  first.close()
  const second = await loadImages(small.dataset, { ...CONFIG, seed: 2 }, NONE_HELD_WHOLE)
  expect(second.train.pixels).toBe(first.train.pixels)
  expect(allOf(second)).toEqual(pixels)
  second.close()
  const drawn = await loadImages(small.dataset, { ...CONFIG, limit: 700 }, NONE_HELD_WHOLE)
  expect(drawn.train.pixels).toBeInstanceOf(Uint8Array)
})

describe('a split that is larger than what is held', () => {
  test.each([
    ['all images', {}],
    ['images that are drawn', { limit: 700 }],
    ['images of two classes', { classes: [0, 2] as const }]
  ])('gives the same pixels from its file: %s', async (_, change) => {
    const config = { ...CONFIG, ...change }
    const held = await loadImages(small.dataset, config)
    const left = await loadImages(small.dataset, config, NOTHING)
    expect(left.train.pixels).toBeInstanceOf(PixelsInFile)
    expect(held.train.pixels).toBeInstanceOf(Uint8Array)
    expect(left.train.pixels.length).toBe(held.train.pixels.length)
    expect(allOf(left)).toEqual(allOf(held))
    const some = [36 * 5, 36 * 41] as const
    expect([...left.train.pixels.subarray(...some)]).toEqual([
      ...held.train.pixels.subarray(...some)
    ])
    left.close()
  })

  test.skipIf(!nativeAvailable)('trains to the same weights to the bit', async () => {
    const hashes: string[] = []
    for (const mostHeld of [undefined, NOTHING]) {
      const images = await loadImages(small.dataset, CONFIG, mostHeld)
      const { preprocessing } = small
      const session = await createNativeSession({ config: CONFIG, ...images, preprocessing })
      session.initialise(initialWeights(CONFIG, images.plan))
      session.steps(epochOrder(5, 1, 3000), 0)
      const hash = createHash('sha256')
      for (const values of session.read()) hash.update(values)
      hashes.push(hash.digest('hex'))
      session.dispose()
      images.close()
    }
    expect(hashes[1]).toBe(hashes[0])
  })

  test('is refused once its file was written to', async () => {
    const { train } = small.dataset.splits
    const { path } = train.pixels
    const pixels = { ...train.pixels, state: stateOf(statSync(path)) }
    const dataset = { ...small.dataset, splits: { train: { ...train, pixels } } }
    const { train: left, close } = await loadImages(dataset, CONFIG, NOTHING)
    expect(left.pixels.subarray(0, 36)).toHaveLength(36)
    appendFileSync(path, 'more')
    expect(() => left.pixels.subarray(0, 36)).toThrow(/has changed since it was opened/)
    close()
  })

  test('is refused where its file is shorter than it was', async () => {
    const { train } = small.dataset.splits
    const pixels = { ...train.pixels, offset: 100_000 }
    const dataset = { ...small.dataset, splits: { train: { ...train, pixels } } }
    const { train: left, close } = await loadImages(dataset, CONFIG, NOTHING)
    expect(() => left.pixels.subarray(36 * 2900, 36 * 3000)).toThrow(/has become shorter/)
    close()
  })
})
