import type { ActivationValues } from '../../../src/core/network/activations'
import type { Operation, PlanNode } from '../../../src/core/network/layers/builder'
import type { Shape } from '../../../src/core/network/layers/shape'

/** What an operation is given beside the values that come in. */
export interface ReferencePlace {
  readonly images: number
  /** shapes of what comes in, for one image */
  readonly shapes: readonly Shape[]
  /** the plan's parameters, and their gradients, which `backward` adds to */
  readonly weights: readonly ArrayLike<number>[]
  readonly gradients: readonly Float64Array[]
  readonly values: ActivationValues
  /** absent at rest */
  readonly training?: { readonly seed: number; readonly step: number }
  /** means and variances of the batch by the place of the moving ones: `forward` sets them in training */
  readonly moments: Map<number, Float64Array>
}

/** An operation in float64 on images x values, one number at a time. */
export interface ReferenceOperation<Op extends Operation> {
  forward(node: PlanNode<Op>, x: readonly Float64Array[], at: ReferencePlace): Float64Array
  /** gradients with respect to what came in */
  backward(
    node: PlanNode<Op>,
    dy: Float64Array,
    x: readonly Float64Array[],
    at: ReferencePlace
  ): Float64Array[]
}
