import { choice } from '../choice'

export const EQUALISED = choice({
  id: 'equalised',
  name: 'Equalised, each image',
  shortName: 'Equalised',
  formula: 'CDF_i(x)',
  alsoCalled: [
    { name: 'histogram equalisation', difference: 'which in OpenCV takes the darkest value to 0' }
  ],
  definition:
    "Each value becomes the share of its image's values, in its channel, that are not greater. Nothing is fitted.",
  source: 'Gonzalez & Woods, Digital Image Processing, histogram equalisation',
  colour: { light: '#332288', dark: '#8f83e0', line: 'solid' },
  fit: () => ({ form: { kind: 'image-equalise' }, parameters: {} })
})
