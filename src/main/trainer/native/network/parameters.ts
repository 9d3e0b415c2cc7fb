import type { ParameterRole, PlanParameter } from '../../../../core/network/layers/builder'
import type { NetworkPlan } from '../../../../core/network/layers/plan'
import type { Tensor } from '../tensorflow/graph'
import type { Ops } from '../tensorflow/ops'
import type { Slots } from './optimisers'

/** A parameter of the plan as variables; moving moments have no slots. */
export type Parameter = Slots & PlanParameter & { readonly name: string }

/** Variables of all parameters, in the plan's order, with so many values of the optimiser's state per weight. */
export function variables(ops: Ops, plan: NetworkPlan, slots: number): Parameter[] {
  const counts: Partial<Record<ParameterRole, number>> = {}
  return plan.parameters.map((parameter) => {
    const { role, shape, trained } = parameter
    const count = counts[role] ?? 0
    counts[role] = count + 1
    const name = `${role}${count}`
    return {
      ...parameter,
      name,
      variable: ops.variable(name, 'float', shape),
      slots: Array.from({ length: trained ? slots : 0 }, (_, at) =>
        ops.variable(`${name}_slot${at}`, 'float', shape)
      )
    }
  })
}

/**
 * Reads each parameter when it is first asked for, once.
 * @param still whether trained parameters are read outside the loop: what is read stays the variable's memory
 */
export function reader(
  ops: Ops,
  parameters: readonly Parameter[],
  still = false
): (place: number) => Tensor {
  const read = new Map<number, Tensor>()
  return (place) => {
    const known = read.get(place)
    if (known) return known
    const { variable, trained } = parameters[place]!
    const made = still && trained ? ops.still(variable) : ops.read(variable)
    read.set(place, made)
    return made
  }
}
