import { channelMoments } from '../../statistics/moments'
import { choice } from '../choice'
import { affine, orOne } from '../fitting'

export const STANDARDISED = choice({
  id: 'standardised',
  name: 'Standardised, whole set',
  shortName: 'Standardised',
  formula: '(x - mean_c) / std_c',
  alsoCalled: [
    { name: 'z-score', difference: 'for a mean and a std of each channel of the set' },
    {
      name: 'normalisation (torchvision Normalize)',
      difference: 'whose constants are of values in [0, 1]'
    },
    {
      name: 'featurewise std normalisation (Keras ImageDataGenerator)',
      difference: 'which adds 10⁻⁶ to the std'
    }
  ],
  definition:
    'Each channel less its mean, divided by its std; mean and std are of the training split only, std divided by N. A constant channel is divided by 1.',
  source: 'LeCun, Bottou, Orr & Müller 1998, Efficient BackProp',
  colour: { light: '#d55e00', dark: '#ff8a3d', line: 'solid' },
  first: true,
  needs: 'images',
  fit(summary) {
    const { mean, std } = channelMoments(summary)
    return affine(mean, std.map(orOne), { mean, std })
  },
  remark: ({ std }) => (std?.includes(0) ? 'a std of 0 is replaced by 1' : undefined)
})
