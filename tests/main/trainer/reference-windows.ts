import type { OperationOf, PlanNode } from '../../../src/core/network/layers/builder'
import { channelsOf, sizeOfShape } from '../../../src/core/network/layers/shape'
import type { Shape } from '../../../src/core/network/layers/shape'
import type { ReferenceOperation, ReferencePlace } from './reference-operation'

/** For each place of the output, row by row, the places of its window that lie within the image. */
interface Tap {
  readonly to: number
  readonly from: number
  /** place in the window, row by row */
  readonly at: number
}

const known = new WeakMap<object, readonly Tap[]>()

/** Taps of a node, whose input has one shape: found once. */
function taps(
  node: PlanNode<OperationOf<'conv' | 'max-pool' | 'average-pool'>>,
  shape: Shape
): readonly Tap[] {
  const found = known.get(node) ?? findTaps(node, shape)
  known.set(node, found)
  return found
}

function findTaps(
  { size, stride, padding, shape }: PlanNode<OperationOf<'conv' | 'max-pool' | 'average-pool'>>,
  [height, width]: Shape
): Tap[] {
  const [outHeight, outWidth] = shape as readonly [number, number, number]
  // TensorFlow's "same": what is missing around the image, the odd one behind
  const before = (side: number, places: number): number =>
    padding === 'valid' ? 0 : Math.floor(Math.max((places - 1) * stride + size - side, 0) / 2)
  const top = before(height, outHeight)
  const left = before(width!, outWidth)
  const found: Tap[] = []
  for (let to = 0; to < outHeight * outWidth; to++) {
    for (let at = 0; at < size * size; at++) {
      const y = Math.floor(to / outWidth) * stride - top + Math.floor(at / size)
      const x = (to % outWidth) * stride - left + (at % size)
      if (y < 0 || y >= height || x < 0 || x >= width!) continue
      found.push({ to, from: y * width! + x, at })
    }
  }
  return found
}

/** Calls with the places of a window's values in output and input, for each image and channel. */
function eachPooled(
  node: PlanNode<OperationOf<'max-pool' | 'average-pool'>>,
  { shapes: [shape], images }: ReferencePlace,
  take: (to: number, from: number) => void
): void {
  const channels = channelsOf(shape!)
  const inputs = sizeOfShape(shape!)
  const outputs = sizeOfShape(node.shape)
  const all = taps(node, shape!)
  for (let image = 0; image < images; image++) {
    for (const { to, from } of all) {
      for (let channel = 0; channel < channels; channel++) {
        take(image * outputs + to * channels + channel, image * inputs + from * channels + channel)
      }
    }
  }
}

/**
 * Takes the products of one value of the input with the weights of the outputs that it reaches
 * beside each other: first places in output, input and kernel, and how many.
 */
export type TakeProducts = (to: number, from: number, weight: number, outputs: number) => void

/** Calls with the products of a convolution, those of all filters at once. */
export function eachProduct(
  node: PlanNode<OperationOf<'conv'>>,
  { shapes: [shape], images }: ReferencePlace,
  take: TakeProducts
): void {
  const channels = channelsOf(shape!)
  const inputs = sizeOfShape(shape!)
  const filters = channelsOf(node.shape)
  const outputs = sizeOfShape(node.shape)
  const all = taps(node, shape!)
  for (let image = 0; image < images; image++) {
    for (const { to, from, at } of all) {
      for (let channel = 0; channel < channels; channel++) {
        take(
          image * outputs + to * filters,
          image * inputs + from * channels + channel,
          (at * channels + channel) * filters,
          filters
        )
      }
    }
  }
}

/** The first of equal values of a window is its greatest. */
function greatest(
  node: PlanNode<OperationOf<'max-pool'>>,
  x: Float64Array,
  at: ReferencePlace
): Int32Array {
  const from = new Int32Array(at.images * sizeOfShape(node.shape)).fill(-1)
  eachPooled(node, at, (to, place) => {
    if (from[to] === -1 || x[place]! > x[from[to]!]!) from[to] = place
  })
  return from
}

/** Values of each window that lie within the image. */
function counts(node: PlanNode<OperationOf<'average-pool'>>, at: ReferencePlace): Float64Array {
  const found = new Float64Array(at.images * sizeOfShape(node.shape))
  eachPooled(node, at, (to) => found[to]!++)
  return found
}

export const MAX_POOL: ReferenceOperation<OperationOf<'max-pool'>> = {
  forward: (node, [x], at) => Float64Array.from(greatest(node, x!, at), (from) => x![from]!),
  backward(node, dy, [x], at) {
    const dx = new Float64Array(x!.length)
    greatest(node, x!, at).forEach((from, to) => (dx[from]! += dy[to]!))
    return [dx]
  }
}

export const AVERAGE_POOL: ReferenceOperation<OperationOf<'average-pool'>> = {
  forward(node, [x], at) {
    const count = counts(node, at)
    const y = new Float64Array(count.length)
    eachPooled(node, at, (to, from) => (y[to]! += x![from]! / count[to]!))
    return y
  },
  backward(node, dy, [x], at) {
    const count = counts(node, at)
    const dx = new Float64Array(x!.length)
    eachPooled(node, at, (to, from) => (dx[from]! += dy[to]! / count[to]!))
    return [dx]
  }
}
