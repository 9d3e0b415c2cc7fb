import type { OptimiserConfig } from '../../../../core/network/config'
import type { OptimiserId } from '../../../../core/network/optimisers'
import type { Tensor } from '../tensorflow/graph'
import type { Ops, Variable } from '../tensorflow/ops'

/** One parameter with the optimiser's state beside it. */
export interface Slots {
  readonly variable: Variable
  readonly slots: readonly Variable[]
}

/** One parameter and what a step does to it. */
export interface Change {
  readonly parameter: Slots
  readonly gradient: Tensor
  /** of the step's rate */
  readonly factor: number
  readonly epsilon: number
  /** share of its own value that it loses before, decoupled from the gradient */
  readonly decay: number
}

export interface OptimiserNodes {
  /** state values per weight */
  readonly slots: number
  /** the learning rate of a step (from 1); absent where it is the configuration's throughout */
  rate?(config: OptimiserConfig, step: number): number
  /** the effect that takes one step after others; `rate` is a scalar, the step's rate */
  apply(
    ops: Ops,
    config: OptimiserConfig,
    parameter: Slots,
    gradient: Tensor,
    rate: Tensor,
    after: readonly Tensor[]
  ): Tensor
  /**
   * The effect that takes a step with all parameters, in their own memory, by an own kernel: nobody else may
   * still read them, nor give them other memory. `step` is the place among the rates.
   */
  together?(
    ops: Ops,
    config: OptimiserConfig,
    changes: readonly Change[],
    rates: Tensor,
    step: Tensor
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

/**
 * m += (1 - beta1)(g - m), v += (1 - beta2)(g^2 - v), w -= rate m / (sqrt(v) + epsilon). The correction of
 * the bias is in the rate, so the powers of beta are given as 0.
 */
const applyAdam: OptimiserNodes['apply'] = (
  ops,
  { beta1, beta2, epsilon },
  { variable, slots },
  gradient,
  rate,
  after
) => {
  const zero = ops.constant('float', 0)
  return ops.effect(
    'ResourceApplyAdam',
    [
      variable.handle,
      ...slots.map(({ handle }) => handle),
      zero,
      zero,
      rate,
      ops.constant('float', beta1),
      ops.constant('float', beta2),
      ops.constant('float', epsilon),
      gradient
    ],
    { attributes: { ...float, use_nesterov: { bool: false } }, after }
  )
}

const ofAdam: OptimiserNodes = {
  slots: 2,
  // the correction of the bias, in float64 with the betas that float32 holds
  rate(config, step) {
    const beta1 = Math.fround(config.beta1)
    const beta2 = Math.fround(config.beta2)
    return (config.learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step)
  },
  apply: applyAdam,
  together(ops, { beta1, beta2 }, changes, rates, step) {
    const still = (of: (slots: Slots) => Variable) =>
      changes.map(({ parameter }) => ops.still(of(parameter)))
    const inputs = [
      ...still(({ variable }) => variable),
      ...still(({ slots }) => slots[0]!),
      ...still(({ slots }) => slots[1]!),
      ...changes.map(({ gradient }) => gradient)
    ]
    const each = (of: (change: Change) => number) => ({ floats: changes.map(of) })
    return ops.effect('NormscopeAdam', [rates, step, ...inputs], {
      attributes: {
        N: { int: changes.length },
        beta1: { float: beta1 },
        beta2: { float: beta2 },
        epsilons: each(({ epsilon }) => epsilon),
        factors: each(({ factor }) => factor),
        decays: each(({ decay }) => decay)
      }
    })
  }
}

/** One record per optimiser, with the formulas of Keras 3. */
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
  // v += (1 - rho)(g^2 - v), m = rate g / sqrt(v + epsilon), w -= m: its momentum is 0
  rmsprop: {
    slots: 2,
    apply: (ops, { rho, epsilon }, { variable, slots }, gradient, rate, after) =>
      ops.effect(
        'ResourceApplyRMSProp',
        [
          variable.handle,
          ...slots.map(({ handle }) => handle),
          rate,
          ops.constant('float', rho),
          ops.constant('float', 0),
          ops.constant('float', epsilon),
          gradient
        ],
        { attributes: float, after }
      )
  },
  adam: ofAdam,
  adamw: ofAdam
}
