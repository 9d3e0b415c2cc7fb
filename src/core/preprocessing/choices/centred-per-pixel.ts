import { featureMoments } from '../../statistics/moments'
import { choice } from '../choice'
import { affine, extremes } from '../fitting'
import { eachPixel } from '../snippet'

export const CENTRED_PER_PIXEL = choice({
  id: 'centred-per-pixel',
  name: 'Centred, each pixel',
  shortName: 'Centred each pixel',
  formula: 'x - mean_p',
  alsoCalled: [{ name: 'mean image subtraction' }],
  definition: 'Each value less the mean of its position: the mean training image is subtracted.',
  source: 'Krizhevsky, Sutskever & Hinton 2012',
  colour: { light: '#44aa99', dark: '#7fd6c8', line: 'dashed' },
  needs: 'images',
  fit(summary) {
    const { mean } = featureMoments(summary)
    return affine(Array.from(mean), [1], { mean: extremes(mean) })
  },
  snippets: () => eachPixel()
})
