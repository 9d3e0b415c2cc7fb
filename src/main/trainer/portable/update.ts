import type { RunConfig } from '../../../core/network/config'
import { decayOf } from '../../../core/network/decay'
import type { PlanParameter } from '../../../core/network/layers/builder'
import type { Moment } from '../operations'
import { PORTABLE_OPTIMISERS } from './optimisers'
import type { Tensor, Tf } from './tensors'

/** A parameter of the plan with what its optimiser keeps; moving moments have no slots. */
export interface Variable {
  readonly weights: Tensor
  readonly slots: readonly Tensor[]
}

/**
 * A trained parameter after a step; factors and decay are a kernel's alone.
 * @param step from 1 over the run
 */
export function updated(
  tf: Tf,
  config: RunConfig,
  { factor: place }: PlanParameter,
  { weights, slots }: Variable,
  gradient: Tensor,
  step: number
): Variable {
  const optimiser = PORTABLE_OPTIMISERS[config.optimiser.id]
  const own = (factors: readonly number[]): number =>
    place === undefined ? 1 : (factors[place] ?? 1)
  const rate = config.optimiser.learningRate * own(config.stepFactors)
  const epsilon = config.optimiser.epsilon * own(config.epsilonFactors)
  const { l2, decoupled } = place === undefined ? NO_DECAY : decayOf(config, place)
  const { change, slots: kept } = optimiser.update(
    tf,
    { ...config.optimiser, epsilon },
    l2 > 0 ? tf.add(gradient, tf.mul(weights, 2 * l2)) : gradient,
    slots,
    rate * optimiser.rateFactor(config.optimiser, step)
  )
  const left = decoupled > 0 ? tf.sub(weights, tf.mul(weights, rate * decoupled)) : weights
  return { weights: tf.sub(left, change), slots: kept }
}

const NO_DECAY = { l2: 0, decoupled: 0 }

/** A moving moment after a step. */
export function moved(
  tf: Tf,
  { weights }: Variable,
  { value, momentum }: Moment<Tensor>
): Variable {
  const kept = tf.mul(weights, momentum)
  return { weights: tf.add(kept, tf.mul(value, 1 - momentum)), slots: [] }
}
