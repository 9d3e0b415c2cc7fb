import { featuresOf } from '../dataset/dataset'
import type { PixelArray } from '../dataset/dataset'
import type { Kernels } from '../statistics/kernels/kernels'
import { PLAIN_KERNELS } from '../statistics/kernels/plain'
import { applier } from './apply'
import { formRecord } from './forms/forms'
import type { FittedPreprocessing } from './preprocessing'

/** Whole images after a choice, in double precision, in `values`. */
export function appliedTo(
  fitted: FittedPreprocessing,
  pixels: PixelArray | Float64Array,
  kernels: Pick<Kernels, 'symmetricTimes'> = PLAIN_KERNELS,
  values: Float64Array = new Float64Array(pixels.length)
): Float64Array {
  const { many } = formRecord(fitted.form)
  if (many && !fitted.after) return many(fitted.form, pixels, kernels, values)
  const features = featuresOf(fitted)
  const apply = applier(fitted)
  for (let at = 0; at < pixels.length; at += features) {
    apply(pixels.subarray(at, at + features), values, at)
  }
  return values
}
