import { readFileSync } from 'node:fs'
import type { PixelArray, PixelType } from '../../../src/core/dataset/dataset'
import type { ChoiceId, ChoiceSpec } from '../../../src/core/preprocessing/preprocessing'
import { addCovariance } from '../../../src/core/statistics/covariance'
import { addImages, createSummary } from '../../../src/core/statistics/summary'
import type { Summary } from '../../../src/core/statistics/summary'

export interface ReferenceChoice {
  readonly values: number[]
  readonly mean: number[]
  readonly std: number[]
  readonly min: number
  readonly max: number
  readonly effectiveFeatures: number
  readonly histograms: Record<string, { edges: [number, number]; counts: number[] }>
}

/** One set of images of tests/reference/statistics.py with what NumPy and scikit-learn say of it. */
export interface ReferenceCase {
  readonly name: string
  readonly dtype: PixelType
  /** images, height, width, channels */
  readonly shape: [number, number, number, number]
  readonly pixels: number[]
  readonly moments: Record<
    | 'sum'
    | 'sumOfSquares'
    | 'mean'
    | 'std'
    | 'min'
    | 'max'
    | 'featureMean'
    | 'featureStd'
    | 'imageMean'
    | 'imageStd',
    number[]
  > & { quantiles: number[][] }
  readonly choices: Partial<Record<ChoiceId, ReferenceChoice>>
}

export const REFERENCE = JSON.parse(
  readFileSync(new URL('../../reference/statistics.json', import.meta.url), 'utf8')
) as ReferenceCase[]

const ARRAYS = { uint8: Uint8Array, uint16: Uint16Array, float32: Float32Array } as const

export function pixelsOf({ dtype, pixels }: ReferenceCase): PixelArray {
  return ARRAYS[dtype].from(pixels)
}

export function summaryOf(one: ReferenceCase): Summary {
  const [count, height, width, channels] = one.shape
  const summary = createSummary({ height, width, channels, dtype: one.dtype })
  addImages(summary, pixelsOf(one), count)
  addCovariance(summary, pixelsOf(one), count)
  return summary
}

export function specOf(id: ChoiceId): ChoiceSpec {
  return id === 'custom' ? { id, centre: [3], divisor: [-2] } : { id }
}

/** Greatest difference of two lists, relative to expected values above 1; Infinity for NaN or length. */
export function furthest(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity
  let most = 0
  for (let i = 0; i < expected.length; i++) {
    const apart = Math.abs(actual[i]! - expected[i]!) / Math.max(1, Math.abs(expected[i]!))
    most = Math.max(most, Number.isNaN(apart) ? Infinity : apart)
  }
  return most
}
