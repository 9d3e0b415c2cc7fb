import type { Setting } from './setting'

/** Every setting of a run that belongs to no single record: its limits stand here and nowhere else. */
export const SETTINGS = {
  layers: {
    name: 'Hidden layers',
    help: 'input side first',
    unit: 'layers',
    limits: {},
    most: 64
  },
  learningRate: {
    name: 'Learning rate',
    help: 'multiplies the gradient in each step',
    unit: 'rate',
    limits: { above: 0 }
  },
  batch: {
    name: 'Batch size',
    help: 'images per step',
    unit: 'images',
    limits: { integer: true, min: 1, max: 65536 }
  },
  epochs: {
    name: 'Epochs',
    help: 'passes over the training images',
    unit: 'count',
    limits: { integer: true, min: 1, max: 10000 }
  },
  seed: {
    name: 'Seed',
    help: 'fixes the initial weights and the order of the images, alike for every choice',
    unit: 'number',
    limits: { integer: true, min: 0, max: 4294967295 }
  },
  seeds: {
    name: 'Seeds',
    help: 'runs per choice; every choice gets the same seeds',
    unit: 'count',
    limits: { integer: true, min: 1, max: 50 }
  },
  limit: {
    name: 'Training images',
    help: 'use only N training images, drawn class by class, the same for every seed',
    unit: 'images',
    limits: { integer: true, min: 1 }
  },
  weightDecay: {
    name: 'Weight decay',
    help: '0 for none; kernels only, where Keras’ AdamW decays biases too (by .004 unless told otherwise)',
    unit: 'factor',
    limits: { min: 0 }
  },
  initFactors: {
    name: 'Factors on initial weights',
    help: 'hidden layers first, output last',
    unit: 'factor',
    limits: { above: 0 }
  },
  stepFactors: {
    name: 'Factors on the learning rate',
    help: 'hidden layers first, output last; kernels only',
    unit: 'factor',
    limits: { min: 0 }
  },
  epsilonFactors: {
    name: 'Factors on epsilon',
    help: 'of the optimiser, if it has one; kernels only',
    unit: 'factor',
    limits: { above: 0 }
  },
  decayFactors: {
    name: 'Factors on weight decay',
    help: 'hidden layers first, output last; decoupled decay is multiplied by the layer’s learning rate too',
    unit: 'factor',
    limits: { min: 0 }
  },
  inputScale: {
    name: 'Factor on the input',
    help: 'on the values that the choice gives',
    unit: 'factor',
    limits: { above: 0 }
  },
  probeImages: {
    name: 'Probe images',
    help: 'test images on which saturation and gradients are measured, drawn class by class',
    unit: 'images',
    limits: { integer: true, min: 1, max: 100000 }
  }
} as const satisfies Readonly<Record<string, Setting & { readonly most?: number }>>

/** Settings with one factor a layer, hidden layers first, output last: 1 where nothing is said. */
export const LAYER_FACTORS = [
  'initFactors',
  'stepFactors',
  'epsilonFactors',
  'decayFactors'
] as const satisfies readonly (keyof typeof SETTINGS)[]

export type LayerFactorsKey = (typeof LAYER_FACTORS)[number]

/** The kinds of weight decay. */
export const DECAYS = [
  { id: 'l2', name: 'L2 penalty, in the gradient (Keras)', label: 'L2 penalty' },
  { id: 'decoupled', name: 'Decoupled (AdamW)', label: 'decoupled decay' }
] as const

export type DecayId = (typeof DECAYS)[number]['id']

/** How the biases of the first layer start. */
export const START_BIASES = [
  { id: 'zero', name: 'zero' },
  /** -offset x the sum of a unit's initial weights: the function at the start is that without the offset */
  { id: 'undo-offset', name: 'undoing the input’s offset' }
] as const

export type StartBiasId = (typeof START_BIASES)[number]['id']
