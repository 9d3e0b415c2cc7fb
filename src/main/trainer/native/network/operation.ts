import type { RunConfig } from '../../../../core/network/config'
import type { Operation } from '../../../../core/network/layers/builder'
import type { NetworkPlan } from '../../../../core/network/layers/plan'
import type { OperationRecord, Passed as PassedOf } from '../../operations'
import type { Tensor } from '../tensorflow/graph'
import type { Ops } from '../tensorflow/ops'

/** One way of a batch through the network. */
export interface Pass {
  readonly ops: Ops
  readonly config: RunConfig
  readonly plan: NetworkPlan
  /** images as rows [batch, D] */
  readonly x: Tensor
  /** a parameter's value, by its place in the plan */
  parameter(place: number): Tensor
  /** set in training: the steps that the run has taken before, an int32 */
  readonly step?: Tensor
}

export type Passed = PassedOf<Tensor>

/** An operation as graph nodes. */
export type OperationNodes<Op extends Operation = Operation> = OperationRecord<Pass, Tensor, Op>

/** Whether a node's output is a matrix [batch, values]; else it is [batch, height, width, channels]. */
export function isRows({ nodes }: NetworkPlan, at: number): boolean {
  const { op, shape } = nodes[at]!
  if (shape.length === 1) return true
  const users = nodes.filter(({ inputs }) => inputs.includes(at))
  return op === 'input' && users.every((user) => user.op === 'dense' || user.op === 'flatten')
}

/** Makes the tensor of a node's form out of one with the same values. */
export function formed({ ops, plan }: Pass, at: number, x: Tensor): Tensor {
  return isRows(plan, at) ? x : ops.reshape(x, [-1, ...plan.nodes[at]!.shape])
}
