import type { ChoiceSpec } from '../preprocessing/preprocessing'

export const ACTIVATION_IDS = [
  'relu',
  'leaky-relu',
  'sigmoid',
  'tanh',
  'lecun-tanh',
  'linear'
] as const
export type ActivationId = (typeof ACTIVATION_IDS)[number]

export const INITIALISER_IDS = [
  'glorot-uniform',
  'glorot-normal',
  'he-uniform',
  'he-normal',
  'lecun-normal',
  'normal'
] as const
export type InitialiserId = (typeof INITIALISER_IDS)[number]

export const OPTIMISER_IDS = ['sgd', 'momentum', 'nesterov', 'rmsprop', 'adam', 'adamw'] as const
export type OptimiserId = (typeof OPTIMISER_IDS)[number]

/** `clipped`: probabilities clipped to [1e-7, 1 - 1e-7] before the logarithm, as in Keras of 2018. */
export const LOSS_IDS = ['exact', 'clipped'] as const
export type LossId = (typeof LOSS_IDS)[number]

export interface OptimiserConfig {
  readonly id: OptimiserId
  readonly learningRate: number
  /** momentum and nesterov; default 0.9 */
  readonly momentum: number
  /** rmsprop; default 0.9 */
  readonly rho: number
  /** adam, adamw; default 0.9 */
  readonly beta1: number
  /** adam, adamw; default 0.999 */
  readonly beta2: number
  /** adam, adamw, rmsprop; default 1e-7; outside the root for all three, as in Keras */
  readonly epsilon: number
}

/** One training run, complete: with the data set's content it determines the weights. */
export interface RunConfig {
  readonly choice: ChoiceSpec
  /** units per hidden layer; empty for a linear classifier */
  readonly hidden: readonly number[]
  readonly activation: ActivationId
  /** slope of leaky relu for z < 0; default 0.01 */
  readonly leakySlope: number
  readonly initialiser: InitialiserId
  /** std of initialiser 'normal'; default 0.05 */
  readonly initialStd: number
  /** factor on the initial weights of each layer, hidden layers first, output last */
  readonly initFactors: readonly number[]
  /**
   * factor on the learning rate of each layer's kernel, hidden layers first, output last;
   * biases keep the plain rate, for only so is a rescaled input the same training exactly
   */
  readonly stepFactors: readonly number[]
  readonly optimiser: OptimiserConfig
  /** l2: factor x w^2 / 2 x 2, i.e. adds factor x 2 x w to the gradient (Keras l2); decoupled: w -= rate x factor x w. Kernels only */
  readonly weightDecay: { readonly kind: 'l2' | 'decoupled'; readonly factor: number }
  readonly loss: LossId
  /** 'sigmoid': two classes, one output unit, binary cross-entropy */
  readonly output: 'softmax' | 'sigmoid'
  /** train on these two classes only; required for output 'sigmoid' when the set has more */
  readonly classes?: readonly [number, number]
  readonly batch: number
  readonly epochs: number
  /** fixes initial weights and shuffles, alike for every choice */
  readonly seed: number
  /** use only the first so many training images */
  readonly limit?: number
  /** images of the test split on which saturation is measured; default 1000 */
  readonly probeImages: number
}

/** The settings of the Keras "basic classification" tutorial. */
export const TUTORIAL_CONFIG: RunConfig = {
  choice: { id: 'unit' },
  hidden: [128],
  activation: 'relu',
  leakySlope: 0.01,
  initialiser: 'glorot-uniform',
  initialStd: 0.05,
  initFactors: [1, 1],
  stepFactors: [1, 1],
  optimiser: {
    id: 'adam',
    learningRate: 0.001,
    momentum: 0.9,
    rho: 0.9,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-7
  },
  weightDecay: { kind: 'l2', factor: 0 },
  loss: 'exact',
  output: 'softmax',
  batch: 32,
  epochs: 3,
  seed: 0,
  probeImages: 1000
}

/** Learning rates a person would start from, after Keras' defaults. */
export const DEFAULT_LEARNING_RATE: Readonly<Record<OptimiserId, number>> = {
  sgd: 0.01,
  momentum: 0.01,
  nesterov: 0.01,
  rmsprop: 0.001,
  adam: 0.001,
  adamw: 0.001
}
