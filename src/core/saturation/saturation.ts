import type { Activation } from '../network/activations'
import type { Moments } from '../statistics/moments'

/** A unit is saturated on an image where |f'(z)| is below this share of the greatest |f'|. */
export const SATURATION_THRESHOLD = 0.05

/** Pre-activations z of a layer over the probe images. */
export interface Preactivations extends Moments {
  /** equal bins from min to max, last one closed */
  readonly counts: readonly number[]
}

/** Bins of a layer's histogram of pre-activations. */
export const PREACTIVATION_BINS = 200

/**
 * Share of images on which each unit is saturated.
 * @param z pre-activations, images x units, row-major
 * @returns one share in [0, 1] per unit; NaN pre-activations count as saturated
 */
export function saturationPerUnit(
  z: ArrayLike<number>,
  units: number,
  activation: Pick<Activation, 'derivative' | 'maxDerivative'>
): number[] {
  const bound = SATURATION_THRESHOLD * activation.maxDerivative
  const counts = new Array<number>(units).fill(0)
  for (let i = 0; i < z.length; i++) {
    if (!(Math.abs(activation.derivative(z[i]!)) >= bound)) counts[i % units]!++
  }
  const images = z.length / units
  return counts.map((count) => count / images)
}

/**
 * Spread of the pre-activations of the first layer that initial weights lead to:
 * sqrt(n Var(w) E[x^2]), for independent weights of mean 0 and biases 0.
 * @param inputs n, values of one image
 * @param weightStd standard deviation of the initial weights
 * @param meanSquare E[x^2] over images and pixels, after the preprocessing
 */
export function predictedSpread(inputs: number, weightStd: number, meanSquare: number): number {
  return weightStd * Math.sqrt(inputs * meanSquare)
}

/** Share of units whose greatest pre-activation over the training split is at most 0 (relu). */
export function deadUnitFraction(greatest: ArrayLike<number>): number {
  let dead = 0
  for (let unit = 0; unit < greatest.length; unit++) if (greatest[unit]! <= 0) dead++
  return dead / greatest.length
}

/** Moments and histogram of pre-activations; values that are not finite are left out. */
export function preactivationSummary(z: ArrayLike<number>): Preactivations {
  let count = 0
  let sum = 0
  let min = Infinity
  let max = -Infinity
  for (let i = 0; i < z.length; i++) {
    const value = z[i]!
    if (!Number.isFinite(value)) continue
    count++
    sum += value
    if (value < min) min = value
    if (value > max) max = value
  }
  if (count === 0) return { mean: 0, std: 0, min: 0, max: 0, counts: [] }
  const mean = sum / count
  const counts = new Array<number>(PREACTIVATION_BINS).fill(0)
  const scale = max > min ? PREACTIVATION_BINS / (max - min) : 0
  let squares = 0
  for (let i = 0; i < z.length; i++) {
    const value = z[i]!
    if (!Number.isFinite(value)) continue
    squares += (value - mean) ** 2
    counts[Math.min(PREACTIVATION_BINS - 1, Math.floor((value - min) * scale))]!++
  }
  return { mean, std: Math.sqrt(squares / count), min, max, counts }
}
