import { channelMoments } from '../../statistics/moments'
import { choice } from '../choice'
import { affine } from '../fitting'

export const CENTRED = choice({
  id: 'centred',
  name: 'Centred, whole set',
  shortName: 'Centred',
  formula: 'x - mean_c',
  alsoCalled: [{ name: 'mean subtraction', difference: 'for a mean of each channel' }],
  definition: 'Each channel less its mean over the training split.',
  colour: { light: '#009e73', dark: '#35c79b', line: 'solid' },
  first: true,
  needs: 'images',
  fit(summary) {
    const { mean } = channelMoments(summary)
    return affine(mean, [1], { mean })
  }
})
