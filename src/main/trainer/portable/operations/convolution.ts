import type { OperationOf, PlanNode } from '../../../../core/network/layers/builder'
import { channelsOf } from '../../../../core/network/layers/shape'
import { spansOf } from '../../../../core/network/layers/windows'
import type { Tensor, Tensor4D, Tf } from '../tensors'
import { imageOf } from './operation'
import type { PortableOperation } from './operation'

type Convolution = OperationOf<'conv'>
type Padding = [[0, 0], [number, number], [number, number], [0, 0]]

/**
 * Both gradients are convolutions themselves: the wasm backend has no kernel for that of the weights, and
 * the one for that of the images takes many times as long.
 */
export const CONVOLUTION: PortableOperation<Convolution> = {
  forward({ tf, parameter }, { kernel, bias, stride, padding }, [x]) {
    const made = tf.conv2d(x as Tensor4D, parameter(kernel) as Tensor4D, stride, padding)
    return { output: bias === undefined ? made : tf.add(made, parameter(bias)) }
  },
  backward({ tf, parameter }, node, { inputs: [x] }, upstream, wanted) {
    const { kernel, bias, shape } = node
    const delta = upstream as Tensor4D
    const images = x as Tensor4D
    const ofBias = (place: number) =>
      [place, tf.sum(tf.reshape(delta, [-1, channelsOf(shape)]), 0)] as const
    return {
      inputs: wanted ? [ofImages(tf, node, images, parameter(kernel), delta)] : [],
      parameters: [
        [kernel, ofKernel(tf, node, images, delta)],
        ...(bias === undefined ? [] : [ofBias(bias)])
      ]
    }
  }
}

/** The images, channels as if they were images, under windows that are the gradients of the outputs. */
function ofKernel(tf: Tf, node: PlanNode<Convolution>, x: Tensor4D, delta: Tensor4D): Tensor {
  const { size, stride } = node
  const channels = tf.transpose(x, [3, 1, 2, 0])
  const windows = tf.transpose(delta, [1, 2, 0, 3])
  const [rows, columns] = before(node, x).map((zeros, side) => {
    const covered = (delta.shape[side + 1]! - 1) * stride + size
    return [zeros, Math.max(0, covered - zeros - x.shape[side + 1]!)] as [number, number]
  }) as [[number, number], [number, number]]
  const pad: Padding = [[0, 0], rows, columns, [0, 0]]
  const found = tf.conv2d(channels, windows, 1, pad, 'NHWC', stride)
  // more than the kernel where the last pixels lie under no window
  const own = tf.slice(found, [0, 0, 0, 0], [-1, size, size, -1])
  return tf.transpose(own, [1, 2, 0, 3])
}

/** The gradients of the outputs, a stride apart, under the kernel, turned around. */
function ofImages(
  tf: Tf,
  node: PlanNode<Convolution>,
  x: Tensor4D,
  kernel: Tensor,
  delta: Tensor4D
): Tensor {
  const { size, stride } = node
  const apart = spread(tf, delta, stride)
  const [rows, columns] = before(node, x).map((zeros, side) => {
    const first = size - 1 - zeros
    const all = x.shape[side + 1]! + size - 1 - apart.shape[side + 1]!
    return [first, all - first] as [number, number]
  }) as [[number, number], [number, number]]
  const turned = tf.transpose(tf.reverse(kernel as Tensor4D, [0, 1]), [0, 1, 3, 2])
  const pad: Padding = [[0, 0], rows, columns, [0, 0]]
  return tf.conv2d(apart, turned, 1, pad)
}

/** Rows and columns so far apart, with zeros between. */
function spread(tf: Tf, x: Tensor4D, stride: number): Tensor4D {
  if (stride === 1) return x
  const [images, height, width, channels] = x.shape
  const cells = tf.reshape(x, [images, height, 1, width, 1, channels])
  const gap: [number, number] = [0, stride - 1]
  const none: [number, number] = [0, 0]
  const filled = tf.pad(cells, [none, none, gap, none, gap, none])
  const all = tf.reshape(filled, [images, height * stride, width * stride, channels])
  const last = (places: number): number => (places - 1) * stride + 1
  return tf.slice(all as Tensor4D, [0, 0, 0, 0], [-1, last(height), last(width), -1])
}

/** Zeros before the first row and the first column. */
function before(node: PlanNode<Convolution>, x: Tensor4D): readonly [number, number] {
  const { rows, columns } = spansOf(node, imageOf(x))
  return [-rows[0]!.start, -columns[0]!.start]
}
