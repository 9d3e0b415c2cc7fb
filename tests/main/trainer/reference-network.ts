import { activationOf } from '../../../src/core/network/activations'
import type { RunConfig } from '../../../src/core/network/config'
import { referenceLoss } from './reference-losses'
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
 * - a layer's factors scale rate, epsilon and decay of its kernel, not of its bias
 * - AdamW decouples the decay, whatever kind is named; so do the others if told
 * - a ragged last batch is averaged over its own size
 */
export interface ReferenceInput {
  readonly config: RunConfig
  /** count x features, preprocessed, row-major */
  readonly inputs: Float64Array
  readonly labels: ArrayLike<number>
  /** kernel, bias per layer; not changed */
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
  const weights = input.weights.map((values) => Float64Array.from(values))
  const optimiser = createReferenceOptimiser(input.config.optimiser, weights)
  const { batch, stepFactors, epsilonFactors, weightDecay } = input.config
  const decoupling = weightDecay.kind === 'decoupled' || input.config.optimiser.id === 'adamw'
  let loss = 0
  let hits = 0
  let zeroGradient = 0
  let trapped = 0
  for (let start = 0; start < input.order.length; start += batch) {
    const rows = input.order.subarray(start, start + batch)
    const sums = gradients({ ...input, weights }, rows)
    loss += sums.loss
    hits += sums.hits
    zeroGradient += sums.zeroGradient
    trapped += sums.trapped
    const updates = sums.gradients.map((gradient, slot) => {
      const kernel = slot % 2 === 0
      const layer = slot >> 1
      const rate = input.config.optimiser.learningRate * (kernel ? stepFactors[layer]! : 1)
      const epsilon = input.config.optimiser.epsilon * (kernel ? epsilonFactors[layer]! : 1)
      const decay = kernel ? weightDecay.factor * input.config.decayFactors[layer]! : 0
      const values = weights[slot]!
      const penalty = decoupling ? 0 : decay
      for (let i = 0; i < values.length; i++) gradient[i]! += 2 * penalty * values[i]!
      return { slot, gradient, rate, epsilon, decoupled: decoupling ? rate * decay : 0 }
    })
    optimiser.startStep()
    for (const { slot, gradient, rate, epsilon, decoupled } of updates) {
      const values = weights[slot]!
      for (let i = 0; i < values.length; i++) {
        const decayed = decoupled * values[i]!
        values[i]! -= decayed + optimiser.step(slot, i, gradient[i]!, rate, epsilon)
      }
    }
  }
  return { weights, loss, hits, zeroGradient, trapped }
}

/** Sums over the rows of `order` with the weights as given. */
export function evaluateReference(input: ReferenceInput): ReferenceSums {
  const { gradients: _, ...sums } = gradients(input, input.order)
  return sums
}

/** Gradient of the mean loss over the rows of `order`, kernel and bias per layer, without weight decay. */
export function gradientsReference(input: ReferenceInput): Float64Array[] {
  return gradients(input, input.order).gradients
}

/** Pre-activations of the hidden layers for the rows of `order`, each rows x units. */
export function preactivationsReference(input: ReferenceInput): Float64Array[] {
  const { forward, widths } = networkOf(input)
  const hidden = widths.length - 2
  const found = Array.from(
    { length: hidden },
    (_, layer) => new Float64Array(input.order.length * widths[layer + 1]!)
  )
  input.order.forEach((row, i) => {
    const { z } = forward(row)
    for (let layer = 0; layer < hidden; layer++) found[layer]!.set(z[layer]!, i * z[layer]!.length)
  })
  return found
}

function networkOf(input: ReferenceInput) {
  const { config, inputs, labels, weights } = input
  const features = inputs.length / labels.length
  const widths = [features, ...weights.filter((_, i) => i % 2 === 1).map((bias) => bias.length)]
  const activation = activationOf(config.activation, config)
  const layers = widths.length - 1

  /** a: the inputs of each layer; z: its pre-activations, the last of them the logits. */
  function forward(row: number): { a: Float64Array[]; z: Float64Array[] } {
    const a = [inputs.slice(row * features, (row + 1) * features)]
    const z: Float64Array[] = []
    for (let layer = 0; layer < layers; layer++) {
      const kernel = weights[2 * layer]!
      const units = widths[layer + 1]!
      const sums = Float64Array.from(weights[2 * layer + 1]!)
      a[layer]!.forEach((value, i) => {
        for (let unit = 0; unit < units; unit++) sums[unit]! += value * kernel[i * units + unit]!
      })
      z.push(sums)
      if (layer < layers - 1) a.push(sums.map((value) => activation.value(value)))
    }
    return { a, z }
  }
  return { forward, widths, activation, layers }
}

function gradients(input: ReferenceInput, rows: Int32Array) {
  const { config, labels, weights } = input
  const { forward, activation, layers } = networkOf(input)
  const found = weights.map((values) => new Float64Array(values.length))
  let loss = 0
  let hits = 0
  let zeroGradient = 0
  let trapped = 0
  for (const row of rows) {
    const { a, z } = forward(row)
    const sample = referenceLoss(config, z[layers - 1]!, labels[row]!)
    loss += sample.loss
    if (sample.hit) hits++
    if (sample.zero) zeroGradient++
    if (sample.zero && sample.p < 1e-7) trapped++
    let delta = sample.delta.map((value) => value / rows.length)
    for (let layer = layers - 1; layer >= 0; layer--) {
      const kernel = weights[2 * layer]!
      const kernelGradient = found[2 * layer]!
      const biasGradient = found[2 * layer + 1]!
      const below = new Float64Array(a[layer]!.length)
      const units = delta.length
      delta.forEach((value, unit) => (biasGradient[unit]! += value))
      a[layer]!.forEach((value, i) => {
        for (let unit = 0; unit < units; unit++) {
          kernelGradient[i * units + unit]! += value * delta[unit]!
          below[i]! += kernel[i * units + unit]! * delta[unit]!
        }
      })
      if (layer > 0) delta = below.map((v, i) => v * activation.derivative(z[layer - 1]![i]!))
    }
  }
  return { gradients: found, loss, hits, zeroGradient, trapped }
}

/** ||found - expected|| / ||expected - initial||, over all weights together. */
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
