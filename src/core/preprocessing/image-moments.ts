import { featuresOf } from '../dataset/dataset'
import type { PixelArray } from '../dataset/dataset'
import { applier } from './apply'
import { broadcast } from './forms/affine'
import type { AffineConstants } from './forms/form'
import { formRecord } from './forms/forms'
import type { FittedPreprocessing } from './preprocessing'
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
  const map = (value: number): number => (value - centre) / divisor
  return {
    mean: mean.map(map),
    std: std.map((value) => value / Math.abs(divisor)),
    min: (divisor > 0 ? min : max).map(map),
    max: (divisor > 0 ? max : min).map(map)
  }
}

/** The same from the images themselves, whole ones. */
export function imageMomentsOf(fitted: FittedPreprocessing, pixels: PixelArray): MomentRows {
  const features = featuresOf(fitted)
  const images = pixels.length / features
  const row = (): Float64Array => new Float64Array(images)
  const moments: MomentRows = { mean: row(), std: row(), min: row(), max: row() }
  const constants = formRecord(fitted.form).affine?.(fitted.form)
  if (constants && !fitted.after) {
    affineMoments(constants, fitted, pixels, moments)
    return moments
  }
  const apply = applier(fitted)
  const values = new Float64Array(features)
  for (let image = 0; image < images; image++) {
    apply(pixels.subarray(image * features, (image + 1) * features), values)
    const one = momentsOf(values)
    for (const key of KEYS) moments[key][image] = one[key]
  }
  return moments
}

/** Each image in one pass: variances are of what differs from its first value, so nothing cancels. */
function affineMoments(
  { centre, divisor }: AffineConstants,
  shape: FittedPreprocessing,
  pixels: PixelArray,
  { mean, std, min, max }: MomentRows
): void {
  const features = featuresOf(shape)
  const scales = broadcast(divisor, features, shape.channels).map((value) => 1 / value)
  const offsets = broadcast(centre, features, shape.channels).map((value, f) => value * scales[f]!)
  for (let image = 0, start = 0; image < mean.length; image++, start += features) {
    const first = pixels[start]! * scales[0]! - offsets[0]!
    let [sum, squares, least, most] = [0, 0, 0, 0]
    let [otherSum, otherSquares] = [0, 0]
    let f = 0
    // two values at once, so that one sum need not wait for the other
    for (; f + 1 < features; f += 2) {
      const a = pixels[start + f]! * scales[f]! - offsets[f]! - first
      const b = pixels[start + f + 1]! * scales[f + 1]! - offsets[f + 1]! - first
      sum += a
      otherSum += b
      squares += a * a
      otherSquares += b * b
      if (a < least) least = a
      if (a > most) most = a
      if (b < least) least = b
      if (b > most) most = b
    }
    if (f < features) {
      const a = pixels[start + f]! * scales[f]! - offsets[f]! - first
      sum += a
      squares += a * a
      least = Math.min(least, a)
      most = Math.max(most, a)
    }
    const average = (sum + otherSum) / features
    const variance = (squares + otherSquares) / features - average * average
    mean[image] = first + average
    std[image] = least === most ? 0 : Math.sqrt(Math.max(0, variance))
    min[image] = first + least
    max[image] = first + most
  }
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
