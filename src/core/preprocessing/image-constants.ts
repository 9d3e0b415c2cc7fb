import { featuresOf } from '../dataset/dataset'
import type { ImageSums } from '../statistics/image-sums'
import type { ByteSumRows } from '../statistics/kernels/kernels'
import { formRecord } from './forms/forms'
import type { FittedPreprocessing } from './preprocessing'

/** Least and greatest value of some images after a choice. */
export interface LevelRange {
  readonly min: number
  readonly max: number
}

/** Of (x - centre) / divisor, for each image. */
export interface ConstantRows {
  readonly centres: Float64Array
  readonly divisors: Float64Array
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
  const constants = constantsOf(fitted, { sum, squares, min, max }, into)
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

export function constantsOf(
  fitted: FittedPreprocessing,
  { sum, squares, min, max }: Omit<ByteSumRows, 'std'>,
  { centres, divisors } = constantRows(sum.length)
): ConstantRows {
  const count = featuresOf(fitted)
  const of = formRecord(fitted.form).imageAffine!(fitted.form, fitted)
  // one object for all images: there may be a million
  const image = { count, sum: 0, squares: 0, min: 0, max: 0 }
  for (let at = 0; at < sum.length; at++) {
    image.sum = sum[at]!
    image.squares = squares[at]!
    image.min = min[at]!
    image.max = max[at]!
    const { centre, divisor } = of(image)
    centres[at] = centre
    divisors[at] = divisor
  }
  return { centres, divisors }
}
