import { layerKind } from '../layer'

/** A layer of one word without fields. */
const word = (name: string) => ({
  write: () => name,
  read: (given: string) => (given === name ? {} : undefined),
  example: name
})

export const GLOBAL_AVERAGE_POOLING = layerKind({
  id: 'global-average-pool',
  name: 'Global average pooling',
  help: 'the mean of each channel over the whole image',
  formula: 'y[c] = mean of x[i, j, c] over i, j',
  source: 'Lin, Chen & Yan 2014; Keras GlobalAveragePooling2D, PyTorch AdaptiveAvgPool2d(1)',
  activates: 'never',
  fields: {},
  text: word('gap'),
  build: (at, input) => at.globalAverage(input)
})

export const FLATTEN = layerKind({
  id: 'flatten',
  name: 'Flatten',
  help: 'an image as one row of values; a dense layer does it by itself',
  formula: 'y[(width i + j) channels + c] = x[i, j, c]',
  source: 'Keras Flatten, PyTorch Flatten',
  activates: 'never',
  fields: {},
  text: word('flatten'),
  build: (at, input) => at.flatten(input)
})
