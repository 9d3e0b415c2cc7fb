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
 * What is measured of the pre-activations at one place of a network, some images at a time: all of them are
 * shown to `first`, and then all again to `second`.
 */
export class PreactivationMeter {
  readonly #saturated: number[]
  #places = 0
  #count = 0
  #sum = 0
  #min = Infinity
  #max = -Infinity
  #squares = 0
  readonly #counts = new Array<number>(PREACTIVATION_BINS).fill(0)

  constructor(
    readonly units: number,
    readonly activation: Pick<Activation, 'derivative' | 'maxDerivative'>
  ) {
    this.#saturated = new Array<number>(units).fill(0)
  }

  /** @param z images x places x units, row-major */
  first(z: ArrayLike<number>): void {
    const { units, activation } = this
    const bound = SATURATION_THRESHOLD * activation.maxDerivative
    this.#places += z.length / units
    for (let i = 0; i < z.length; i++) {
      const value = z[i]!
      if (!(Math.abs(activation.derivative(value)) >= bound)) this.#saturated[i % units]!++
      if (!Number.isFinite(value)) continue
      this.#count++
      this.#sum += value
      if (value < this.#min) this.#min = value
      if (value > this.#max) this.#max = value
    }
  }

  second(z: ArrayLike<number>): void {
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
    return this.#saturated.map((count) => count / this.#places)
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

/** Of all values at once. */
export function meterOf(
  z: ArrayLike<number>,
  units: number,
  activation: PreactivationMeter['activation']
): PreactivationMeter {
  const meter = new PreactivationMeter(units, activation)
  meter.first(z)
  meter.second(z)
  return meter
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
