import type { NetworkPlan } from '../../../../core/network/layers/plan'
import type { InputNodes } from '../split'
import type { Tensor } from '../tensorflow/graph'
import type { Pass, Passed } from './operation'
import type { Parameter } from './parameters'
import { OPERATION_NODES } from './operations'

/** A network under construction: what all its passes are built from. */
export interface NetworkNodes extends Pick<Pass, 'ops' | 'config' | 'plan'> {
  readonly parameters: readonly Parameter[]
  readonly toInput: InputNodes
}

/** What every node computed for a batch, in the plan's order. */
export function forward(pass: Pass): Passed[] {
  const made: Passed[] = []
  for (const node of pass.plan.nodes) {
    const inputs = node.inputs.map((from) => made[from]!.output)
    made.push({ inputs, ...OPERATION_NODES[node.op].forward(pass, node, inputs) })
  }
  return made
}

/**
 * Gradients of the mean loss with respect to the trained parameters, by their places in the plan;
 * `upstream` is that with respect to the logits. A node that several others use has the sum of theirs.
 */
export function backward(
  pass: Pass,
  made: readonly Passed[],
  upstream: Tensor
): (Tensor | undefined)[] {
  const { ops, plan } = pass
  const trained = trainedBefore(plan)
  const found: (Tensor | undefined)[] = plan.parameters.map(() => undefined)
  const arriving: Tensor[][] = plan.nodes.map(() => [])
  arriving[plan.logits]!.push(upstream)
  for (let at = plan.logits; at >= 0; at--) {
    const gradients = arriving[at]!
    if (gradients.length === 0) continue
    const node = plan.nodes[at]!
    const wanted = node.inputs.some((from) => trained[from])
    const summed = gradients.length === 1 ? gradients[0]! : ops.addAll(gradients)
    const back = OPERATION_NODES[node.op].backward(pass, node, made[at]!, summed, wanted)
    for (const [place, gradient] of back.parameters ?? []) found[place] = gradient
    node.inputs.forEach((from, i) => {
      const gradient = back.inputs[i]
      if (gradient && trained[from]) arriving[from]!.push(gradient)
    })
  }
  return found
}

/** Of each node, whether it or one before it has parameters that are trained. */
function trainedBefore({ nodes }: NetworkPlan): boolean[] {
  const found: boolean[] = []
  for (const node of nodes) {
    const own = 'kernel' in node || 'scale' in node
    found.push(own || node.inputs.some((from) => found[from]))
  }
  return found
}

/** Whether something is random in training, so that a step must know its number. */
export function draws({ nodes }: NetworkPlan): boolean {
  return nodes.some(({ op }) => op === 'dropout')
}
