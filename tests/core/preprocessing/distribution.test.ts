import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fit } from '../../../src/core/preprocessing/fit'
import { CHOICE_IDS } from '../../../src/core/preprocessing/preprocessing'
import { binEdges, binOf } from '../../../src/core/statistics/counting/bins'
import { distribution } from '../../../src/core/preprocessing/distribution'
import {
  distributionFromImages,
  measureDistribution
} from '../../../src/core/preprocessing/image-distribution'
import { effectiveNumber } from '../../../src/core/statistics/effective-number'
import type { Distribution } from '../../../src/core/preprocessing/distribution'
import { addImages, createSummary } from '../../../src/core/statistics/summary'
import type { Summary } from '../../../src/core/statistics/summary'
import { furthest, pixelsOf, REFERENCE, specOf, summaryOf } from '../statistics/reference'
import type { ReferenceChoice } from '../statistics/reference'

/** Whether rounding in the twelfth digit could move a value over an inner edge. */
function nearEdge(values: readonly number[], edges: Float64Array): boolean {
  const reach = 1e-9 * Math.max(...edges.map(Math.abs), 1e-300)
  return values.some((value) =>
    edges.subarray(1, -1).some((edge) => Math.abs(value - edge) < reach)
  )
}

function agrees(actual: Distribution, expected: ReferenceChoice): void {
  // whitening goes through float32 matrices
  const tolerance = actual.approximation ? 1e-4 : 1e-9
  expect(furthest(actual.mean, expected.mean)).toBeLessThan(tolerance)
  expect(furthest(actual.std, expected.std)).toBeLessThan(tolerance)
  expect(furthest([actual.min, actual.max], [expected.min, expected.max])).toBeLessThan(tolerance)
}

/** exp of the entropy of the shares of the summed variance, in the plainest way. */
function varyingOf(values: readonly number[], features: number): number {
  const images = values.length / features
  const variances = Array.from({ length: features }, (_, f) => {
    const own = values.filter((_, at) => at % features === f)
    const mean = own.reduce((sum, value) => sum + value, 0) / images
    return own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / images
  }).map((variance) => (variance < 1e-18 ? 0 : variance))
  const total = variances.reduce((sum, value) => sum + value, 0)
  if (total === 0) return 0
  const shares = variances.map((value) => value / total).filter((share) => share > 0)
  return Math.exp(-shares.reduce((sum, share) => sum + share * Math.log(share), 0))
}

describe('images that do not differ', () => {
  it('have effective features by the second moment under [-1, 1], and none by the variance', () => {
    const black = { ...REFERENCE[0]!, pixels: REFERENCE[0]!.pixels.map(() => 0) }
    const summary = summaryOf(black)
    const measured = distribution(fit({ id: 'symmetric' }, summary), summary)!
    expect(measured.effectiveFeatures).toBeCloseTo(12, 9)
    expect(measured.varyingFeatures).toBe(0)
  })
})

describe.each(REFERENCE)('distributions of $name', (one) => {
  const summary = summaryOf(one)
  const pixels = pixelsOf(one)
  const ids = CHOICE_IDS.filter((id) => one.choices[id])

  it.each(ids)('have the moments and counts of NumPy under %s', async (id) => {
    const expected = one.choices[id]!
    const fitted = fit(specOf(id), summary)
    // constant values are 0 but for rounding in NumPy, whose histogram then is one of rounding
    const constant = expected.max - expected.min < 1e-9
    for (const [bins, histogram] of Object.entries(expected.histograms)) {
      const actual = await measureDistribution(fitted, summary, () => [pixels], { bins: +bins })
      agrees(actual, expected)
      expect(actual.counts.reduce((sum, count) => sum + count, 0)).toBe(pixels.length)
      if (constant) continue
      expect(furthest(actual.edges.subarray(0, 1), [histogram.edges[0]])).toBeLessThan(1e-4)
      if (id !== 'raw' && nearEdge(expected.values, actual.edges)) continue
      if (id === 'whitened') continue
      expect(Array.from(actual.counts)).toEqual(histogram.counts)
      expect(actual.effectiveFeatures / expected.effectiveFeatures).toBeCloseTo(1, 8)
      const varying = varyingOf(expected.values, pixels.length / summary.count)
      expect(actual.varyingFeatures).toBeCloseTo(varying, 6)
    }
  })

  it('are the same from counts as from the images, where both can be', async () => {
    for (const id of ids) {
      const fitted = fit(specOf(id), summary)
      const counted = distribution(fitted, summary)
      if (!counted) continue
      const seen = await distributionFromImages(fitted, () => [pixels], summary.count)
      expect(Array.from(counted.counts), id).toEqual(Array.from(seen.counts))
      expect(Array.from(counted.edges), id).toEqual(Array.from(seen.edges))
      expect(counted.shareAtMinimum, id).toBe(seen.shareAtMinimum)
      expect(furthest(counted.std, seen.std), id).toBeLessThan(1e-10)
      expect(furthest(counted.mean, seen.mean), id).toBeLessThan(1e-10)
      expect(counted.effectiveFeatures, id).toBeCloseTo(seen.effectiveFeatures, 6)
      expect(counted.varyingFeatures, id).toBeCloseTo(seen.varyingFeatures, 6)
    }
  })
})

describe('bins', () => {
  it('put a value on an inner edge above it and one on the last edge below it', () => {
    const edges = binEdges(0, 4, 4)
    expect([0, 0.9, 1, 2, 3.999, 4].map((value) => binOf(value, edges))).toEqual([0, 0, 1, 2, 3, 3])
  })

  it('agree with a search through the edges for any range and value', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        fc.integer({ min: 1, max: 300 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (min, width, bins, share) => {
          const edges = binEdges(min, min + width, bins)
          const onEdge = edges[Math.floor(share * bins)]!
          for (const value of [onEdge, Math.min(min + share * width, edges[bins]!)]) {
            let expected = bins - 1
            while (expected > 0 && value < edges[expected]!) expected--
            expect(binOf(value, edges)).toBe(expected)
          }
        }
      )
    )
  })

  it('of constant values are half a unit to either side, as NumPy has it', () => {
    expect(Array.from(binEdges(7, 7, 2))).toEqual([6.5, 7, 7.5])
    expect(binOf(7, binEdges(7, 7, 2))).toBe(1)
  })

  it('of the default number hold four byte levels each', () => {
    const summary = createSummary({ height: 16, width: 16, channels: 1, dtype: 'uint8' })
    addImages(
      summary,
      Uint8Array.from({ length: 256 }, (_, i) => i),
      1
    )
    for (const id of ['raw', 'unit', 'symmetric', 'standardised', 'robust', 'centred'] as const) {
      const { counts } = distribution(fit({ id }, summary), summary)!
      expect(Array.from(counts), id).toEqual(Array.from({ length: 64 }, () => 4))
    }
  })
})

describe('a distribution', () => {
  const shape = { height: 1, width: 2, channels: 1, dtype: 'uint8' } as const
  function bytes(...values: number[]): Summary {
    const summary = createSummary(shape)
    addImages(summary, Uint8Array.from(values), values.length / 2)
    return summary
  }

  it('counts the share at the minimum', () => {
    const summary = bytes(0, 0, 0, 10, 20, 0, 5, 0)
    expect(distribution(fit({ id: 'raw' }, summary), summary)!.shareAtMinimum).toBe(5 / 8)
    // a negative divisor turns the greatest into the least
    const turned = fit({ id: 'custom', centre: [0], divisor: [-1] }, summary)
    expect(distribution(turned, summary)!.shareAtMinimum).toBe(1 / 8)
  })

  it('can be of another split than the choice was fitted on', () => {
    const fitted = fit({ id: 'centred' }, bytes(10, 20))
    const test = distribution(fitted, bytes(15, 35))!
    expect([test.min, test.max, test.mean[0]]).toEqual([0, 20, 10])
  })

  it('of no images is an error that says so', async () => {
    const empty = createSummary(shape)
    expect(() => distribution(fit({ id: 'raw' }, empty), empty)).toThrow('no images')
    const fitted = fit({ id: 'per-image' }, empty)
    await expect(distributionFromImages(fitted, () => [], 0)).rejects.toThrow('no images')
  })

  it('of values that are not finite is an error that says so', async () => {
    const train = createSummary({ ...shape, dtype: 'float32' })
    addImages(train, Float32Array.of(0, 1), 1)
    const test = () => [Float32Array.of(-1, 0)]
    const fitted = fit({ id: 'log' }, train)
    await expect(distributionFromImages(fitted, test, 1)).rejects.toThrow('not finite')
  })

  it('of whitened values looks at every n-th image of a large set and says so', async () => {
    const count = 2500
    const pixels = Uint8Array.from({ length: 2 * count }, (_, i) => (i * 37) % 251)
    const summary = createSummary(shape, { covariance: true })
    addImages(summary, pixels, count)
    const fitted = fit({ id: 'whitened' }, summary)
    const whitened = await measureDistribution(fitted, summary, () => [pixels])
    expect(whitened.approximation).toBe(
      'From 1,250 of 2,500 images, every 2nd. The covariance is that of 2,500 images.'
    )
    expect(whitened.counts.reduce((sum, one) => sum + one, 0)).toBe(2500)
  })

  it('counts features by the entropy of their shares', () => {
    expect(effectiveNumber([1, 1, 1, 1])).toBeCloseTo(4, 12)
    expect(effectiveNumber([3, 0, 0])).toBe(1)
    expect(effectiveNumber([0, 0])).toBe(0)
    // shares 1/2, 1/4, 1/4: entropy 1.5 ln 2
    expect(effectiveNumber([2, 1, 1])).toBeCloseTo(2 ** 1.5, 12)
  })
})
