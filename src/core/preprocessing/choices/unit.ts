import { choice } from '../choice'
import { affine, rangeOf } from '../fitting'

export const UNIT = choice({
  id: 'unit',
  name: 'Rescaled to [0, 1]',
  shortName: '[0, 1]',
  formula: 'x / max',
  alsoCalled: [
    { name: 'normalisation (Keras tutorial)', difference: 'for bytes, which it divides by 255' },
    { name: 'ToTensor (torchvision)', difference: 'for bytes; other types it leaves as they are' },
    { name: 'min-max scaling', difference: 'by the range of the type, not the range found' },
    {
      name: 'MinMaxScaler (scikit-learn)',
      difference: 'by the range of the type, not the range found in each feature'
    }
  ],
  definition:
    'Each value divided by the greatest value of its type: 255 for bytes, 65535 for 16-bit. Float pixels: divided by 1 where the training values lie in [0, 1], else by the greatest absolute training value.',
  source: 'Keras tutorial "Basic classification"; torchvision ToTensor',
  colour: { light: '#0072b2', dark: '#4ba6e0', line: 'solid' },
  first: true,
  fit(summary) {
    const { max } = rangeOf(summary)
    return affine([0], [max], { max: [max] })
  }
})
