import type { OperationOf, PlanNode } from '../../../../core/network/layers/builder'
import type { OperationNodes } from './operation'
import type { Attribute } from '../tensorflow/saved-model'
import type { Tensor } from '../tensorflow/graph'

type Conv = OperationOf<'conv'>

export const CONVOLUTION: OperationNodes<Conv> = {
  forward(pass, node, [x]) {
    const { ops } = pass
    const inputs = [x!, pass.parameter(node.kernel)]
    const made = ops.graph.op('Conv2D', inputs, 'float', { attributes: windows(node) })
    return {
      output: node.bias === undefined ? made : ops.biasAdd(made, pass.parameter(node.bias))
    }
  },
  backward(pass, node, { inputs: [x] }, upstream, wanted) {
    const { ops, plan } = pass
    const { kernel, bias } = node
    const attributes = windows(node)
    const shape = ops.constant('int32', plan.parameters[kernel]!.shape)
    const ofKernel = ops.graph.op('Conv2DBackpropFilter', [x!, shape, upstream], 'float', {
      attributes
    })
    const parameters: [number, Tensor][] = [[kernel, ofKernel]]
    if (bias !== undefined) parameters.push([bias, ops.biasAddGrad(upstream)])
    if (!wanted) return { inputs: [], parameters }
    const sources = [ops.shape(x!), pass.parameter(kernel), upstream]
    const ofInput = ops.graph.op('Conv2DBackpropInput', sources, 'float', { attributes })
    return { inputs: [ofInput], parameters }
  }
}

function windows({ stride, padding }: PlanNode<Conv>): Readonly<Record<string, Attribute>> {
  return {
    T: { type: 'float' },
    strides: { ints: [1, stride, stride, 1] },
    padding: { string: padding.toUpperCase() },
    data_format: { string: 'NHWC' }
  }
}
