import type { NetworkPlan } from '../../../../core/network/layers/plan'
import { walkBack, walkForward } from '../../operations'
import type { InputNodes } from '../stored-images'
import type { Tensor } from '../tensorflow/graph'
import type { Pass, Passed } from './operation'
import type { Parameter } from './parameters'
import { OPERATION_NODES } from './operations'

/** A network under construction: what all its passes are built from. */
export interface NetworkNodes extends Pick<Pass, 'ops' | 'config' | 'plan'> {
  readonly parameters: readonly Parameter[]
  readonly toInput: InputNodes
}

export function forward(pass: Pass): Passed[] {
  return walkForward(OPERATION_NODES, pass, pass.plan)
}

export function backward(
  pass: Pass,
  made: readonly Passed[],
  upstream: Tensor
): (Tensor | undefined)[] {
  const { ops, plan } = pass
  return walkBack(OPERATION_NODES, pass, plan, made, upstream, (gradients) => ops.addAll(gradients))
}

/** Whether something is random in training, so that a step must know its number. */
export function draws({ nodes }: NetworkPlan): boolean {
  return nodes.some(({ op }) => op === 'dropout')
}
