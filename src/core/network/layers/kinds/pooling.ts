import { padding, size, stride } from '../fields'
import { layerKind } from '../layer'

const fields = {
  size: size(2),
  stride: {
    ...stride,
    help: 'pixels from one place of the window to the next; the window’s size unless told otherwise',
    default: 2,
    otherwise: (given: Readonly<Record<string, number | string>>) => Number(given['size'] ?? 2)
  },
  padding: padding('valid')
} as const

/** 'pool2', 'maxpool2', 'pool3x3' */
const reading =
  (name: RegExp) =>
  (word: string): { size: number } | undefined => {
    const found = name.exec(word)
    return found ? { size: Number(found[1]) } : undefined
  }

export const MAX_POOLING = layerKind({
  id: 'max-pool',
  name: 'Max pooling',
  help: 'the greatest value of each window',
  formula: 'y[i, j] = max x[s i + u, s j + v], over the window’s u, v',
  source: 'Keras MaxPooling2D, PyTorch MaxPool2d',
  activates: 'never',
  fields,
  text: {
    write: (values) => `pool${values.size}`,
    read: reading(/^(?:max)?pool(\d+)(?:x\1)?$/),
    example: 'pool2'
  },
  build: (at, input, values) => at.pool(input, 'max-pool', values)
})

export const AVERAGE_POOLING = layerKind({
  id: 'average-pool',
  name: 'Average pooling',
  help: 'the mean of each window; places of the padding do not count',
  formula: 'y[i, j] = mean of x[s i + u, s j + v] over the window’s u, v',
  source: 'LeCun et al. 1998; Keras AveragePooling2D, PyTorch AvgPool2d',
  activates: 'never',
  fields,
  text: {
    write: (values) => `avgpool${values.size}`,
    read: reading(/^avgpool(\d+)(?:x\1)?$/),
    example: 'avgpool2'
  },
  build: (at, input, values) => at.pool(input, 'average-pool', values)
})
