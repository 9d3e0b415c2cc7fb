import { grouped, percent, plain } from '../../numbers'
import { AS_CHOSEN } from '../../preprocessing/input'
import { finding, measuredOnGrid } from '../finding-record'

/** Share of the features that vary whose variance is as good as all of it. */
const EFFECTIVE_THRESHOLD = 0.4
/** Greatest range of a feature over the middle one. */
const RANGE_THRESHOLD = 10

export const SCALE_DIFFERS = finding({
  code: 'scale-differs-between-pixels',
  name: 'scales differ',
  severity: 'warn',
  mayBeHarmless: true,
  seen: { in: 'pixels' },
  definition: `The greatest range of a pixel is at least ${RANGE_THRESHOLD} times the middle one, and of the pixels that vary, the effective number by variance is below ${percent(EFFECTIVE_THRESHOLD, 0)}. Not asked where the network normalises its input.`,
  thresholds: [
    {
      name: 'effective share by variance',
      value: EFFECTIVE_THRESHOLD,
      source: measuredOnGrid('scaled pixels 3 to 33 %, all other sets from 58 %')
    },
    {
      name: 'ratio of the ranges',
      value: RANGE_THRESHOLD,
      source: 'our convention: an order of magnitude'
    }
  ],
  find({ input, scale }) {
    // what a normalisation leaves of the differences is not counted
    if (!input || scale?.inputNormalised) return undefined
    const varying = input.features - input.constantFeatures
    const share = varying > 0 ? input.effectiveByVariance / varying : 1
    const { median, max } = input.featureRange
    if (!(share < EFFECTIVE_THRESHOLD && max >= RANGE_THRESHOLD * median)) return undefined
    return {
      what: `The scale differs between pixels: the widest range is ${plain(max / median, 3)} times the middle one, and ${grouped(input.effectiveByVariance)} of the ${grouped(varying)} pixels that vary have nearly all of the variance`,
      evidence: [
        {
          name: 'effective pixels by variance',
          definition: 'exp of the entropy of the pixels’ shares of the summed variance',
          value: input.effectiveByVariance,
          format: 'number'
        },
        {
          name: 'pixels that vary',
          definition: 'features that do not have one value in all training images',
          value: varying,
          format: 'integer'
        },
        {
          name: 'ratio of the ranges',
          definition: 'greatest range of a pixel over the training images, over the middle one',
          value: max / median,
          format: 'number'
        }
      ],
      since: 0
    }
  },
  remedy: {
    words: 'Standardise each pixel by its own mean and std.',
    test: 'Train the same network with each pixel standardised.',
    change: (config) =>
      config.choice.id === 'standardised-per-pixel'
        ? undefined
        : { ...config, choice: { id: 'standardised-per-pixel' }, input: AS_CHOSEN }
  }
})
