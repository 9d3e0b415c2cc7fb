import { featuresOf } from '../dataset/dataset'
import type { ImageSums } from '../statistics/image-sums'
import type { Kernels, ScaledImages } from '../statistics/kernels/kernels'
import { PLAIN_KERNELS } from '../statistics/kernels/plain'
import { emptyMoments } from '../statistics/moment-rows'
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

/** Room for so many images. */
export function scaledRoom(
  images: number,
  row: (length: number) => Float64Array = (length) => new Float64Array(length)
): ScaledImages {
  const moments = emptyMoments(images, row)
  return { centres: row(images), divisors: row(images), moments }
}

/**
 * What a choice with a shift and a scale of each image makes of images, by what is known of each, put
 * into rows for as many; the range of all values.
 */
export function scaleImages(
  fitted: FittedPreprocessing,
  images: ImageSums,
  into: ScaledImages,
  kernels: Kernels = PLAIN_KERNELS
): LevelRange {
  const rule = formRecord(fitted.form).imageAffine!(fitted.form, fitted)
  return kernels.scaleImages(images, featuresOf(fitted), rule, into)
}
