import type { OperationOf, PlanNode } from '../../../../core/network/layers/builder'
import type { NetworkPlan } from '../../../../core/network/layers/plan'
import { spansOf } from '../../../../core/network/layers/windows'
import type { Tensor } from '../tensorflow/graph'
import type { Ops } from '../tensorflow/ops'

type Conv = PlanNode<OperationOf<'conv'>>

/** Values that a vector of the processor holds: what has fewer channels leaves the rest of it idle. */
export const LANES = 16

/**
 * A convolution of stride 1 on two columns at once: rows of W pixels with C channels are, in the same memory,
 * rows of W/2 pairs with 2C, and the same sums are a convolution of pairs, whose kernel has each weight twice
 * and zeros where a pixel of the pair is outside the window.
 */
export interface Pairs {
  /** images as [-1, height, columns / 2, 2 channels], before and after */
  readonly input: readonly number[]
  readonly output: readonly number[]
  /** of the kernel of pairs */
  readonly shape: readonly number[]
  /** the kernel of pairs out of the plain one */
  kernel(ops: Ops, plain: Tensor): Tensor
  /** the gradient of the plain kernel out of that of the pairs' */
  gradient(ops: Ops, ofPairs: Tensor): Tensor
}

/** Undefined where rows cannot be cut into pairs. */
export function pairsOf(plan: NetworkPlan, node: Conv): Pairs | undefined {
  const { stride, size, shape } = node
  const from = plan.nodes[node.inputs[0]!]!.shape
  const [height = 1, width = 1, channels = 1] = from
  const [rows = 1, columns = 1, filters = 1] = shape
  if (stride !== 1 || size === 1 || width % 2 === 1 || columns % 2 === 1) return undefined
  const before = -spansOf(node, from).columns[0]!.start
  const first = -Math.floor((before + 1) / 2)
  const taps = Math.floor((size - before) / 2) - first + 1
  /** where the kernel of pairs has the weights to all filters: a row of it in the plain kernel, if there */
  const places: number[] = []
  const none = size * size * channels
  /** the other way round: of either column the row of each weight in the kernel of pairs */
  const back = [0, 1].map(() => new Array<number>(none))
  for (let row = 0; row < size; row++) {
    for (let tap = 0; tap < taps; tap++) {
      for (const a of [0, 1]) {
        for (let channel = 0; channel < channels; channel++) {
          for (const b of [0, 1]) {
            const column = 2 * (first + tap) + a - b + before
            const inside = column >= 0 && column < size
            const place = (row * size + column) * channels + channel
            if (inside) back[b]![place] = places.length
            places.push(inside ? place : none)
          }
        }
      }
    }
  }
  const pairShape = [size, taps, 2 * channels, 2 * filters]
  return {
    input: [-1, height, width / 2, 2 * channels],
    output: [-1, rows, columns / 2, 2 * filters],
    shape: pairShape,
    kernel(ops, plain) {
      const zeros = ops.reshape(ops.constant('float', new Array<number>(filters).fill(0)), [1, -1])
      const list = ops.concatRows([ops.reshape(plain, [-1, filters]), zeros])
      return ops.reshape(ops.gather(list, ops.constant('int32', places)), pairShape)
    },
    gradient(ops, ofPairs) {
      const list = ops.reshape(ofPairs, [-1, filters])
      const both = ops.gather(list, ops.constant('int32', back.flat()))
      const sum = ops.reduce('Sum', ops.reshape(both, [2, none * filters]), [0])
      return ops.reshape(sum, [size, size, channels, filters])
    }
  }
}
