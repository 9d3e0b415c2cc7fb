import type { OptimiserConfig, OptimiserId } from '../../../core/network/config'
import type { Tensor } from './graph'
import type { Ops, Variable } from './ops'

/** One parameter with the optimiser's state beside it. */
export interface Slots {
  readonly variable: Variable
  readonly slots: readonly Variable[]
}

interface OptimiserNodes {
  /** state values per weight */
  readonly slots: number
  /** the effect that takes one step; `rate` is the step's learning rate as `rateOf` gives it */
  apply(
    ops: Ops,
    config: OptimiserConfig,
    parameter: Slots,
    gradient: Tensor,
    rate: Tensor,
    after: readonly Tensor[]
  ): Tensor
}

const float = { T: { type: 'float' }, use_locking: { bool: false } } as const

const momentum =
  (nesterov: boolean): OptimiserNodes['apply'] =>
  (ops, config, { variable, slots }, gradient, rate, after) =>
    ops.effect(
      'ResourceApplyKerasMomentum',
      [variable.handle, slots[0]!.handle, rate, gradient, ops.constant('float', config.momentum)],
      { attributes: { ...float, use_nesterov: { bool: nesterov } }, after }
    )

/** The correction of Adam's bias is in the rate, so the powers of beta are given as 0. */
const adam: OptimiserNodes = {
  slots: 2,
  apply: (ops, config, { variable, slots }, gradient, rate, after) =>
    ops.effect(
      'ResourceApplyAdam',
      [
        variable.handle,
        slots[0]!.handle,
        slots[1]!.handle,
        ops.constant('float', 0),
        ops.constant('float', 0),
        rate,
        ops.constant('float', config.beta1),
        ops.constant('float', config.beta2),
        ops.constant('float', config.epsilon),
        gradient
      ],
      { attributes: { ...float, use_nesterov: { bool: false } }, after }
    )
}

/** One record per optimiser, with the formulas of Keras; epsilon stands outside the root. */
export const OPTIMISER_NODES: Readonly<Record<OptimiserId, OptimiserNodes>> = {
  sgd: {
    slots: 0,
    apply: (ops, _config, { variable }, gradient, rate, after) =>
      ops.effect('ResourceApplyGradientDescent', [variable.handle, rate, gradient], {
        attributes: float,
        after
      })
  },
  momentum: { slots: 1, apply: momentum(false) },
  nesterov: { slots: 1, apply: momentum(true) },
  // TensorFlow's own RMSprop has epsilon inside the root, so this one is made of its parts.
  rmsprop: {
    slots: 1,
    apply: (ops, config, { variable, slots }, gradient, rate, after) => {
      const [slot] = slots as [Variable]
      const kept = ops.binary('Mul', ops.read(slot, after), ops.constant('float', config.rho))
      const fresh = ops.binary(
        'Mul',
        ops.unary('Square', gradient),
        ops.constant('float', 1 - config.rho)
      )
      const mean = ops.binary('AddV2', kept, fresh)
      const root = ops.unary('Sqrt', mean)
      const bottom = ops.binary('AddV2', root, ops.constant('float', config.epsilon))
      const step = ops.binary('RealDiv', ops.binary('Mul', gradient, rate), bottom)
      const stored = ops.assign(slot, mean, '', after)
      return ops.assign(variable, step, 'Sub', [...after, stored])
    }
  },
  adam,
  adamw: adam
}

/**
 * The learning rate of a step (from 1): of Adam with its bias correction, in float64 with the betas
 * that float32 holds; of the others the rate itself.
 */
export function rateOf(config: OptimiserConfig, step: number): number {
  if (config.id !== 'adam' && config.id !== 'adamw') return config.learningRate
  const beta1 = Math.fround(config.beta1)
  const beta2 = Math.fround(config.beta2)
  return (config.learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step)
}
