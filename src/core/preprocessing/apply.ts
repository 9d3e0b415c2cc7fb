import { featuresOf } from '../dataset/dataset'
import { broadcast } from './forms/affine'
import { formRecord } from './forms/forms'
import type { InputMap } from './input'
import type { Applier, FittedPreprocessing } from './preprocessing'

/**
 * What a fitted choice does to one image. Arithmetic is in double precision and rounded once where
 * `out` is a Float32Array. The function may keep scratch space: do not share it between threads.
 */
export function applier(fitted: FittedPreprocessing): Applier {
  const apply = formRecord(fitted.form).applier(fitted.form, fitted)
  if (!fitted.after) return apply
  const { scale, offset } = fitted.after
  const whole = new Float64Array(featuresOf(fitted))
  return (image, out, outOffset = 0) => {
    apply(image, whole)
    for (let f = 0; f < whole.length; f++) out[outOffset + f] = scale * whole[f]! + offset
  }
}

/**
 * A fitted choice with a scale and an offset behind it. Where the choice is a shift and a scale itself,
 * so is the result: scale (x - c) / d + offset = (x - (c - offset d / scale)) / (d / scale), rounded
 * as one choice is.
 */
export function withInput(
  fitted: FittedPreprocessing,
  { scale, offset }: InputMap
): FittedPreprocessing {
  if (scale === 1 && offset === 0) return fitted
  const constants = formRecord(fitted.form).affine?.(fitted.form)
  if (!constants) return { ...fitted, after: { scale, offset } }
  const { centre, divisor } = constants
  const several = Math.max(centre.length, divisor.length)
  const spread = (values: readonly number[]): ArrayLike<number> =>
    values.length === several ? values : broadcast(values, several, fitted.channels)
  const scaled = divisor.map((value) => value / scale)
  const divisors = spread(scaled)
  const moved = Array.from(spread(centre), (value, at) => value - offset * divisors[at]!)
  return { ...fitted, form: { kind: 'affine', centre: moved, divisor: scaled } }
}
