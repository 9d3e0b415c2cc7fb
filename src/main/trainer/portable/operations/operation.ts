import type { RunConfig } from '../../../../core/network/config'
import type { Operation } from '../../../../core/network/layers/builder'
import type { OperationRecord } from '../../operations'
import type { Shape } from '../../../../core/network/layers/shape'
import type { Tensor, Tensor4D, Tf } from '../tensors'

/** One way of a batch through the network; its tensors are tidied up by the caller. */
export interface Pass {
  readonly tf: Tf
  readonly config: RunConfig
  /** images as rows [batch, D] */
  readonly x: Tensor
  /** a parameter's value, by its place in the plan */
  parameter(place: number): Tensor
  /** set in training: the steps that the run has taken before */
  readonly step?: number
}

/**
 * An operation in tfjs ops that every portable backend has: tensors of [batch, values] or
 * [batch, height, width, channels].
 */
export type PortableOperation<Op extends Operation = Operation> = OperationRecord<Pass, Tensor, Op>

/** Height, width and channels. */
export function imageOf({ shape: [, height, width, channels] }: Tensor4D): Shape {
  return [height, width, channels]
}
