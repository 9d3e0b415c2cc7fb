import type { OptimiserConfig } from '../../../src/core/network/config'
import type { OptimiserId } from '../../../src/core/network/optimisers'

/** An optimiser in float64, one weight at a time; formulas as Keras 3 computes them: RMSprop has epsilon within the root. */
export interface ReferenceOptimiser {
  /** once before the weights of a step */
  startStep(): void
  /** what is taken from weight i of array `slot` */
  step(slot: number, i: number, gradient: number, rate: number, epsilon: number): number
}

type Rule = (
  config: OptimiserConfig,
  /** that of the weight */
  epsilon: number,
  /** two slots of the weight, read and written */
  m: Float64Array,
  v: Float64Array,
  i: number,
  gradient: number,
  rate: number,
  /** from 1 */
  t: number
) => number

const adam: Rule = (config, epsilon, m, v, i, gradient, rate, t) => {
  const { beta1, beta2 } = config
  m[i] = beta1 * m[i]! + (1 - beta1) * gradient
  v[i] = beta2 * v[i]! + (1 - beta2) * gradient * gradient
  const corrected = (rate * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t)
  return (corrected * m[i]!) / (Math.sqrt(v[i]!) + epsilon)
}

const RULES: Readonly<Record<OptimiserId, Rule>> = {
  sgd: (_config, _epsilon, _m, _v, _i, gradient, rate) => rate * gradient,
  momentum: (config, _epsilon, m, _v, i, gradient, rate) => {
    m[i] = config.momentum * m[i]! + gradient
    return rate * m[i]!
  },
  nesterov: (config, _epsilon, m, _v, i, gradient, rate) => {
    m[i] = config.momentum * m[i]! + gradient
    return rate * (gradient + config.momentum * m[i]!)
  },
  rmsprop: (config, epsilon, _m, v, i, gradient, rate) => {
    v[i] = config.rho * v[i]! + (1 - config.rho) * gradient * gradient
    return (rate * gradient) / Math.sqrt(v[i]! + epsilon)
  },
  adam,
  adamw: adam
}

export function createReferenceOptimiser(
  config: OptimiserConfig,
  weights: readonly ArrayLike<number>[]
): ReferenceOptimiser {
  const m = weights.map((values) => new Float64Array(values.length))
  const v = weights.map((values) => new Float64Array(values.length))
  let t = 0
  return {
    startStep() {
      t++
    },
    step: (slot, i, gradient, rate, epsilon) =>
      RULES[config.id](config, epsilon, m[slot]!, v[slot]!, i, gradient, rate, t)
  }
}
