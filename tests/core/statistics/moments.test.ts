import { describe, expect, it } from 'vitest'
import { channelMoments, featureMoments } from '../../../src/core/statistics/moments'
import { imageMoments, overallMoments } from '../../../src/core/statistics/moments'
import { channelQuantiles, quantilesAreExact } from '../../../src/core/statistics/quantiles'
import { addImages, createSummary } from '../../../src/core/statistics/summary'
import { furthest, pixelsOf, REFERENCE, summaryOf } from './reference'

describe.each(REFERENCE)('$name', (one) => {
  const summary = summaryOf(one)

  it('has the sums, means and stds per channel that NumPy gives', () => {
    const moments = channelMoments(summary)
    for (const field of ['mean', 'std', 'min', 'max', 'sum', 'sumOfSquares'] as const) {
      // NumPy's own std of values far from 0 is good to about 1e-11
      expect(furthest(moments[field], one.moments[field]), field).toBeLessThan(1e-10)
    }
  })

  it('has the mean and std of each feature and of each image that NumPy gives', () => {
    const features = featureMoments(summary)
    expect(furthest(features.mean, one.moments.featureMean)).toBeLessThan(1e-12)
    expect(furthest(features.std, one.moments.featureStd)).toBeLessThan(1e-10)
    const images = imageMoments(summary)
    expect(furthest(images.mean, one.moments.imageMean)).toBeLessThan(1e-12)
    expect(furthest(images.std, one.moments.imageStd)).toBeLessThan(1e-10)
  })

  it('has the percentiles that numpy.percentile gives', () => {
    expect(quantilesAreExact(summary)).toBe(true)
    one.moments.quantiles.forEach((expected, channel) => {
      const actual = channelQuantiles(summary, channel, [0.25, 0.5, 0.75, 0.9])
      expect(furthest(actual, expected)).toBeLessThan(1e-14)
    })
  })

  it('has the same moments of all channels together as over one long list', () => {
    const overall = overallMoments(summary)!
    const pixels = Array.from(pixelsOf(one))
    const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length
    const squares = pixels.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    expect(overall.mean).toBeCloseTo(mean, 8)
    expect(overall.std).toBeCloseTo(Math.sqrt(squares / pixels.length), 8)
    expect(overall.min).toBe(Math.min(...pixels))
    expect(overall.max).toBe(Math.max(...pixels))
  })
})

describe('moments', () => {
  it('are empty for no images, never 0 or NaN', () => {
    const summary = createSummary({ height: 2, width: 2, channels: 3, dtype: 'uint8' })
    expect(channelMoments(summary)).toEqual({
      mean: [],
      std: [],
      min: [],
      max: [],
      sum: [],
      sumOfSquares: []
    })
    expect(overallMoments(summary)).toBeUndefined()
    expect(imageMoments(summary).mean).toHaveLength(0)
  })

  it('keep the std of floats far from 0, where a plain sum of squares cancels to nothing', () => {
    const summary = createSummary({ height: 1, width: 2, channels: 1, dtype: 'float32' })
    addImages(summary, Float32Array.of(16777214, 16777216), 1)
    expect(channelMoments(summary).std).toEqual([1])
    expect(imageMoments(summary).std).toEqual(Float64Array.of(1))
  })

  it('of floats with too many distinct values have quantiles within 0.4 %, and say so', () => {
    const count = 70_000
    const summary = createSummary({ height: 1, width: 1, channels: 1, dtype: 'float32' })
    addImages(
      summary,
      Float32Array.from({ length: count }, (_, i) => i - 35_000),
      count
    )
    expect(quantilesAreExact(summary)).toBe(false)
    const [quarter, half, most] = channelQuantiles(summary, 0, [0.25, 0.5, 0.9])
    expect(Math.abs(quarter! / -17500.25 - 1)).toBeLessThan(0.004)
    expect(Math.abs(half!)).toBeLessThan(1)
    expect(Math.abs(most! / 27999.1 - 1)).toBeLessThan(0.004)
  })
})
