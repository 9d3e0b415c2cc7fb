import { formRecord } from './forms/forms'
import type { Applier, FittedPreprocessing } from './preprocessing'

/**
 * What a fitted choice does to one image. Arithmetic is in double precision and rounded once where
 * `out` is a Float32Array. The function may keep scratch space: do not share it between threads.
 */
export function applier(fitted: FittedPreprocessing): Applier {
  return formRecord(fitted.form).applier(fitted.form, fitted)
}
