import { describe, expect, it } from 'vitest'
import { fit } from '../../../src/core/preprocessing/fit'
import {
  imageMomentsOf,
  joinMoments,
  transformedImageMoments
} from '../../../src/core/preprocessing/image-moments'
import { CHOICE_IDS } from '../../../src/core/preprocessing/preprocessing'
import type {
  FittedPreprocessing,
  PreprocessingForm
} from '../../../src/core/preprocessing/preprocessing'
import { imageMoments } from '../../../src/core/statistics/moments'
import type { MomentRows } from '../../../src/core/statistics/moments'
import { furthest, pixelsOf, REFERENCE, specOf, summaryOf } from '../statistics/reference'

/** Mean, std, min and max of each image, over the transformed values that NumPy gives. */
function momentsOf(values: readonly number[], images: number): MomentRows {
  const length = values.length / images
  const rows = Array.from({ length: images }, (_, row) =>
    values.slice(row * length, (row + 1) * length)
  )
  const mean = rows.map((row) => row.reduce((sum, value) => sum + value, 0) / length)
  const std = rows.map((row, at) =>
    Math.sqrt(row.reduce((sum, value) => sum + (value - mean[at]!) ** 2, 0) / length)
  )
  const [min, max] = [rows.map((row) => Math.min(...row)), rows.map((row) => Math.max(...row))]
  return {
    mean: Float64Array.from(mean),
    std: Float64Array.from(std),
    min: Float64Array.from(min),
    max: Float64Array.from(max)
  }
}

function apart(actual: MomentRows, expected: MomentRows): number {
  return Math.max(
    ...(['mean', 'std', 'min', 'max'] as const).map((key) => furthest(actual[key], expected[key]))
  )
}

describe.each(REFERENCE)('the moments of each image of $name', (one) => {
  const summary = summaryOf(one)
  const pixels = pixelsOf(one)
  const images = one.shape[0]
  const ids = CHOICE_IDS.filter((id) => one.choices[id])

  it.each(ids)('are those of the values that NumPy gives under %s', (id) => {
    const fitted = fit(specOf(id), summary)
    const expected = momentsOf(one.choices[id]!.values, images)
    // whitening goes through float32 matrices; NumPy's values are written with twelve digits
    const tolerance = id === 'whitened' ? 1e-4 : 1e-8
    const seen = imageMomentsOf(fitted, pixels)
    expect(apart(seen, expected)).toBeLessThan(tolerance)
    const transformed = transformedImageMoments(fitted, imageMoments(summary))
    if (transformed) expect(apart(transformed, expected)).toBeLessThan(tolerance)
  })
})

describe('moments of each image', () => {
  /** Two images of 1 x 2: means 1 and 6, stds 1 and 2. */
  const pixels = Uint8Array.of(0, 2, 4, 8)
  const stored: MomentRows = {
    mean: Float64Array.of(1, 6),
    std: Float64Array.of(1, 2),
    min: Float64Array.of(0, 4),
    max: Float64Array.of(2, 8)
  }
  const shape = { height: 1, width: 2, channels: 1, parameters: {} } as const
  const custom = { id: 'custom', centre: [3], divisor: [-2] } as const
  const negative: FittedPreprocessing = {
    ...shape,
    choice: custom,
    form: { kind: 'affine', centre: [3], divisor: [-2] }
  }

  it('swap the least and the greatest value where the divisor is negative', () => {
    // (x - 3) / -2: 0 2 -> 1.5 0.5, 4 8 -> -0.5 -2.5
    expect(transformedImageMoments(negative, stored)).toEqual({
      mean: Float64Array.of(1, -1.5),
      std: Float64Array.of(0.5, 1),
      min: Float64Array.of(0.5, -2.5),
      max: Float64Array.of(1.5, -0.5)
    })
  })

  it('need the images where constants differ between features or the form is not affine', () => {
    const forms: PreprocessingForm[] = [
      { kind: 'affine', centre: [2, 3], divisor: [1] },
      { kind: 'affine', centre: [0], divisor: [1, 2] },
      { kind: 'log', max: 255 }
    ]
    for (const form of forms) {
      expect(transformedImageMoments({ ...negative, form }, stored)).toBeUndefined()
    }
  })

  it('of parts stand one behind the other', () => {
    const parts = [imageMomentsOf(negative, pixels), imageMomentsOf(negative, pixels)]
    expect(joinMoments(parts).mean).toEqual(Float64Array.of(1, -1.5, 1, -1.5))
    expect(joinMoments([]).std).toEqual(new Float64Array())
  })
})
