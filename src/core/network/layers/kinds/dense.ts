import { bias, units } from '../fields'
import { layerKind } from '../layer'

/** Fully connected; an image is taken as one row of values. */
export const DENSE = layerKind({
  id: 'dense',
  name: 'Dense',
  help: 'every unit sees every value',
  formula: 'x W + b',
  source: 'Rosenblatt 1958; Keras Dense, PyTorch Linear',
  activates: 'own',
  fields: { units, bias },
  text: {
    write: (values) => `dense-${values.units}`,
    read: (word) => {
      const found = /^(?:dense-?)?(\d+)$/.exec(word)
      return found ? { units: Number(found[1]) } : undefined
    },
    example: 'dense-128'
  },
  build: (at, input, values) => at.dense(input, values.units, values.bias === 'yes')
})
