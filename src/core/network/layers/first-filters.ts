import type { PlanNode } from './builder'
import type { NetworkPlan } from './plan'
import { channelsOf } from './shape'
import type { Shape } from './shape'

/** The first weights of a network as pictures: one a unit of a dense layer, or a filter of a convolution. */
export interface FirstFilters {
  /** place of the kernel in the plan: [height, width, channels, filters] */
  readonly kernel: number
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly count: number
  readonly of: 'unit' | 'filter'
  /** a normalisation of the input stands before it */
  readonly normalised: boolean
}

/** undefined where the first kernel does not see the image in its places */
export function firstFilters({ nodes, input }: NetworkPlan): FirstFilters | undefined {
  const at = nodes.findIndex(({ op }) => op === 'dense' || op === 'conv')
  const node = nodes[at]
  if (!node || (node.op !== 'dense' && node.op !== 'conv')) return undefined
  const before = nodes.slice(0, at)
  if (!before.every(inPlace)) return undefined
  const [height, width, channels] = node.op === 'dense' ? image(input) : window(node, input)
  return {
    kernel: node.kernel,
    ...{ height, width, channels },
    count: channelsOf(node.shape),
    of: node.op === 'dense' ? 'unit' : 'filter',
    normalised: before.some(({ op }) => op === 'batch-norm' || op === 'layer-norm')
  }
}

/** Whether an operation leaves each value of the image where it is. */
function inPlace({ op }: PlanNode): boolean {
  return ['input', 'flatten', 'dropout', 'batch-norm', 'layer-norm', 'activation'].includes(op)
}

function image(input: Shape): readonly [number, number, number] {
  const [height, width = 1, channels = 1] = input
  return [height, width, channels]
}

function window(
  { size }: Extract<PlanNode, { op: 'conv' }>,
  input: Shape
): readonly [number, number, number] {
  return [size, size, channelsOf(input)]
}

/**
 * The filters as they look on stored values: w x / d is (w / d) x, so each weight by what its value is
 * divided by. undefined where the divisor differs from place to place under a convolution, whose filter
 * sees every place.
 * @param divisor one number, one a channel, or one a value of the image
 */
export function onStoredValues(
  kernel: Float32Array,
  { count, channels, of }: FirstFilters,
  divisor: readonly number[]
): Float32Array | undefined {
  if (of === 'filter' && divisor.length > channels) return undefined
  return kernel.map((weight, i) => weight / divisor[Math.floor(i / count) % divisor.length]!)
}
