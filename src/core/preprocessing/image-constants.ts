import type { ImageSums } from '../statistics/image-sums'
import type { ByteSumRows } from '../statistics/kernels/kernels'
import type { ConstantRows } from './forms/form'
import { formRecord } from './forms/forms'
import type { FittedPreprocessing } from './preprocessing'

/** Least and greatest value of some images after a choice. */
export interface LevelRange {
  readonly min: number
  readonly max: number
}

/** Whether a choice shifts and scales an image by what is known of it. */
export function hasImageConstants({ form }: FittedPreprocessing): boolean {
  return formRecord(form).imageAffine !== undefined
}

/** What follows from what is known of each image. */
export interface KnownLevels {
  readonly range: LevelRange
  readonly constants: ConstantRows
}

/** Of a choice with a shift and a scale of each image; `into`: memory for these. */
export function knownLevels(
  fitted: FittedPreprocessing,
  images: ImageSums,
  into = constantRows(images.sum.length)
): KnownLevels {
  const { min, max, sum, sumOfSquares: squares } = images
  const constants = imageConstants(fitted, { sum, squares, min, max }, into)
  const { centres, divisors } = constants
  let least = Infinity
  let most = -Infinity
  for (let image = 0; image < centres.length; image++) {
    const low = (min[image]! - centres[image]!) / divisors[image]!
    const high = (max[image]! - centres[image]!) / divisors[image]!
    if (low < least) least = low
    if (high > most) most = high
  }
  return { range: { min: least, max: most }, constants }
}

function constantRows(images: number): ConstantRows {
  return { centres: new Float64Array(images), divisors: new Float64Array(images) }
}

/** The shift and scale of each image. */
export function imageConstants(
  fitted: FittedPreprocessing,
  sums: Omit<ByteSumRows, 'std'>,
  into = constantRows(sums.sum.length)
): ConstantRows {
  formRecord(fitted.form).imageAffine!(fitted.form, fitted, sums, into)
  return into
}
