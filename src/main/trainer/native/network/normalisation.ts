import type { OperationOf, PlanNode } from '../../../../core/network/layers/builder'
import { channelsOf } from '../../../../core/network/layers/shape'
import type { Shape } from '../../../../core/network/layers/shape'
import type { OperationNodes, Pass } from './operation'
import type { Tensor } from '../tensorflow/graph'

type BatchNorm = OperationOf<'batch-norm'>

export const BATCH_NORM: OperationNodes<BatchNorm> = {
  forward: (pass, node, inputs) => (pass.step ? ofBatch : atRest).forward(pass, node, inputs),
  backward: (pass, ...rest) => (pass.step ? ofBatch : atRest).backward(pass, ...rest)
}

/**
 * The third output of FusedBatchNormV3 is the variance of n - 1; the fifth, kept for the gradient, is that
 * of n, which Keras 3 averages.
 */
const ofBatch: OperationNodes<BatchNorm> = {
  forward(pass, node, [x]) {
    const { mean, variance, momentum } = node
    const none = pass.ops.constant('float', [])
    const { output, others } = fused(pass, node, asImage(pass, node, x!), [none, none], true)
    const [, , batchMean, batchVariance, rest] = others
    return {
      output: asBefore(pass, node, output),
      kept: [batchMean!, batchVariance!, rest!],
      moments: [
        { place: mean, value: batchMean!, momentum },
        { place: variance, value: batchVariance!, momentum }
      ]
    }
  },
  backward(pass, node, { inputs: [x], kept = [] }, upstream) {
    const { scale, shift } = node
    const arriving = asImage(pass, node, upstream)
    const [ofInput, ofScale, ofShift] = pass.ops.graph.add(
      'FusedBatchNormGradV3',
      [arriving, asImage(pass, node, x!), pass.parameter(scale), ...kept],
      new Array<'float'>(5).fill('float'),
      { attributes: attributes(node, true) }
    ) as [Tensor, Tensor, Tensor]
    return {
      inputs: [asBefore(pass, node, ofInput)],
      parameters: [
        [scale, ofScale],
        [shift, ofShift]
      ]
    }
  }
}

/** On pixels one by one: TensorFlow would fuse it with a convolution before it, and fails where tanh follows. */
const atRest: OperationNodes<BatchNorm> = {
  forward(pass, node, [x]) {
    const moving = [pass.parameter(node.mean), pass.parameter(node.variance)]
    const { output } = fused(pass, node, asPixels(pass, node, x!), moving, false)
    return { output: pass.ops.reshape(output, [-1, ...node.shape]) }
  },
  backward(pass, node, { inputs: [x] }, upstream, wanted) {
    const { ops } = pass
    const { scale, shift, mean, variance, epsilon, shape } = node
    const held = ops.binary('AddV2', pass.parameter(variance), ops.constant('float', epsilon))
    const inverse = ops.unary('Rsqrt', held)
    const centred = ops.binary('Sub', x!, pass.parameter(mean))
    const along = ops.reduce('Sum', ops.binary('Mul', upstream, centred), axesBeforeLast(shape))
    const factor = ops.binary('Mul', inverse, pass.parameter(scale))
    return {
      inputs: wanted ? [ops.binary('Mul', upstream, factor)] : [],
      parameters: [
        [scale, ops.binary('Mul', along, inverse)],
        [shift, ops.reduce('Sum', upstream, axesBeforeLast(shape))]
      ]
    }
  }
}

/** FusedBatchNormV3 of images; `moments` are given at rest, and empty in training. */
function fused(
  { ops, parameter }: Pass,
  node: PlanNode<BatchNorm>,
  x: Tensor,
  moments: readonly Tensor[],
  training: boolean
): { readonly output: Tensor; readonly others: readonly Tensor[] } {
  const [output, ...others] = ops.graph.add(
    'FusedBatchNormV3',
    [x, parameter(node.scale), parameter(node.shift), ...moments],
    new Array<'float'>(6).fill('float'),
    { attributes: attributes(node, training) }
  )
  return { output: output!, others }
}

/** Axes of a batch that share the channels. */
function axesBeforeLast(shape: Shape): number[] {
  return shape.map((_, axis) => axis)
}

function attributes({ epsilon }: PlanNode<BatchNorm>, training: boolean) {
  return {
    T: { type: 'float' },
    U: { type: 'float' },
    epsilon: { float: epsilon },
    data_format: { string: 'NHWC' },
    is_training: { bool: training }
  } as const
}

/** Rows as images of one pixel. */
function asImage(pass: Pass, node: PlanNode, x: Tensor): Tensor {
  return node.shape.length === 3 ? x : asPixels(pass, node, x)
}

function asPixels({ ops }: Pass, { shape }: PlanNode, x: Tensor): Tensor {
  return ops.reshape(x, [-1, 1, 1, channelsOf(shape)])
}

function asBefore({ ops }: Pass, { shape }: PlanNode, x: Tensor): Tensor {
  return shape.length === 3 ? x : ops.reshape(x, [-1, ...shape])
}

/** Over the last axis, by hand: the fused operation cannot normalise images one by one. */
export const LAYER_NORM: OperationNodes<OperationOf<'layer-norm'>> = {
  forward(pass, { scale, shift, epsilon }, [x]) {
    const { ops } = pass
    const centred = ops.binary('Sub', x!, ops.meanOfLast(x!))
    const variance = ops.meanOfLast(ops.unary('Square', centred))
    const held = ops.binary('AddV2', variance, ops.constant('float', epsilon))
    const inverse = ops.unary('Rsqrt', held)
    const normal = ops.binary('Mul', centred, inverse)
    const scaled = ops.binary('Mul', normal, pass.parameter(scale))
    return {
      output: ops.binary('AddV2', scaled, pass.parameter(shift)),
      kept: [normal, inverse]
    }
  },
  /** with n for the normal values and g for the gradient times scale: (g - mean g - n mean(g n)) / std */
  backward(pass, { scale, shift, shape }, { kept = [] }, upstream, wanted) {
    const { ops } = pass
    const [normal, inverse] = kept as [Tensor, Tensor]
    const others = axesBeforeLast(shape)
    const parameters = [
      [scale, ops.reduce('Sum', ops.binary('Mul', upstream, normal), others)],
      [shift, ops.reduce('Sum', upstream, others)]
    ] as const
    if (!wanted) return { inputs: [], parameters }
    const g = ops.binary('Mul', upstream, pass.parameter(scale))
    const along = ops.meanOfLast(ops.binary('Mul', g, normal))
    const centred = ops.binary('Sub', g, ops.meanOfLast(g))
    const left = ops.binary('Sub', centred, ops.binary('Mul', normal, along))
    return { inputs: [ops.binary('Mul', left, inverse)], parameters }
  }
}
