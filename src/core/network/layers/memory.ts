import { NormscopeError } from '../../error'
import { plain } from '../../numbers'
import { elements } from './plan'
import type { NetworkPlan } from './plan'
import { sizeOfShape } from './shape'

/** float32 */
const BYTES = 4

/** of a weight: itself, its gradient, up to two moments of the optimiser, and all but the gradient as they were before a call */
const PER_WEIGHT = 7

/** of a value on its way: itself and its gradient */
const PER_VALUE = 2

/**
 * Bytes that a training step of so many images takes by count: weights with gradients, moments and their copies, and what
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

/** What a training step may take, by this count, where the native library trains. */
export const MOST_STEP_BYTES = 2 ** 31

/** Why a step of so many images is too large, if it is: 'batch-too-large'. */
export function batchFault(
  plan: NetworkPlan,
  images: number,
  most = MOST_STEP_BYTES
): NormscopeError | undefined {
  const bytes = stepBytes(plan, images)
  if (bytes <= most) return undefined
  const [one, none] = [stepBytes(plan, 1), stepBytes(plan, 0)]
  const fit = Math.floor((most - none) / (one - none))
  const gigabytes = (count: number): string => `${plain(count / 1e9, 3)} GB`
  return new NormscopeError({
    code: 'batch-too-large',
    message: `A step of ${images} images takes about ${gigabytes(bytes)} of memory; a trainer has ${gigabytes(most)} for it.`,
    expected: `at most ${Math.max(fit, 0)} images a step`,
    actual: `${images} images`,
    hint: fit > 0 ? `Take a batch of at most ${fit}, or pool earlier.` : 'Take fewer units.'
  })
}
