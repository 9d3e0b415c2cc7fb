import { bias, filters, padding, size, stride } from '../fields'
import { layerKind } from '../layer'

export const CONVOLUTION = layerKind({
  id: 'conv',
  name: 'Convolution',
  help: 'small windows with the same weights at every place',
  formula: 'y[i, j] = Σ x[s i + u, s j + v] W[u, v] + b, over the window’s u, v and all channels',
  source: 'LeCun et al. 1989; Keras Conv2D, PyTorch Conv2d',
  activates: 'own',
  fields: { filters, size: size(3), stride, padding: padding('same'), bias },
  text: {
    write: (values) => `conv${values.size}x${values.size}-${values.filters}`,
    read: (word) => {
      const found = /^conv(\d+)(?:x\1)?-(\d+)$/.exec(word)
      return found ? { size: Number(found[1]), filters: Number(found[2]) } : undefined
    },
    example: 'conv3x3-16'
  },
  build: (at, input, values) => at.conv(input, values.filters, values, values.bias === 'yes')
})
