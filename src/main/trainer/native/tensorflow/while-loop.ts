import type { Graph, Tensor } from './graph'

/**
 * A loop as TensorFlow's dataflow nodes: Enter, Merge, LoopCond, Switch, NextIteration, Exit.
 * `condition` and `body` get the loop's variables; `body` returns their next values.
 * Returns the values after the last iteration. Source: Yu et al. 2018, arXiv:1805.01772.
 */
export function whileLoop(
  graph: Graph,
  name: string,
  initial: readonly Tensor[],
  condition: (variables: readonly Tensor[]) => Tensor,
  body: (variables: readonly Tensor[]) => readonly Tensor[]
): Tensor[] {
  graph.frame = name
  const entered = initial.map((tensor) => graph.enter(tensor, false))
  const firstMerge = graph.nodes.length
  const merged = entered.map((tensor) => {
    const attributes = { T: { type: tensor.dtype }, N: { int: 2 } }
    // The second input is the NextIteration that the body makes; filled in below.
    return graph.add('Merge', [tensor, tensor], [tensor.dtype, 'int32'], { attributes })[0]!
  })
  const proceed = graph.op('LoopCond', [condition(merged)], 'bool')
  const switched = merged.map((tensor) =>
    graph.add('Switch', [tensor, proceed], [tensor.dtype, tensor.dtype], {
      attributes: { T: { type: tensor.dtype } }
    })
  )
  const inside = switched.map(([, taken]) => identity(graph, taken!))
  graph.pivot = inside[0]
  const next = body(inside)
  graph.pivot = undefined
  next.forEach((tensor, at) => {
    const advanced = graph.op('NextIteration', [tensor], tensor.dtype, {
      attributes: { T: { type: tensor.dtype } }
    })
    const merge = graph.nodes[firstMerge + at]!
    graph.nodes[firstMerge + at] = { ...merge, inputs: [merge.inputs[0]!, advanced.ref] }
  })
  const left = switched.map(([ended]) =>
    graph.op('Exit', [ended!], ended!.dtype, { attributes: { T: { type: ended!.dtype } } })
  )
  graph.frame = undefined
  return left.map(({ ref, dtype }) => ({ ref, dtype }))
}

function identity(graph: Graph, tensor: Tensor): Tensor {
  return graph.op('Identity', [tensor], tensor.dtype, {
    attributes: { T: { type: tensor.dtype } }
  })
}
