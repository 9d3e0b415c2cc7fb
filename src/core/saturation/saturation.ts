import type { Activation } from '../network/activations'
import type { Kernels } from '../statistics/kernels/kernels'
import { PLAIN_KERNELS } from '../statistics/kernels/plain'
import type { Moments } from '../statistics/moments'

/** A unit is saturated on an image where |f'(z)| is below this share of the greatest |f'|. */
export const SATURATION_THRESHOLD = 0.05

/** The least float32 above 0, and the greatest. */
const [SMALLEST, LARGEST] = [2 ** -149, 2 ** 128 - 2 ** 104]

/**
 * The z of a unit that is not saturated, from the first to the last float32: |f'| is greatest just above 0
 * and falls to either side of it, so that two numbers say what the derivative at each z would.
 */
export function unsaturatedRange({
  derivative,
  maxDerivative
}: Pick<Activation, 'derivative' | 'maxDerivative'>): readonly [number, number] {
  const bound = SATURATION_THRESHOLD * maxDerivative
  const passes = (z: number): boolean => Math.abs(derivative(z)) >= bound
  const last = (end: number): number => {
    let [inside, outside] = [SMALLEST, end]
    if (passes(outside)) return Math.sign(end) * Infinity
    for (;;) {
      const middle = Math.fround(inside / 2 + outside / 2)
      if (middle === inside || middle === outside) return inside
      if (passes(middle)) inside = middle
      else outside = middle
    }
  }
  return [last(-LARGEST), last(LARGEST)]
}

/** Pre-activations z of a layer over the probe images. */
export interface Preactivations extends Moments {
  /** equal bins from min to max, last one closed */
  readonly counts: readonly number[]
}

/** Bins of a layer's histogram of pre-activations. */
export const PREACTIVATION_BINS = 200

/**
 * What is measured of the pre-activations at one place of a network, some images at a time: all of them are
 * shown to `first`, and then all again to `second`.
 */
export class PreactivationMeter {
  readonly #unsaturated: Int32Array
  readonly #range: readonly [number, number]
  #places = 0
  #count = 0
  #sum = 0
  #min = Infinity
  #max = -Infinity
  #squares = 0
  readonly #counts = new Array<number>(PREACTIVATION_BINS).fill(0)

  constructor(
    readonly units: number,
    activation: Pick<Activation, 'derivative' | 'maxDerivative'>,
    private readonly kernels: Pick<Kernels, 'countWithin'> = PLAIN_KERNELS
  ) {
    this.#unsaturated = new Int32Array(units)
    this.#range = unsaturatedRange(activation)
  }

  /** @param z images x places x units, row-major */
  first(z: Float32Array): void {
    this.kernels.countWithin(z, ...this.#range, this.#unsaturated)
    this.#places += z.length / this.units
    let [count, sum, min, max] = [this.#count, this.#sum, this.#min, this.#max]
    for (let i = 0; i < z.length; i++) {
      const value = z[i]!
      // of what is infinite or not a number, this is NaN
      if (value - value !== 0) continue
      count++
      sum += value
      if (value < min) min = value
      if (value > max) max = value
    }
    this.#count = count
    this.#sum = sum
    this.#min = min
    this.#max = max
  }

  second(z: Float32Array): void {
    const [min, max] = [this.#min, this.#max]
    const mean = this.#sum / this.#count
    const scale = max > min ? PREACTIVATION_BINS / (max - min) : 0
    for (let i = 0; i < z.length; i++) {
      const value = z[i]!
      if (!Number.isFinite(value)) continue
      this.#squares += (value - mean) ** 2
      this.#counts[Math.min(PREACTIVATION_BINS - 1, Math.floor((value - min) * scale))]!++
    }
  }

  /** Share of images and places at which each unit is saturated; a NaN counts as saturated. */
  get saturation(): number[] {
    const places = this.#places
    return Array.from(this.#unsaturated, (count) => (places - count) / places)
  }

  /** Moments and histogram; values that are not finite are left out. */
  get summary(): Preactivations {
    const count = this.#count
    if (count === 0) return { mean: 0, std: 0, min: 0, max: 0, counts: [] }
    return {
      mean: this.#sum / count,
      std: Math.sqrt(this.#squares / count),
      min: this.#min,
      max: this.#max,
      counts: [...this.#counts]
    }
  }
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

/** Share of units that fire for no image of the training split (relu). */
export function deadUnitFraction(fires: readonly boolean[]): number {
  return fires.filter((some) => !some).length / fires.length
}
