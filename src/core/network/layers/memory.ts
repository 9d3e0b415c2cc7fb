import { elements } from './plan'
import type { NetworkPlan } from './plan'
import { sizeOfShape } from './shape'

/** float32 */
const BYTES = 4

/** of a weight: itself, its gradient and up to two moments of the optimiser */
const PER_WEIGHT = 4

/** of a value on its way: itself and its gradient */
const PER_VALUE = 2

/**
 * Bytes that a training step of so many images takes by count: weights with gradients and moments, and what
 * comes out of every operation with its gradient. Images, buffers of TensorFlow and its program come on top.
 */
export function stepBytes(plan: NetworkPlan, batch: number): number {
  const weights = plan.parameters.reduce((sum, parameter) => sum + elements(parameter), 0)
  return BYTES * PER_WEIGHT * weights + PER_VALUE * batch * activationBytes(plan)
}

/** Bytes of what comes out of every operation for one image. */
export function activationBytes({ nodes }: Pick<NetworkPlan, 'nodes'>): number {
  return BYTES * nodes.reduce((sum, { shape }) => sum + sizeOfShape(shape), 0)
}
