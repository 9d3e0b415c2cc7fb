import { expect, it } from 'vitest'
import { createRandom } from '../../../src/core/random'
import {
  absorbExtent,
  absorbTally,
  createExtent,
  createTally,
  extendByImage,
  featureVariances,
  tallyImage
} from '../../../src/core/statistics/counting/tally'
import type { Extent, Tally } from '../../../src/core/statistics/counting/tally'

const FEATURES = 6
const CHANNELS = 3
const random = createRandom(5)
const images = Array.from({ length: 9 }, () =>
  Float64Array.from({ length: FEATURES }, (_, f) => 100 * f + random.normal())
)
/** of one image, of none, and of many */
const PARTS = [images.slice(0, 1), [], images.slice(1, 6), images.slice(6)]

function extentOf(some: readonly Float64Array[]): Extent {
  const extent = createExtent(FEATURES, CHANNELS)
  for (const image of some) extendByImage(extent, image, CHANNELS)
  return extent
}

function tallyOf(some: readonly Float64Array[], extent: Extent): Tally {
  const tally = createTally(extent, 10)
  for (const image of some) tallyImage(tally, image, CHANNELS)
  return tally
}

it('what is seen of images in parts is what is seen of all of them', () => {
  const whole = extentOf(images)
  const extent = createExtent(FEATURES, CHANNELS)
  for (const part of PARTS) absorbExtent(extent, extentOf(part))
  expect([extent.min, extent.max]).toEqual([whole.min, whole.max])
  expect(extent.counts).toEqual(whole.counts)
  whole.sums.forEach((sum, c) => expect(extent.sums[c]!).toBeCloseTo(sum, 9))
  whole.squares.forEach((sum, f) => expect(extent.squares[f]!).toBeCloseTo(sum, 6))
  featureVariances(extent, images.length).forEach((variance, f) => {
    const mean = images.reduce((sum, image) => sum + image[f]!, 0) / images.length
    const expected = images.reduce((sum, image) => sum + (image[f]! - mean) ** 2, 0) / images.length
    expect(variance).toBeCloseTo(expected, 10)
  })
})

it('what is counted of images in parts is what is counted of all of them', () => {
  const extent = extentOf(images)
  const whole = tallyOf(images, extent)
  const tally = createTally(extent, 10)
  for (const part of PARTS) absorbTally(tally, tallyOf(part, extent))
  expect(tally.counts).toEqual(whole.counts)
  expect(tally.atMinimum).toBe(1)
  whole.deviations.forEach((sum, c) => expect(tally.deviations[c]!).toBeCloseTo(sum, 8))
})
