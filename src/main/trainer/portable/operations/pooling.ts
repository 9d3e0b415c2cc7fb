import type { OperationOf, PlanNode } from '../../../../core/network/layers/builder'
import { spansOf } from '../../../../core/network/layers/windows'
import type { Tensor, Tensor4D, Tf } from '../tensors'
import { imageOf } from './operation'
import type { PortableOperation } from './operation'

type MaxPool = OperationOf<'max-pool'>
type AveragePool = OperationOf<'average-pool'>

export const MAX_POOL: PortableOperation<MaxPool> = {
  forward: ({ tf }, { size, stride, padding }, [x]) => ({
    output: tf.maxPool(x as Tensor4D, size, stride, padding)
  }),
  backward({ tf }, node, { inputs: [x] }, upstream, wanted) {
    if (!wanted) return { inputs: [] }
    return { inputs: [tf.tensor(toGreatest(node, x as Tensor4D, upstream), x!.shape)] }
  }
}

/**
 * Each gradient in the place of the greatest value of its window, the first of equals. By hand, for the
 * kernel of the wasm backend misplaces those of windows without a value above 0.
 */
function toGreatest(node: PlanNode<MaxPool>, x: Tensor4D, upstream: Tensor): Float32Array {
  const [images, , , channels] = x.shape
  const values = x.dataSync()
  const gradient = upstream.dataSync()
  const found = new Float32Array(values.length)
  const { rows, columns } = spansOf(node, imageOf(x))
  const width = x.shape[2]
  let to = 0
  for (let image = 0; image < images; image++) {
    for (const row of rows) {
      for (const column of columns) {
        for (let channel = 0; channel < channels; channel++, to++) {
          let best = -1
          for (let y = row.from; y < row.to; y++) {
            const line = (image * x.shape[1] + y) * width
            for (let at = column.from; at < column.to; at++) {
              const from = (line + at) * channels + channel
              if (best < 0 || values[from]! > values[best]!) best = from
            }
          }
          found[best]! += gradient[to]!
        }
      }
    }
  }
  return found
}

export const AVERAGE_POOL: PortableOperation<AveragePool> = {
  forward: ({ tf }, { size, stride, padding }, [x]) => ({
    output: tf.avgPool(x as Tensor4D, size, stride, padding)
  }),
  /** The kernel divides by the whole window, also where a part of it lies outside the image. */
  backward({ tf }, node, { inputs: [x] }, upstream, wanted) {
    if (!wanted) return { inputs: [] }
    const dy = tf.mul(upstream, wholeByCounted(tf, node, x as Tensor4D))
    // tfjs exports the kernel by its name only
    const { size, stride, padding } = node
    const attributes = { filterSize: [size, size], strides: [stride, stride], pad: padding }
    const given = { dy, input: x! }
    return { inputs: [tf.engine().runKernel(tf.AvgPoolGrad, given, attributes) as Tensor] }
  }
}

/** Places of a window for each of its places within the image. */
function wholeByCounted(tf: Tf, node: PlanNode<AveragePool>, x: Tensor4D): Tensor {
  const spans = spansOf(node, imageOf(x))
  const [rows, columns] = [spans.rows, spans.columns].map((all) =>
    all.map(({ from, to }) => node.size / (to - from))
  ) as [number[], number[]]
  return tf.mul(
    tf.tensor(rows, [1, rows.length, 1, 1]),
    tf.tensor(columns, [1, 1, columns.length, 1])
  )
}
