import { describe, expect, it } from 'vitest'
import { featuresOf } from '../../../src/core/dataset/dataset'
import { applier, withInput } from '../../../src/core/preprocessing/apply'
import { fit } from '../../../src/core/preprocessing/fit'
import { CHOICE_IDS } from '../../../src/core/preprocessing/preprocessing'
import type { FittedPreprocessing } from '../../../src/core/preprocessing/preprocessing'
import { createSummary } from '../../../src/core/statistics/summary'
import { furthest, pixelsOf, REFERENCE, specOf, summaryOf } from '../statistics/reference'

function applied(fitted: FittedPreprocessing, pixels: ArrayLike<number>): Float64Array {
  const features = featuresOf(fitted)
  const out = new Float64Array(pixels.length)
  const apply = applier(fitted)
  const all = Array.from(pixels)
  for (let at = 0; at < all.length; at += features) apply(all.slice(at, at + features), out, at)
  return out
}

describe.each(REFERENCE)('applied to $name', (one) => {
  const summary = summaryOf(one)
  const pixels = pixelsOf(one)

  it.each(CHOICE_IDS.filter((id) => one.choices[id]))('%s gives what NumPy gives', (id) => {
    const values = applied(fit(specOf(id), summary), pixels)
    // the whitening matrix is float32
    const tolerance = id === 'whitened' ? 2e-5 : one.name === 'float far from 0' ? 1e-7 : 1e-9
    expect(furthest(values, one.choices[id]!.values)).toBeLessThan(tolerance)
  })

  it('rounds once when it writes float32', () => {
    const fitted = fit({ id: 'standardised' }, summary)
    const image = pixels.subarray(0, featuresOf(fitted))
    const out = new Float32Array(featuresOf(fitted) + 2)
    applier(fitted)(image, out, 2)
    expect(out.subarray(2)).toEqual(Float32Array.from(applied(fitted, image)))
    expect(Array.from(out.subarray(0, 2))).toEqual([0, 0])
  })
})

describe('a choice made of each image alone', () => {
  const shape = { height: 1, width: 4, channels: 1, dtype: 'uint8' } as const
  const empty = createSummary(shape)

  it('equalised: an image by hand', () => {
    const fitted = fit({ id: 'equalised' }, empty)
    expect(Array.from(applied(fitted, [0, 0, 10, 200]))).toEqual([0.5, 0.5, 0.75, 1])
    expect(Array.from(applied(fitted, [9, 9, 9, 9]))).toEqual([1, 1, 1, 1])
    expect(Array.from(applied(fitted, [0.5, -3, 300.25, 0.5]))).toEqual([0.75, 0.25, 1, 0.75])
  })

  it('equalised: each channel of a colour image by itself', () => {
    const fitted = fit({ id: 'equalised' }, createSummary({ ...shape, width: 2, channels: 2 }))
    expect(Array.from(applied(fitted, [5, 100, 7, 50]))).toEqual([0.5, 1, 1, 0.5])
  })

  it('per-image: the divisor is at least 1 / sqrt(N)', () => {
    const fitted = fit({ id: 'per-image' }, empty)
    expect(Array.from(applied(fitted, [3, 3, 3, 3]))).toEqual([0, 0, 0, 0])
    // std 0.1 is below 1 / sqrt(4)
    expect(applied(fitted, [0, 0.2, 0, 0.2])[1]).toBeCloseTo(0.2, 12)
    expect(Array.from(applied(fitted, [0, 4, 0, 4]))).toEqual([-1, 1, -1, 1])
  })

  it('per-image-range: a constant image becomes 0', () => {
    const fitted = fit({ id: 'per-image-range' }, empty)
    expect(Array.from(applied(fitted, [7, 7, 7, 7]))).toEqual([0, 0, 0, 0])
    expect(Array.from(applied(fitted, [2, 4, 3, 2]))).toEqual([0, 1, 0.5, 0])
  })

  it('per-image-length: an image of zeros stays 0, any other has length 1', () => {
    const fitted = fit({ id: 'per-image-length' }, empty)
    expect(Array.from(applied(fitted, [0, 0, 0, 0]))).toEqual([0, 0, 0, 0])
    expect(Array.from(applied(fitted, [3, 0, 4, 0]))).toEqual([0.6, 0, 0.8, 0])
  })
})

describe('a scale and an offset behind a choice', () => {
  const shape = { height: 1, width: 4, channels: 1, dtype: 'uint8' } as const

  it.each(['equalised', 'per-image', 'raw'] as const)('%s: reach every value of an image', (id) => {
    const fitted = fit({ id }, createSummary(shape))
    const image = [0, 4, 0, 200]
    const out = new Float64Array(6)
    applier(withInput(fitted, { scale: 0.5, offset: -3 }))(image, out, 2)
    expect(Array.from(out)).toEqual([0, 0, ...applied(fitted, image).map((x) => 0.5 * x - 3)])
  })
})
