import type { NetworkPlan } from '../../../../core/network/layers/plan'

/**
 * The plan with relu behind the max pooling that follows it: the same numbers and the same gradients, bit by
 * bit, from fewer values. The greatest of relu(z) is relu of the greatest z, and where no z is above 0 nothing
 * has a gradient either way. Every node behind keeps its place.
 */
export function poolingFirst(plan: NetworkPlan): NetworkPlan {
  const nodes = [...plan.nodes]
  plan.nodes.forEach((pool, at) => {
    const before = plan.nodes[at - 1]
    if (pool.op !== 'max-pool' || before?.op !== 'activation' || pool.inputs[0] !== at - 1) return
    const alone = plan.nodes.filter(({ inputs }) => inputs.includes(at - 1)).length === 1
    if (before.activation !== 'relu' || !alone) return
    nodes[at - 1] = { ...pool, inputs: before.inputs }
    nodes[at] = { ...before, inputs: pool.inputs, shape: pool.shape }
  })
  return { ...plan, nodes }
}
