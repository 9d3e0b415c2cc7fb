import { channelMoments } from '../statistics/moments'
import type { Summary } from '../statistics/summary'
import type { Fit, Found } from './choice'

/** (x - centre) / divisor, each one number, one a channel, or one a value of the image. */
export function affine(
  centre: readonly number[],
  divisor: readonly number[],
  parameters: Found
): Fit {
  return { form: { kind: 'affine', centre, divisor }, parameters }
}

/**
 * Greatest value the pixels can have: that of the type, for floats 1 where the training values lie
 * in [0, 1], else the greatest absolute training value (so 0 stays 0).
 */
export function rangeOf(summary: Summary): { min: number; max: number; negative: boolean } {
  if (summary.shape.dtype === 'uint8') return { min: 0, max: 255, negative: false }
  if (summary.shape.dtype === 'uint16') return { min: 0, max: 65535, negative: false }
  const moments = channelMoments(summary)
  const min = Math.min(0, ...moments.min)
  const max = Math.max(0, ...moments.max)
  return {
    min,
    max: min >= 0 && max <= 1 ? 1 : Math.max(max, -min),
    negative: min < 0
  }
}

export function extremes(values: Float64Array): number[] {
  let min = Infinity
  let max = -Infinity
  for (const value of values) {
    if (value < min) min = value
    if (value > max) max = value
  }
  return [min, max]
}

/** Constant values have nothing to be scaled by. */
export function orOne(std: number): number {
  return std > 0 ? std : 1
}
