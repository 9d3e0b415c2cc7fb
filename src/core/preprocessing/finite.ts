import { featuresOf } from '../dataset/dataset'
import { featureMoments } from '../statistics/moments'
import type { Summary } from '../statistics/summary'
import { formRecord } from './forms/forms'
import type { FittedPreprocessing } from './preprocessing'

/**
 * Whether every value of the images becomes a finite float32 under the choice. Where it depends on the
 * value and its place alone it grows with the value, so the least and the greatest of each feature tell;
 * other forms give finite numbers for all finite pixels.
 */
export function staysFinite(fitted: FittedPreprocessing, summary: Summary): boolean {
  const { form, after } = fitted
  const transform = formRecord(form).pointwise?.(form, fitted)
  if (!transform || summary.count === 0) return true
  const { scale, offset } = after ?? { scale: 1, offset: 0 }
  const finite = (value: number, feature: number): boolean =>
    Number.isFinite(Math.fround(scale * transform(value, feature) + offset))
  const { min, max } = featureMoments(summary)
  for (let feature = 0; feature < featuresOf(fitted); feature++) {
    if (!finite(min[feature]!, feature) || !finite(max[feature]!, feature)) return false
  }
  return true
}

/** Stored values that do not become finite float32 numbers. */
export interface NotFinite {
  readonly count: number
  readonly min: number
  readonly max: number
}

/** Adds those of one image; `values` is the image after the choice. */
export function addNotFinite(
  found: NotFinite,
  stored: ArrayLike<number>,
  values: ArrayLike<number>
): NotFinite {
  let { count, min, max } = found
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(Math.fround(values[i]!))) continue
    count++
    min = Math.min(min, stored[i]!)
    max = Math.max(max, stored[i]!)
  }
  return { count, min, max }
}
