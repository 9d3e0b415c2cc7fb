import { featuresOf } from '../dataset/dataset'
import { featureMoments } from '../statistics/moments'
import type { MomentRows } from '../statistics/moments'
import type { Summary } from '../statistics/summary'
import { broadcast } from './forms/affine'
import { formRecord } from './forms/forms'
import type { FittedPreprocessing } from './preprocessing'

/** Of each of the D features over the images. */
export type FeatureMoments = Pick<MomentRows, 'mean' | 'std'>

/** Mean and std of each feature after a choice that is a shift and a scale of it; else undefined. */
export function transformedFeatureMoments(
  fitted: FittedPreprocessing,
  summary: Summary
): FeatureMoments | undefined {
  const constants = formRecord(fitted.form).affine?.(fitted.form)
  if (!constants) return undefined
  const features = featuresOf(fitted)
  const centres = broadcast(constants.centre, features, fitted.channels)
  const divisors = broadcast(constants.divisor, features, fitted.channels)
  const { mean, std } = featureMoments(summary)
  return {
    mean: mean.map((value, f) => (value - centres[f]!) / divisors[f]!),
    std: std.map((value, f) => value / Math.abs(divisors[f]!))
  }
}
