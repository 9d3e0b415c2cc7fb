import type { OperationOf, PlanNode } from '../../../../core/network/layers/builder'
import type { NetworkPlan } from '../../../../core/network/layers/plan'
import { sizeOfShape } from '../../../../core/network/layers/shape'
import type { OperationNodes, Pass } from './operation'
import { LANES, pairsOf } from './pairs'
import type { Attribute } from '../tensorflow/saved-model'
import type { Tensor } from '../tensorflow/graph'

type Conv = OperationOf<'conv'>

/** In the form that is fastest on one core: docs/PERFORMANCE.md, "Convolution". */
export const CONVOLUTION: OperationNodes<Conv> = {
  forward(pass, node, [x]) {
    const { ops, plan } = pass
    const { kernel, bias, shape } = node
    const pairs = outPairs(plan, node)
    const image = pairs ? ops.reshape(x!, pairs.input) : x!
    const weights = pass.parameter(kernel)
    const inputs = [image, pairs ? pairs.kernel(ops, weights) : weights]
    const product = ops.graph.op('Conv2D', inputs, 'float', { attributes: windows(node) })
    if (bias === undefined)
      return { output: pairs ? ops.reshape(product, [-1, ...shape]) : product }
    const offset = pass.parameter(bias)
    return pairs
      ? {
          output: ops.reshape(ops.biasAdd(product, ops.concatRows([offset, offset])), [
            -1,
            ...shape
          ])
        }
      : { output: ops.biasAdd(product, offset) }
  },
  backward(pass, node, { inputs: [x] }, upstream, wanted) {
    const { kernel, bias } = node
    const parameters: [number, Tensor][] = [[kernel, ofKernel(pass, node, x!, upstream)]]
    if (bias !== undefined) parameters.push([bias, ofBias(pass, node, upstream)])
    return { inputs: wanted ? [ofInput(pass, node, x!, upstream)] : [], parameters }
  }
}

/** Pairs of columns where the filters fill half a vector at most. */
function outPairs(plan: NetworkPlan, node: PlanNode<Conv>) {
  return 2 * node.shape[2]! <= LANES ? pairsOf(plan, node) : undefined
}

function ofKernel({ ops, plan }: Pass, node: PlanNode<Conv>, x: Tensor, upstream: Tensor): Tensor {
  const pairs = outPairs(plan, node)
  const sides = pairs?.shape ?? plan.parameters[node.kernel]!.shape
  const image = pairs ? ops.reshape(x, pairs.input) : x
  const arriving = pairs ? ops.reshape(upstream, pairs.output) : upstream
  const sources = [image, ops.constant('int32', sides), arriving]
  const gradient = ops.graph.op('Conv2DBackpropFilter', sources, 'float', {
    attributes: windows(node)
  })
  return pairs ? pairs.gradient(ops, gradient) : gradient
}

/**
 * By hand, in whole rows of an image: TensorFlow would fuse BiasAddGrad with the kernel's gradient, and sum it
 * value by value there.
 */
function ofBias({ ops }: Pass, { shape }: PlanNode<Conv>, upstream: Tensor): Tensor {
  const [, columns = 1, filters = 1] = shape
  const rows = ops.reduce('Sum', ops.reshape(upstream, [-1, columns * filters]), [0])
  return ops.reduce('Sum', ops.reshape(rows, [columns, filters]), [0])
}

/**
 * oneDNN goes over the whole input, padding and idle lanes included; where little of that counts, TensorFlow's
 * own product of matrices is faster, which it takes where paddings are told one by one.
 */
function ofInput(pass: Pass, node: PlanNode<Conv>, x: Tensor, upstream: Tensor): Tensor {
  const { ops, plan } = pass
  const weights = pass.parameter(node.kernel)
  if (!mostlyIdle(plan, node)) {
    const sources = [ops.shape(x), weights, upstream]
    return ops.graph.op('Conv2DBackpropInput', sources, 'float', { attributes: windows(node) })
  }
  const attributes = {
    ...windows(node),
    padding: { string: 'EXPLICIT' },
    explicit_paddings: { ints: new Array<number>(8).fill(0) }
  }
  const before = plan.nodes[node.inputs[0]!]!.shape
  const pairs = pairsOf(plan, node)
  if (!pairs) {
    const sources = [ops.shape(x), weights, upstream]
    return ops.graph.op('Conv2DBackpropInput', sources, 'float', { attributes })
  }
  const sources = [
    ops.shape(ops.reshape(x, pairs.input)),
    pairs.kernel(ops, weights),
    ops.reshape(upstream, pairs.output)
  ]
  const gradient = ops.graph.op('Conv2DBackpropInput', sources, 'float', { attributes })
  return ops.reshape(gradient, [-1, ...before])
}

/** Whether half of oneDNN's lanes are idle and at most a third of what it multiplies for the input's gradient counts. */
function mostlyIdle({ nodes }: NetworkPlan, { stride, padding, shape, inputs }: PlanNode<Conv>) {
  if (stride !== 1 || padding !== 'valid') return false
  const [height = 1, width = 1, channels = 1] = nodes[inputs[0]!]!.shape
  const places = sizeOfShape(shape) / shape[2]!
  return 2 * channels <= LANES && height * width * LANES >= 3 * places * channels
}

function windows({ stride, padding }: PlanNode<Conv>): Readonly<Record<string, Attribute>> {
  return {
    T: { type: 'float' },
    strides: { ints: [1, stride, stride, 1] },
    padding: { string: padding.toUpperCase() },
    data_format: { string: 'NHWC' }
  }
}
