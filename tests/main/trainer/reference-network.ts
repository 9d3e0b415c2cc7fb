import type { RunConfig } from '../../../src/core/network/config'
import type { PlanNode } from '../../../src/core/network/layers/builder'
import type { NetworkPlan } from '../../../src/core/network/layers/plan'
import { channelsOf, sizeOfShape } from '../../../src/core/network/layers/shape'
import { referenceLoss } from './reference-losses'
import type { ReferencePlace } from './reference-operation'
import { REFERENCE_OPERATIONS } from './reference-operations'
import { createReferenceOptimiser } from './reference-optimisers'

/**
 * The same training in float64, by hand, as simply as it can be written: what both backends are held against.
 *
 * Meanings it fixes:
 * - loss is the data loss alone, without the weight penalty; of one sample -log p_y
 * - `clipped`: -log of p_y clipped to [1e-7, 1 - 1e-7]; outside that range the sample's gradient is 0, else p - y
 * - `clipped-2018`: all p clipped, then a cross-entropy of their logarithms as logits; no gradient passes a clipped p
 * - a sample without gradient is trapped where p_y < 1e-7
 * - a sigmoid output is class 1 where its logit is > 0; a softmax takes the first of equal logits
 * - sums come from the weights before each step, as Keras shows them
 * - a layer's factors scale rate, epsilon and decay of its kernels, not of its biases, scales and shifts
 * - AdamW decouples the decay, whatever kind is named; so do the others if told
 * - a ragged last batch is averaged over its own size, and its moments count as much as another's
 * - steps take the moments of the batch and drop values; all else the moving moments, and drops none
 */
export interface ReferenceInput {
  readonly config: RunConfig
  readonly plan: NetworkPlan
  /** count x values, preprocessed, row-major */
  readonly inputs: Float64Array
  readonly labels: ArrayLike<number>
  /** in the order of the plan's parameters; not changed */
  readonly weights: readonly ArrayLike<number>[]
  /** rows in the order of training, cut into batches of config.batch */
  readonly order: Int32Array
}

export interface ReferenceSums {
  readonly loss: number
  readonly hits: number
  readonly zeroGradient: number
  readonly trapped: number
}

export interface ReferenceResult extends ReferenceSums {
  readonly weights: Float64Array[]
}

/** Trains and gives back the weights and the sums over all samples of `order`. */
export function trainReference(input: ReferenceInput): ReferenceResult {
  const { config, plan, order } = input
  const weights = input.weights.map((values) => Float64Array.from(values))
  const optimiser = createReferenceOptimiser(config.optimiser, weights)
  const { batch, stepFactors, epsilonFactors, decayFactors, weightDecay } = config
  const decoupling = weightDecay.kind === 'decoupled' || config.optimiser.id === 'adamw'
  const total = { loss: 0, hits: 0, zeroGradient: 0, trapped: 0 }
  for (let start = 0, step = 0; start < order.length; start += batch, step++) {
    const rows = order.subarray(start, start + batch)
    const { sums, gradients, moments } = passReference({ ...input, weights, order: rows }, step)
    for (const key of Object.keys(total) as (keyof ReferenceSums)[]) total[key] += sums[key]
    optimiser.startStep()
    plan.parameters.forEach(({ trained, factor }, slot) => {
      if (!trained) return
      const values = weights[slot]!
      const own = (factors: readonly number[]): number =>
        factor === undefined ? 1 : factors[factor]!
      const rate = config.optimiser.learningRate * own(stepFactors)
      const epsilon = config.optimiser.epsilon * own(epsilonFactors)
      const decay = factor === undefined ? 0 : weightDecay.factor * own(decayFactors)
      const penalty = decoupling ? 0 : decay
      const decoupled = decoupling ? rate * decay : 0
      gradients[slot]!.forEach((gradient, i) => {
        const change = optimiser.step(slot, i, gradient + 2 * penalty * values[i]!, rate, epsilon)
        values[i]! -= decoupled * values[i]! + change
      })
    })
    for (const node of plan.nodes) {
      if (node.op !== 'batch-norm') continue
      for (const slot of [node.mean, node.variance]) {
        moments.get(slot)!.forEach((value, i) => {
          weights[slot]![i] = node.momentum * weights[slot]![i]! + (1 - node.momentum) * value
        })
      }
    }
  }
  return { weights, ...total }
}

/** Sums over the rows of `order` with the weights as given. */
export function evaluateReference(input: ReferenceInput): ReferenceSums {
  return passReference(input).sums
}

/** Gradient of the mean loss over the rows of `order`, by parameter, without weight decay; of moving moments 0. */
export function gradientsReference(input: ReferenceInput): Float64Array[] {
  return passReference(input).gradients
}

/** L2 norm of the gradient of each layer that has trained parameters. */
export function gradientNormsReference(input: ReferenceInput): number[] {
  const gradients = gradientsReference(input)
  const { layers, parameters } = input.plan
  return layers.flatMap((layer) => {
    const own = layer.parameters.filter((slot) => parameters[slot]!.trained)
    return own.length > 0 ? [Math.hypot(...own.flatMap((slot) => [...gradients[slot]!]))] : []
  })
}

/** Logits for the rows of `order`, rows x units. */
export function logitsReference(input: ReferenceInput): Float64Array {
  return forward(input).values[input.plan.logits]!
}

/** Pre-activations at each place of an activation for the rows of `order`, each rows x values. */
export function preactivationsReference(input: ReferenceInput): Float64Array[] {
  const { values } = forward(input)
  return input.plan.activated.map(({ z }) => values[z]!)
}

/** The greatest pre-activation of each channel at each place of an activation. */
export function greatestReference(input: ReferenceInput): Float64Array[] {
  return preactivationsReference(input).map((z, at) => {
    const channels = channelsOf(input.plan.activated[at]!.shape)
    const greatest = new Float64Array(channels).fill(-Infinity)
    z.forEach((value, i) => (greatest[i % channels] = Math.max(greatest[i % channels]!, value)))
    return greatest
  })
}

/** One pass forward and back over the rows of `order`: in training where a step is given, else at rest. */
export function passReference(
  input: ReferenceInput,
  step?: number
): {
  readonly sums: ReferenceSums
  readonly gradients: Float64Array[]
  readonly moments: ReadonlyMap<number, Float64Array>
} {
  const { config, plan, labels, order } = input
  const { values, place, gradients, moments } = forward(input, step)
  const logits = values[plan.logits]!
  const units = logits.length / order.length
  const deltas = values.map((of) => new Float64Array(of.length))
  const sums = { loss: 0, hits: 0, zeroGradient: 0, trapped: 0 }
  order.forEach((row, image) => {
    const own = logits.slice(image * units, (image + 1) * units)
    const sample = referenceLoss(config, own, labels[row]!)
    sums.loss += sample.loss
    if (sample.hit) sums.hits++
    if (sample.zero) sums.zeroGradient++
    if (sample.zero && sample.p < 1e-7) sums.trapped++
    deltas[plan.logits]!.set(
      sample.delta.map((value) => value / order.length),
      image * units
    )
  })
  for (let at = plan.nodes.length - 1; at > 0; at--) {
    const node = plan.nodes[at]!
    const x = node.inputs.map((from) => values[from]!)
    operationOf(node)
      .backward(node, deltas[at]!, x, place(node))
      .forEach((dx, which) => {
        const sum = deltas[node.inputs[which]!]!
        dx.forEach((value, i) => (sum[i]! += value))
      })
  }
  return { sums, gradients, moments }
}

/** The values of every node for the rows of `order`. */
function forward({ config, plan, inputs, weights, order }: ReferenceInput, step?: number) {
  const gradients = weights.map((of) => new Float64Array(of.length))
  const moments = new Map<number, Float64Array>()
  const place = (node: PlanNode): ReferencePlace => ({
    images: order.length,
    shapes: node.inputs.map((from) => plan.nodes[from]!.shape),
    weights,
    gradients,
    values: config,
    ...(step !== undefined && { training: { seed: config.seed, step } }),
    moments
  })
  const features = sizeOfShape(plan.input)
  const images = new Float64Array(order.length * features)
  order.forEach((row, image) => {
    images.set(inputs.subarray(row * features, (row + 1) * features), image * features)
  })
  const values: Float64Array[] = []
  for (const node of plan.nodes) {
    const x = node.inputs.map((from) => values[from]!)
    values.push(node.op === 'input' ? images : operationOf(node).forward(node, x, place(node)))
  }
  return { values, place, gradients, moments }
}

interface AnyOperation {
  forward(node: PlanNode, x: readonly Float64Array[], at: ReferencePlace): Float64Array
  backward(
    node: PlanNode,
    dy: Float64Array,
    x: readonly Float64Array[],
    at: ReferencePlace
  ): Float64Array[]
}

function operationOf({ op }: PlanNode): AnyOperation {
  if (op === 'input') throw new Error('an input is no operation')
  return REFERENCE_OPERATIONS[op] as AnyOperation
}

/** Those of the plan's parameters that training changes by their gradients, or the moving moments. */
export function parametersThat<V>(
  are: 'trained' | 'moving',
  { parameters }: Pick<NetworkPlan, 'parameters'>,
  weights: readonly V[]
): V[] {
  return weights.filter((_, slot) => parameters[slot]!.trained === (are === 'trained'))
}

/** ||found - expected|| / ||expected - initial||, over all arrays together. */
export function relativeError(
  found: readonly ArrayLike<number>[],
  expected: readonly ArrayLike<number>[],
  initial: readonly ArrayLike<number>[]
): number {
  let wrong = 0
  let moved = 0
  expected.forEach((values, slot) => {
    for (let i = 0; i < values.length; i++) {
      wrong += (found[slot]![i]! - values[i]!) ** 2
      moved += (values[i]! - initial[slot]![i]!) ** 2
    }
  })
  return Math.sqrt(wrong / moved)
}
