import { trainedBefore } from '../../core/network/layers/plan'
import type { Operation, OperationId, PlanNode } from '../../core/network/layers/builder'
import type { NetworkPlan } from '../../core/network/layers/plan'

/** What an operation computed for one batch, in a backend's tensors T. */
export interface Forward<T> {
  readonly output: T
  /** what its backward half needs beside inputs and output */
  readonly kept?: readonly T[]
  /** in training, of moving moments: the batch's own */
  readonly moments?: readonly Moment<T>[]
}

export interface Moment<T> {
  /** of the moving one among the plan's parameters */
  readonly place: number
  readonly value: T
  readonly momentum: number
}

/** The same with what went in. */
export interface Passed<T> extends Forward<T> {
  readonly inputs: readonly T[]
}

/** Gradients of the loss. */
export interface Backward<T> {
  /** with respect to the inputs, in their order; empty where none is wanted */
  readonly inputs: readonly T[]
  /** with respect to parameters, with their places in the plan */
  readonly parameters?: readonly (readonly [place: number, gradient: T])[]
}

/** An operation in a backend's tensors, and the gradients of its inputs and parameters from that of its output. */
export interface OperationRecord<Pass, T, Op extends Operation = Operation> {
  forward(pass: Pass, node: PlanNode<Op>, inputs: readonly T[]): Forward<T>
  /** @param wanted whether anything before it is trained: else no gradient of its inputs is needed */
  backward(
    pass: Pass,
    node: PlanNode<Op>,
    made: Passed<T>,
    upstream: T,
    wanted: boolean
  ): Backward<T>
}

export type OperationRecords<Pass, T> = Readonly<Record<OperationId, OperationRecord<Pass, T>>>

/** What every node computes for a batch, in the plan's order. */
export function walkForward<Pass, T>(
  records: OperationRecords<Pass, T>,
  pass: Pass,
  { nodes }: Pick<NetworkPlan, 'nodes'>
): Passed<T>[] {
  const made: Passed<T>[] = []
  for (const node of nodes) {
    const inputs = node.inputs.map((from) => made[from]!.output)
    made.push({ inputs, ...records[node.op].forward(pass, node, inputs) })
  }
  return made
}

/**
 * Gradients of the mean loss with respect to the trained parameters, by their places in the plan;
 * `upstream` is that with respect to the logits. A node that several others use has the sum of theirs.
 */
export function walkBack<Pass, T>(
  records: OperationRecords<Pass, T>,
  pass: Pass,
  plan: NetworkPlan,
  made: readonly Passed<T>[],
  upstream: T,
  sum: (gradients: readonly T[]) => T
): (T | undefined)[] {
  const trained = trainedBefore(plan)
  const found: (T | undefined)[] = plan.parameters.map(() => undefined)
  const arriving: T[][] = plan.nodes.map(() => [])
  arriving[plan.logits]!.push(upstream)
  for (let at = plan.logits; at >= 0; at--) {
    const gradients = arriving[at]!
    if (gradients.length === 0) continue
    const node = plan.nodes[at]!
    const wanted = node.inputs.some((from) => trained[from])
    const summed = gradients.length === 1 ? gradients[0]! : sum(gradients)
    const back = records[node.op].backward(pass, node, made[at]!, summed, wanted)
    for (const [place, gradient] of back.parameters ?? []) found[place] = gradient
    node.inputs.forEach((from, i) => {
      const gradient = back.inputs[i]
      if (gradient !== undefined && trained[from]) arriving[from]!.push(gradient)
    })
  }
  return found
}
