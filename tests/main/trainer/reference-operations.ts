import { activationOf } from '../../../src/core/network/activations'
import type { OperationId, OperationOf, PlanNode } from '../../../src/core/network/layers/builder'
import { dropoutMask } from '../../../src/core/network/layers/philox'
import { channelsOf, sizeOfShape } from '../../../src/core/network/layers/shape'
import type { ReferenceOperation, ReferencePlace } from './reference-operation'
import { AVERAGE_POOL, eachProduct, MAX_POOL } from './reference-windows'
import type { TakeProducts } from './reference-windows'

function eachDense(
  node: PlanNode<OperationOf<'dense'>>,
  { shapes: [shape], images }: ReferencePlace,
  take: TakeProducts
): void {
  const inputs = sizeOfShape(shape!)
  const outputs = sizeOfShape(node.shape)
  for (let image = 0; image < images; image++) {
    for (let input = 0; input < inputs; input++) {
      take(image * outputs, image * inputs + input, input * outputs, outputs)
    }
  }
}

/** Sums of products of values with weights, and a bias for each channel. */
function linear<Op extends OperationOf<'dense' | 'conv'>>(
  each: (node: PlanNode<Op>, at: ReferencePlace, take: TakeProducts) => void
): ReferenceOperation<Op> {
  return {
    forward(node, [x], at) {
      const kernel = at.weights[node.kernel]!
      const y = new Float64Array(at.images * sizeOfShape(node.shape))
      const bias = node.bias === undefined ? undefined : at.weights[node.bias]!
      if (bias) y.forEach((_, i) => (y[i] = bias[i % bias.length]!))
      each(node, at, (to, from, weight, outputs) => {
        for (let o = 0; o < outputs; o++) y[to + o]! += x![from]! * kernel[weight + o]!
      })
      return y
    },
    backward(node, dy, [x], at) {
      const kernel = at.weights[node.kernel]!
      const dKernel = at.gradients[node.kernel]!
      const dx = new Float64Array(x!.length)
      each(node, at, (to, from, weight, outputs) => {
        for (let o = 0; o < outputs; o++) {
          dKernel[weight + o]! += x![from]! * dy[to + o]!
          dx[from]! += kernel[weight + o]! * dy[to + o]!
        }
      })
      if (node.bias !== undefined) {
        const dBias = at.gradients[node.bias]!
        dy.forEach((value, i) => (dBias[i % dBias.length]! += value))
      }
      return [dx]
    }
  }
}

/** Means of values by the group that each belongs to. */
function groupMeans(
  values: Float64Array,
  groups: number,
  group: (i: number) => number
): Float64Array {
  const sums = new Float64Array(groups)
  values.forEach((value, i) => (sums[group(i)]! += value))
  return sums.map((sum) => (sum * groups) / values.length)
}

/** (x - m) / sqrt(v + epsilon) by group, and what it is made of. */
function standardised(
  x: Float64Array,
  epsilon: number,
  groups: number,
  group: (i: number) => number,
  fixed?: { readonly mean: ArrayLike<number>; readonly variance: ArrayLike<number> }
) {
  const mean = fixed?.mean ?? groupMeans(x, groups, group)
  const variance =
    fixed?.variance ??
    groupMeans(
      x.map((value, i) => (value - mean[group(i)]!) ** 2),
      groups,
      group
    )
  const std = Float64Array.from(variance, (value) => Math.sqrt(value + epsilon))
  const values = x.map((value, i) => (value - mean[group(i)]!) / std[group(i)]!)
  return { mean, variance, std, values, groups, group, fixed: fixed !== undefined }
}

type Standardised = ReturnType<typeof standardised>

/** Scale and shift per channel behind values that are standardised by group. */
function normalisation<Op extends OperationOf<'batch-norm' | 'layer-norm'>>(
  standardise: (node: PlanNode<Op>, x: Float64Array, at: ReferencePlace) => Standardised
): ReferenceOperation<Op> {
  return {
    forward(node, [x], at) {
      const { values } = standardise(node, x!, at)
      const scale = at.weights[node.scale]!
      const shift = at.weights[node.shift]!
      const channels = channelsOf(node.shape)
      return values.map((value, i) => value * scale[i % channels]! + shift[i % channels]!)
    },
    backward(node, dy, [x], at) {
      const { values, std, groups, group, fixed } = standardise(node, x!, at)
      const scale = at.weights[node.scale]!
      const channels = channelsOf(node.shape)
      dy.forEach((value, i) => {
        at.gradients[node.scale]![i % channels]! += value * values[i]!
        at.gradients[node.shift]![i % channels]! += value
      })
      const through = dy.map((value, i) => value * scale[i % channels]!)
      if (fixed) return [through.map((value, i) => value / std[group(i)]!)]
      // mean and variance depend on every value of the group
      const mean = groupMeans(through, groups, group)
      const along = groupMeans(
        through.map((value, i) => value * values[i]!),
        groups,
        group
      )
      return [
        through.map(
          (value, i) => (value - mean[group(i)]! - values[i]! * along[group(i)]!) / std[group(i)]!
        )
      ]
    }
  }
}

/** Factors of dropout: 0 or 1 / (1 - rate), in training. */
function factors(node: PlanNode<OperationOf<'dropout'>>, { images, training }: ReferencePlace) {
  const count = images * sizeOfShape(node.shape)
  if (!training) return new Float64Array(count).fill(1)
  const kept = dropoutMask(count, node.rate, { ...training, stream: node.stream })
  return Float64Array.from(kept, (one) => one / (1 - node.rate))
}

/** Every operation but the input. */
export const REFERENCE_OPERATIONS: {
  readonly [Id in Exclude<OperationId, 'input'>]: ReferenceOperation<OperationOf<Id>>
} = {
  dense: linear(eachDense),
  conv: linear(eachProduct),
  'max-pool': MAX_POOL,
  'average-pool': AVERAGE_POOL,
  'global-average': {
    forward(node, [x], at) {
      const [channels] = node.shape
      const positions = sizeOfShape(at.shapes[0]!) / channels
      const y = new Float64Array(at.images * channels)
      x!.forEach((value, i) => {
        const image = Math.floor(i / (positions * channels))
        y[image * channels + (i % channels)]! += value / positions
      })
      return y
    },
    backward(node, dy, [x], at) {
      const [channels] = node.shape
      const positions = sizeOfShape(at.shapes[0]!) / channels
      const spread = (_: number, i: number): number =>
        dy[Math.floor(i / (positions * channels)) * channels + (i % channels)]! / positions
      return [x!.map(spread)]
    }
  },
  flatten: {
    forward: (_node, [x]) => x!.slice(),
    backward: (_node, dy) => [dy.slice()]
  },
  'batch-norm': normalisation((node, x, at) => {
    const channels = channelsOf(node.shape)
    const fixed = at.training
      ? undefined
      : { mean: at.weights[node.mean]!, variance: at.weights[node.variance]! }
    const found = standardised(x, node.epsilon, channels, (i) => i % channels, fixed)
    if (at.training) {
      at.moments.set(node.mean, Float64Array.from(found.mean))
      at.moments.set(node.variance, Float64Array.from(found.variance))
    }
    return found
  }),
  'layer-norm': normalisation((node, x) => {
    const channels = channelsOf(node.shape)
    return standardised(x, node.epsilon, x.length / channels, (i) => Math.floor(i / channels))
  }),
  dropout: {
    forward(node, [x], at) {
      const by = factors(node, at)
      return x!.map((value, i) => value * by[i]!)
    },
    backward(node, dy, _x, at) {
      const by = factors(node, at)
      return [dy.map((value, i) => value * by[i]!)]
    }
  },
  activation: {
    forward: (node, [x], { values }) => {
      const { value } = activationOf(node.activation, values)
      return x!.map((z) => value(z))
    },
    backward: (node, dy, [x], { values }) => {
      const { derivative } = activationOf(node.activation, values)
      return [dy.map((value, i) => value * derivative(x![i]!))]
    }
  },
  add: {
    forward: (_node, [a, b]) => a!.map((value, i) => value + b![i]!),
    backward: (_node, dy) => [dy.slice(), dy.slice()]
  }
}
