import { recordOf } from './setting'
import type { Parameter, Parameters } from './setting'

/** How a gradient g changes a weight w; a is the learning rate. */
export interface OptimiserRecord<Id extends string = string, P extends Parameters = Parameters> {
  readonly id: Id
  readonly name: string
  readonly formula: string
  readonly source: string
  readonly parameters: P
  /** that a person would start from: Keras' default */
  readonly learningRate: number
  /**
   * Powers of r by which training on r x the input is training on the input: first-layer kernel x r
   * at the start, its learning rate x r^rate, its epsilon / r^epsilon
   */
  readonly inputScale: { readonly rate: 1 | 2; readonly epsilon?: 1 | 2 }
  /** the weight decay that belongs to it, whatever the configuration names */
  readonly decay?: 'decoupled'
}

export function optimiser<const Id extends string, const P extends Parameters>(
  record: OptimiserRecord<Id, P>
): OptimiserRecord<Id, P> {
  return record
}

const momentum: Parameter = {
  name: 'Momentum',
  help: 'share of the previous update that is kept',
  limits: { min: 0, max: 0.9999 },
  default: 0.9
}
const rho: Parameter = {
  name: 'Rho',
  help: 'decay rate of the running mean of squared gradients',
  limits: { min: 0, max: 0.9999 },
  default: 0.9,
  advanced: true
}
const beta1: Parameter = {
  name: 'Beta 1',
  help: 'decay rate of the running mean of gradients',
  limits: { min: 0, max: 0.9999 },
  default: 0.9,
  advanced: true
}
const beta2: Parameter = {
  name: 'Beta 2',
  help: 'decay rate of the running mean of squared gradients',
  limits: { min: 0, max: 0.999999 },
  default: 0.999,
  advanced: true
}
const epsilon: Parameter = {
  name: 'Epsilon',
  help: 'keeps the divisor above 0; this is Keras’ default, PyTorch and TensorFlow’s AdamOptimizer of 2018 have 1e-8',
  limits: { above: 0 },
  default: 1e-7,
  advanced: true,
  alias: 'adamEpsilon'
}

/** All optimisers, in the order in which they are offered; native/ and portable/ have one half each. */
export const OPTIMISERS = [
  optimiser({
    id: 'sgd',
    name: 'SGD',
    formula: 'w ← w − a g',
    source: 'Robbins & Monro 1951',
    parameters: {},
    learningRate: 0.01,
    inputScale: { rate: 2 }
  }),
  optimiser({
    id: 'momentum',
    name: 'SGD with momentum',
    formula: 'v ← momentum v + g; w ← w − a v',
    source: 'Polyak 1964',
    parameters: { momentum },
    learningRate: 0.01,
    inputScale: { rate: 2 }
  }),
  optimiser({
    id: 'nesterov',
    name: 'SGD with Nesterov momentum',
    formula: 'v ← momentum v + g; w ← w − a (g + momentum v)',
    source: 'Nesterov 1983; Sutskever, Martens, Dahl & Hinton 2013',
    parameters: { momentum },
    learningRate: 0.01,
    inputScale: { rate: 2 }
  }),
  optimiser({
    id: 'rmsprop',
    name: 'RMSprop',
    formula: 'v ← rho v + (1 − rho) g²; w ← w − a g / √(v + epsilon)',
    source:
      'Tieleman & Hinton 2012; epsilon within the root as in Keras 3 and TensorFlow, beside it in PyTorch',
    parameters: { rho, epsilon },
    learningRate: 0.001,
    inputScale: { rate: 1, epsilon: 2 }
  }),
  optimiser({
    id: 'adam',
    name: 'Adam',
    formula:
      'm ← beta1 m + (1 − beta1) g; v ← beta2 v + (1 − beta2) g²; w ← w − a √(1 − beta2ᵗ) / (1 − beta1ᵗ) m / (√v + epsilon)',
    source: 'Kingma & Ba 2015',
    parameters: { beta1, beta2, epsilon },
    learningRate: 0.001,
    inputScale: { rate: 1, epsilon: 1 }
  }),
  optimiser({
    id: 'adamw',
    name: 'AdamW',
    formula: 'Adam, and w ← w − a decay w',
    source:
      'Loshchilov & Hutter 2019; Keras decays biases too, and by .004 unless told otherwise, here kernels alone and by 0',
    parameters: { beta1, beta2, epsilon },
    learningRate: 0.001,
    inputScale: { rate: 1, epsilon: 1 },
    decay: 'decoupled'
  })
] as const satisfies readonly OptimiserRecord[]

export type OptimiserId = (typeof OPTIMISERS)[number]['id']

export function optimiserOf(id: OptimiserId): OptimiserRecord<OptimiserId> {
  return recordOf<OptimiserRecord<OptimiserId>>(OPTIMISERS, id)
}
