import { epsilon } from '../fields'
import { layerKind } from '../layer'

export const BATCH_NORMALISATION = layerKind({
  id: 'batch-norm',
  name: 'Batch normalisation',
  help: 'each channel less its mean over the batch, by its std; tested with moving means and variances',
  formula:
    '(x − m) / sqrt(v + ε) × scale + shift; m, v: mean and variance of the channel over the batch',
  source:
    'Ioffe & Szegedy 2015; Keras BatchNormalization, PyTorch BatchNorm (whose momentum is 1 less this)',
  activates: 'behind',
  fields: {
    momentum: {
      name: 'Momentum',
      help: 'share of the moving mean and variance that a step keeps; Keras has .99, PyTorch the like of .9',
      limits: { min: 0, max: 0.9999 },
      default: 0.99,
      text: 'm',
      advanced: true
    },
    epsilon: epsilon(0.001)
  },
  text: {
    write: () => 'bn',
    read: (word) => (word === 'bn' || word === 'batchnorm' ? {} : undefined),
    example: 'bn'
  },
  build: (at, input, values) => at.batchNorm(input, values.momentum, values.epsilon)
})

export const LAYER_NORMALISATION = layerKind({
  id: 'layer-norm',
  name: 'Layer normalisation',
  help: 'the channels of each place of an image less their mean, by their std',
  formula:
    '(x − m) / sqrt(v + ε) × scale + shift; m, v: mean and variance over the channels of one place',
  source: 'Ba, Kiros & Hinton 2016; Keras LayerNormalization over the last axis, PyTorch LayerNorm',
  activates: 'behind',
  fields: { epsilon: epsilon(0.001) },
  text: {
    write: () => 'ln',
    read: (word) => (word === 'ln' || word === 'layernorm' ? {} : undefined),
    example: 'ln'
  },
  build: (at, input, values) => at.layerNorm(input, values.epsilon)
})
