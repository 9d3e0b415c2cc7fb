import { featuresOf } from '../dataset/dataset'
import type { PixelArray } from '../dataset/dataset'
import { appliedTo } from './applied'
import { broadcast } from './forms/affine'
import { formRecord } from './forms/forms'
import type { FittedPreprocessing } from './preprocessing'
import type { Kernels } from '../statistics/kernels/kernels'
import { momentsOfImages, PLAIN_KERNELS } from '../statistics/kernels/plain'
import { emptyMoments } from '../statistics/moment-rows'
import { momentsOf } from '../statistics/moments'
import type { MomentRows } from '../statistics/moments'

/**
 * Mean and std of each image after a choice, from those of the stored values; undefined where one
 * shift and one scale do not say it all, then use `imageMomentsOf`.
 */
export function transformedImageMoments(
  { form }: FittedPreprocessing,
  { mean, std, min, max }: MomentRows
): MomentRows | undefined {
  const constants = formRecord(form).affine?.(form)
  if (!constants || constants.centre.length > 1 || constants.divisor.length > 1) return undefined
  const centre = constants.centre[0]!
  const divisor = constants.divisor[0]!
  const scaled = (values: Float64Array, shift: number, scale: number): Float64Array => {
    const found = new Float64Array(values.length)
    for (let at = 0; at < found.length; at++) found[at] = (values[at]! - shift) / scale
    return found
  }
  return {
    mean: scaled(mean, centre, divisor),
    std: scaled(std, 0, Math.abs(divisor)),
    min: scaled(divisor > 0 ? min : max, centre, divisor),
    max: scaled(divisor > 0 ? max : min, centre, divisor)
  }
}

/** The same from the images themselves, whole ones. */
export function imageMomentsOf(
  fitted: FittedPreprocessing,
  pixels: PixelArray,
  kernels: Kernels = PLAIN_KERNELS
): MomentRows {
  const features = featuresOf(fitted)
  const constants = formRecord(fitted.form).affine?.(fitted.form)
  if (constants && !fitted.after) {
    const scales = broadcast(constants.divisor, features, fitted.channels).map((value) => 1 / value)
    const offsets = broadcast(constants.centre, features, fitted.channels).map(
      (value, f) => value * scales[f]!
    )
    return pixels instanceof Uint8Array
      ? kernels.imageMoments(pixels, features, scales, offsets)
      : momentsOfImages(pixels, features, scales, offsets)
  }
  const values = appliedTo(fitted, pixels, kernels)
  const images = pixels.length / features
  const moments = emptyMoments(images)
  for (let image = 0; image < images; image++) {
    const one = momentsOf(values.subarray(image * features, (image + 1) * features))
    for (const key of KEYS) moments[key][image] = one[key]
  }
  return moments
}

const KEYS = ['mean', 'std', 'min', 'max'] as const

/** The moments of all parts, one behind the other. */
export function joinMoments(parts: readonly MomentRows[]): MomentRows {
  const images = parts.reduce((count, { mean }) => count + mean.length, 0)
  const row = (key: (typeof KEYS)[number]): Float64Array => {
    const all = new Float64Array(images)
    let at = 0
    for (const part of parts) {
      all.set(part[key], at)
      at += part[key].length
    }
    return all
  }
  return { mean: row('mean'), std: row('std'), min: row('min'), max: row('max') }
}
