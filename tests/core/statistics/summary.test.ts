import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PixelArray, PixelType } from '../../../src/core/dataset/dataset'
import { createRandom } from '../../../src/core/random'
import {
  addCovariance,
  addProducts,
  covarianceBands,
  covarianceMatrix,
  emptyCovariance
} from '../../../src/core/statistics/covariance'
import { createImageSums } from '../../../src/core/statistics/image-sums'
import { channelLevels } from '../../../src/core/statistics/counting/levels'
import { channelMoments } from '../../../src/core/statistics/moments'
import { addImages, createSummary, mergeSummaries } from '../../../src/core/statistics/summary'
import type { Summary } from '../../../src/core/statistics/summary'

const SHAPE = { height: 2, width: 1, channels: 3 } as const
const FEATURES = 6
const MAKE = {
  uint8: (values: number[]) => Uint8Array.from(values, (value) => value * 255),
  uint16: (values: number[]) => Uint16Array.from(values, (value) => value * 65535),
  float32: (values: number[]) => Float32Array.from(values, (value) => value * 50 - 20)
} as const

function summarise(dtype: PixelType, pixels: PixelArray): Summary {
  const summary = createSummary({ ...SHAPE, dtype })
  addImages(summary, pixels, pixels.length / FEATURES)
  return summary
}

/** The same numbers, or both absent; comparing 65,536 of them one by one would take seconds. */
function same(a: Float64Array | undefined, b: Float64Array | undefined): boolean {
  if (!a || !b) return a === b
  return Buffer.compare(Buffer.from(a.buffer), Buffer.from(b.buffer)) === 0
}

const image = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
  minLength: FEATURES,
  maxLength: FEATURES
})
const shard = fc.array(image, { maxLength: 4 }).map((images) => images.flat())

describe.each(['uint8', 'uint16', 'float32'] as const)('a summary of %s pixels', (dtype) => {
  it('merges in any grouping to the summary of all images at once', () => {
    fc.assert(
      fc.property(shard, shard, shard, (a, b, c) => {
        const [x, y, z] = [a, b, c].map((values) => summarise(dtype, MAKE[dtype](values))) as [
          Summary,
          Summary,
          Summary
        ]
        const left = mergeSummaries(mergeSummaries(x, y), z)
        const right = mergeSummaries(x, mergeSummaries(y, z))
        const all = MAKE[dtype]([...a, ...b, ...c])
        const whole = summarise(dtype, all)
        for (const merged of [left, right]) {
          expect(merged.count).toBe(whole.count)
          expect(channelMoments(merged)).toEqual(channelMoments(whole))
          expect(merged.images).toEqual(whole.images)
          expect(merged.featureCounts).toEqual(whole.featureCounts)
          expect(same(merged.channelCounts, whole.channelCounts)).toBe(true)
          expect(same(merged.leadingCounts, whole.leadingCounts)).toBe(true)
          for (let c = 0; c < 3; c++) {
            expect(channelLevels(merged, c)).toEqual(channelLevels(whole, c))
          }
        }
      }),
      { numRuns: 15 }
    )
  })

  it('counts every value of every channel once', () => {
    fc.assert(
      fc.property(shard, (values) => {
        const pixels = MAKE[dtype](values)
        const summary = summarise(dtype, pixels)
        for (let c = 0; c < 3; c++) {
          const expected = Array.from(pixels)
            .filter((_, i) => i % 3 === c)
            .sort((a, b) => a - b)
          const { values: levels, counts } = channelLevels(summary, c)!
          const actual = Array.from(levels).flatMap((value, i) =>
            Array.from({ length: counts[i]! }, () => value)
          )
          expect(actual.map((value) => value + 0)).toEqual(expected.map((value) => value + 0))
        }
      }),
      { numRuns: 40 }
    )
  })

  it('is plain data: a structured clone goes on as the original does', () => {
    const first = MAKE[dtype]([0, 0.1, 0.2, 0.3, 0.4, 0.5])
    const second = MAKE[dtype]([1, 0.9, 0.8, 0.7, 0.6, 0.5])
    const original = summarise(dtype, first)
    const clone = structuredClone(original)
    addImages(original, second, 1)
    addImages(clone, second, 1)
    expect(clone).toEqual(original)
    expect(clone.images.sum).toHaveLength(2)
  })
})

describe('a summary', () => {
  it('of bytes too large for counts per pixel has exact counts per channel', () => {
    const summary = createSummary({ height: 257, width: 256, channels: 1, dtype: 'uint8' })
    const pixels = new Uint8Array(257 * 256).fill(3)
    pixels[5] = 200
    addImages(summary, pixels, 1)
    expect(summary.featureCounts).toBeUndefined()
    expect(channelLevels(summary, 0)).toEqual({
      values: Float64Array.of(3, 200),
      counts: Float64Array.of(257 * 256 - 1, 1)
    })
    expect(channelMoments(summary).sum).toEqual([3 * (257 * 256 - 1) + 200])
  })

  it('refuses pixels of another type or number, and values that are no numbers', () => {
    const bytes = createSummary({ ...SHAPE, dtype: 'uint8' })
    expect(() => addImages(bytes, new Uint8Array(7), 1)).toThrow('6 values, but 7')
    expect(() => addImages(bytes, new Uint16Array(6), 1)).toThrow('uint16 pixels were given')
    const floats = createSummary({ ...SHAPE, dtype: 'float32' })
    const before = structuredClone(floats)
    const bad = new Float32Array(12)
    bad[9] = NaN
    expect(() => addImages(floats, bad, 2)).toThrow('Image 1 holds NaN at value 3')
    expect(floats).toEqual(before)
    const wide = createSummary({ ...SHAPE, width: 2, dtype: 'uint8' })
    expect(() => mergeSummaries(bytes, wide)).toThrow('2 x 1 x 3 uint8')
  })
})

describe('the covariance', () => {
  it('is that of the definition, whatever the chunks', () => {
    fc.assert(
      fc.property(
        fc.array(image, { minLength: 3, maxLength: 9 }),
        fc.integer({ min: 1, max: 2 }),
        (images, cut) => {
          const pixels = MAKE.uint8(images.flat())
          const summary = createSummary({ ...SHAPE, dtype: 'uint8' })
          addCovariance(summary, pixels.subarray(0, cut * FEATURES), cut)
          addCovariance(summary, pixels.subarray(cut * FEATURES), images.length - cut)
          const matrix = covarianceMatrix(summary.covariance!)
          const n = images.length
          const mean = (f: number): number =>
            images.reduce((sum, _, i) => sum + pixels[i * FEATURES + f]!, 0) / n
          for (let a = 0; a < FEATURES; a++) {
            for (let b = 0; b < FEATURES; b++) {
              let sum = 0
              for (let i = 0; i < n; i++) {
                sum += (pixels[i * FEATURES + a]! - mean(a)) * (pixels[i * FEATURES + b]! - mean(b))
              }
              expect(matrix[a * FEATURES + b]).toBeCloseTo(sum / n, 8)
            }
          }
        }
      ),
      { numRuns: 20 }
    )
  })

  it('takes every n-th image over chunks, and says how many it took', () => {
    const summary = createSummary({ ...SHAPE, dtype: 'uint8' })
    const pixels = Uint8Array.from({ length: 7 * FEATURES }, (_, i) => Math.floor(i / FEATURES))
    addCovariance(summary, pixels.subarray(0, 4 * FEATURES), 4, 3)
    addCovariance(summary, pixels.subarray(4 * FEATURES), 3, 3)
    // images 0, 3 and 6
    expect(summary.covariance!.count).toBe(3)
    expect(summary.covariance!.sum[0]).toBe(9)
  })

  it('is refused for images of too many values', () => {
    const summary = createSummary({ height: 64, width: 64, channels: 1, dtype: 'uint8' })
    expect(() => addCovariance(summary, new Uint8Array(4096), 1)).toThrow('4096 values')
  })

  it('is put together from bands of its rows', () => {
    const features = 37
    const images = 300
    const random = createRandom(4)
    const values = Float64Array.from({ length: images * features }, () => random.normal())
    const whole = emptyCovariance(features)
    addProducts(whole, values, images)
    for (const count of [1, 3, 8, 50]) {
      const bands = covarianceBands(features, count)
      const rows = bands.map((band) => {
        const some = emptyCovariance(features, band)
        addProducts(some, values, images, 1, band)
        expect(some.sum).toEqual(whole.sum)
        return Array.from(some.products)
      })
      expect(rows.flat()).toEqual(Array.from(whole.products))
    }
  })
})

describe('more images than 32 bits count', () => {
  const MOST = 2 ** 32 - 1
  /** as many images as if all of them had the bytes 7, 200 and 7, 201 alike */
  function many(half: number) {
    const summary = createSummary({ height: 1, width: 2, channels: 1, dtype: 'uint8' })
    addImages(summary, Uint8Array.of(7, 200, 7, 201), 2)
    return {
      ...summary,
      count: 2 * half,
      // a shard goes without what is said of each image
      images: createImageSums(),
      featureCounts: Uint32Array.from(summary.featureCounts!, (count) => count * half)
    }
  }

  it('are counted exactly when their summaries are merged, in any grouping', () => {
    const part = many(2 ** 31 - 1)
    const two = mergeSummaries(part, part)
    const left = mergeSummaries(mergeSummaries(two, part), two)
    const right = mergeSummaries(part, mergeSummaries(two, two))
    expect(left.count).toBe(5 * (2 ** 32 - 2))
    for (const merged of [left, right]) {
      const { mean, std, min, max } = channelMoments(merged)
      // (7 + 7 + 200 + 201) / 4; squares: 49 + 49 + 40000 + 40401 = 80499
      expect([mean, min, max]).toEqual([[103.75], [7], [201]])
      expect(std[0]).toBeCloseTo(Math.sqrt(80499 / 4 - 103.75 ** 2), 12)
      expect(merged.featureCounts![7]).toBe(left.count)
    }
    expect(left.images.sum).toHaveLength(0)
    // the parts are as they were
    expect(part.featureCounts).toBeInstanceOf(Uint32Array)
    expect(part.featureCounts[7]).toBe(2 ** 32 - 2)
  })

  it('are refused in one pass', () => {
    const summary = { ...summarise('uint8', Uint8Array.of(1, 2, 3, 4, 5, 6)), count: MOST }
    expect(() => addImages(summary, Uint8Array.of(1, 2, 3, 4, 5, 6), 1)).toThrow(/4294967296/)
  })
})
