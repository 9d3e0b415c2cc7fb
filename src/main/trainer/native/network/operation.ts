import type { RunConfig } from '../../../../core/network/config'
import type { Operation, OperationId, PlanNode } from '../../../../core/network/layers/builder'
import type { NetworkPlan } from '../../../../core/network/layers/plan'
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

/** What an operation computed for one batch. */
export interface Forward {
  readonly output: Tensor
  /** what its backward half needs beside inputs and output */
  readonly kept?: readonly Tensor[]
  /** in training, of moving moments: the batch's own, by place of the parameter */
  readonly moments?: readonly Moment[]
}

export interface Moment {
  readonly place: number
  readonly value: Tensor
  readonly momentum: number
}

/** The same with what went in. */
export interface Passed extends Forward {
  readonly inputs: readonly Tensor[]
}

/** Gradients of the loss. */
export interface Backward {
  /** with respect to the inputs, in their order; empty where none is wanted */
  readonly inputs: readonly Tensor[]
  /** with respect to parameters, with their places in the plan */
  readonly parameters?: readonly (readonly [place: number, gradient: Tensor])[]
}

/** An operation as graph nodes, and the gradients of its inputs and parameters from that of its output. */
export interface OperationNodes<Op extends Operation = Operation> {
  forward(pass: Pass, node: PlanNode<Op>, inputs: readonly Tensor[]): Forward
  /** @param wanted whether anything before it is trained: else no gradient of its inputs is needed */
  backward(
    pass: Pass,
    node: PlanNode<Op>,
    made: Passed,
    upstream: Tensor,
    wanted: boolean
  ): Backward
}

/** Operations of these ids. */
export type OperationOf<Id extends OperationId> = Operation & { readonly op: Id }

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
