import { AS_CHOSEN } from '../preprocessing/input'
import type { InputMap } from '../preprocessing/input'
import type { ChoiceSpec } from '../preprocessing/preprocessing'
import { ACTIVATIONS } from './activations'
import type { ActivationId, ActivationValues } from './activations'
import { INITIALISERS } from './initialisers'
import { dense } from './layers/layers'
import type { LayerSpec } from './layers/layers'
import type { InitialiserId, InitialiserValues } from './initialisers'
import { LOSSES } from './losses'
import type { LossId } from './losses'
import { OPTIMISERS, optimiserOf } from './optimisers'
import type { OptimiserId } from './optimisers'
import type { OutputId } from './outputs'
import { defaultsOf } from './setting'
import type { ValuesOf } from './setting'
import type { DecayId, StartBiasId } from './settings'

/** With the parameters of all optimisers; each heeds its own. */
export interface OptimiserConfig extends ValuesOf<typeof OPTIMISERS> {
  readonly id: OptimiserId
  readonly learningRate: number
}

/**
 * One training run, complete: with the data set's content it determines the weights. The parameters
 * of all activations, initialisers and losses stand in it; each heeds its own.
 */
export interface RunConfig extends ActivationValues, InitialiserValues, ValuesOf<typeof LOSSES> {
  readonly choice: ChoiceSpec
  /** what is done to the choice's values before the network gets them, in training, tests and probes alike */
  readonly input: InputMap
  /** biases of the first layer before training: all others start at 0 */
  readonly startBias: StartBiasId
  /** hidden layers, input side first; empty for a linear classifier. The output layer is not among them */
  readonly layers: readonly LayerSpec[]
  /** of every layer that names none of its own: see layerActivations */
  readonly activation: ActivationId
  readonly initialiser: InitialiserId
  /** factor on the initial weights of each layer with a kernel, hidden layers first, output last */
  readonly initFactors: readonly number[]
  /**
   * factor on the learning rate of each layer's kernel, hidden layers first, output last;
   * biases keep the plain rate, for only so is a rescaled input the same training exactly
   */
  readonly stepFactors: readonly number[]
  /** factor on the optimiser's epsilon for each layer's kernel, as stepFactors */
  readonly epsilonFactors: readonly number[]
  /** factor on the weight decay of each layer's kernel, as stepFactors */
  readonly decayFactors: readonly number[]
  readonly optimiser: OptimiserConfig
  /** l2: adds factor x 2 x w to the gradient (Keras l2, factor x w^2); decoupled: w -= rate x factor x w. Kernels only */
  readonly weightDecay: { readonly kind: DecayId; readonly factor: number }
  readonly loss: LossId
  /** 'sigmoid': two classes, one output unit, binary cross-entropy */
  readonly output: OutputId
  /** train on these two classes only; required for output 'sigmoid' when the set has more */
  readonly classes?: readonly [number, number]
  readonly batch: number
  readonly epochs: number
  /** fixes initial weights and shuffles, alike for every choice */
  readonly seed: number
  /** use only so many training images, drawn class by class, the same for every seed */
  readonly limit?: number
  /** the finished network is also tested with the test images under these */
  readonly testChoices?: readonly ChoiceSpec[]
  /** test images on which the network is measured, drawn class by class; default 1000 */
  readonly probeImages: number
}

/** The settings of the Keras "basic classification" tutorial: what is not said is so. */
export const TUTORIAL_CONFIG: RunConfig = {
  ...defaultsOf(ACTIVATIONS),
  ...defaultsOf(INITIALISERS),
  ...defaultsOf(LOSSES),
  choice: { id: 'unit' },
  input: AS_CHOSEN,
  startBias: 'zero',
  layers: [dense(128)],
  activation: 'relu',
  initialiser: 'glorot-uniform',
  initFactors: [1, 1],
  stepFactors: [1, 1],
  epsilonFactors: [1, 1],
  decayFactors: [1, 1],
  optimiser: {
    ...defaultsOf(OPTIMISERS),
    id: 'adam',
    learningRate: optimiserOf('adam').learningRate
  },
  weightDecay: { kind: 'l2', factor: 0 },
  loss: 'exact',
  output: 'softmax',
  batch: 32,
  epochs: 3,
  seed: 0,
  probeImages: 1000
}
