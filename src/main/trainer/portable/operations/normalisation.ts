import type { OperationOf, PlanNode } from '../../../../core/network/layers/builder'
import { channelsOf } from '../../../../core/network/layers/shape'
import type { Backward, Forward } from '../../operations'
import type { Tensor } from '../tensors'
import type { Pass, PortableOperation } from './operation'

type Normalisation = OperationOf<'batch-norm'> | OperationOf<'layer-norm'>

/** Over images and places, of a matrix with a row for each; or over the channels of each row. */
const COLUMNS = 0
const ROWS = 1

export const BATCH_NORM: PortableOperation<OperationOf<'batch-norm'>> = {
  forward(pass, node, [x]) {
    const { mean, variance, momentum } = node
    if (pass.step === undefined) {
      const centred = pass.tf.sub(places(pass, node, x!), pass.parameter(mean))
      return scaled(pass, node, x!, centred, pass.parameter(variance))
    }
    const batch = moments(pass, places(pass, node, x!), COLUMNS)
    const [batchMean, batchVariance] = [batch.mean, batch.variance].map((value) =>
      pass.tf.reshape(value, [-1])
    ) as [Tensor, Tensor]
    return {
      ...scaled(pass, node, x!, batch.centred, batch.variance),
      moments: [
        { place: mean, value: batchMean, momentum },
        { place: variance, value: batchVariance, momentum }
      ]
    }
  },
  backward(pass, node, { inputs: [x], kept }, upstream, wanted) {
    const axis = pass.step === undefined ? undefined : COLUMNS
    return back(pass, node, x!, kept as readonly [Tensor, Tensor], upstream, wanted, axis)
  }
}

export const LAYER_NORM: PortableOperation<OperationOf<'layer-norm'>> = {
  forward(pass, node, [x]) {
    const { centred, variance } = moments(pass, places(pass, node, x!), ROWS)
    return scaled(pass, node, x!, centred, variance)
  },
  backward(pass, node, { inputs: [x], kept }, upstream, wanted) {
    return back(pass, node, x!, kept as readonly [Tensor, Tensor], upstream, wanted, ROWS)
  }
}

/** A matrix with a row for each place of each image. */
function places({ tf }: Pass, { shape }: PlanNode, x: Tensor): Tensor {
  return tf.reshape(x, [-1, channelsOf(shape)])
}

function moments({ tf }: Pass, rows: Tensor, axis: number) {
  const mean = tf.mean(rows, axis, true)
  const centred = tf.sub(rows, mean)
  return { mean, centred, variance: tf.mean(tf.square(centred), axis, true) }
}

function scaled(
  { tf, parameter }: Pass,
  { scale, shift, epsilon }: PlanNode<Normalisation>,
  x: Tensor,
  centred: Tensor,
  variance: Tensor
): Forward<Tensor> {
  const inverse = tf.rsqrt(tf.add(variance, epsilon))
  const normal = tf.mul(centred, inverse)
  const output = tf.add(tf.mul(normal, parameter(scale)), parameter(shift))
  return { output: tf.reshape(output, x.shape), kept: [normal, inverse] }
}

/**
 * With n for the normal values and g for the gradient times scale: (g - mean g - n mean(g n)) / std;
 * without an axis mean and std depend on no value, and it is g / std.
 */
function back(
  pass: Pass,
  node: PlanNode<Normalisation>,
  x: Tensor,
  [normal, inverse]: readonly [Tensor, Tensor],
  upstream: Tensor,
  wanted: boolean,
  axis: number | undefined
): Backward<Tensor> {
  const { tf, parameter } = pass
  const { scale, shift } = node
  const delta = places(pass, node, upstream)
  const parameters = [
    [scale, tf.sum(tf.mul(delta, normal), COLUMNS)],
    [shift, tf.sum(delta, COLUMNS)]
  ] as const
  if (!wanted) return { inputs: [], parameters }
  const g = tf.mul(delta, parameter(scale))
  const along = (): Tensor => tf.mul(normal, tf.mean(tf.mul(g, normal), axis, true))
  const left = axis === undefined ? g : tf.sub(tf.sub(g, tf.mean(g, axis, true)), along())
  return { inputs: [tf.reshape(tf.mul(left, inverse), x.shape)], parameters }
}
