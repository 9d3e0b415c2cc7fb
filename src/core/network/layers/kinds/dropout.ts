import { layerKind } from '../layer'

export const DROPOUT = layerKind({
  id: 'dropout',
  name: 'Dropout',
  help: 'in training, sets so many of the values to 0 at random and scales up the rest',
  formula: 'in training 0 with probability r, else x / (1 − r); tested with x',
  source: 'Srivastava et al. 2014; Keras Dropout, PyTorch Dropout',
  activates: 'never',
  fields: {
    rate: {
      name: 'Rate',
      help: 'share of the values that are set to 0',
      limits: { min: 0, max: 0.95 },
      default: 0.5
    }
  },
  text: {
    write: (values) => `dropout-${values.rate}`,
    read: (word) => {
      const found = /^dropout(?:-?(0?\.\d+|0|1))?$/.exec(word)
      if (!found) return undefined
      return found[1] === undefined ? {} : { rate: Number(found[1]) }
    },
    example: 'dropout-0.5'
  },
  build: (at, input, values) => at.dropout(input, values.rate)
})
