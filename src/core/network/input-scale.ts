import { optimiserOf } from './optimisers'
import type { OptimiserId } from './optimisers'
import type { DecayId } from './settings'

/** Factors on one layer's kernel. */
export interface KernelFactors {
  /** on its initial weights */
  readonly init: number
  /** on its learning rate */
  readonly step: number
  /** on the optimiser's epsilon */
  readonly epsilon: number
  /** on its weight decay */
  readonly decay: number
}

/**
 * The first layer's factors by which training on y is training on `ratio` x y, step by step: its
 * kernel is then `ratio` times the other's at all times, all else is equal. A gradient by this kernel
 * is 1 / ratio of the other's. An L2 penalty of the other kernel is one of this kernel / ratio;
 * decoupled decay takes rate x factor of a kernel, and that product stays as it is.
 */
export function kernelFactors(
  ratio: number,
  optimiser: OptimiserId,
  decay: DecayId
): KernelFactors {
  const { rate, epsilon = 0 } = optimiserOf(optimiser).inputScale
  return {
    init: ratio,
    step: ratio ** rate,
    epsilon: ratio ** -epsilon,
    decay: ratio ** -(decay === 'l2' ? 2 : rate)
  }
}
