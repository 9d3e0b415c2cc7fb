import { grouped, percent } from '../../numbers'
import { finding } from '../finding-record'

/** Share of the features without variance from which it is worth a note. */
const CONSTANT_THRESHOLD = 0.1

export const CONSTANT_PIXELS = finding({
  code: 'constant-pixels',
  name: 'constant pixels',
  severity: 'note',
  seen: { in: 'pixels' },
  definition: `At least ${percent(CONSTANT_THRESHOLD, 0)} of the values of an image are the same in all training images.`,
  thresholds: [
    {
      name: 'share of constant pixels',
      value: CONSTANT_THRESHOLD,
      source: 'our convention: a tenth of the pixels does not help to tell images apart'
    }
  ],
  find({ input }) {
    if (!input || !(input.constantFeatures >= CONSTANT_THRESHOLD * input.features)) return undefined
    return {
      what: `${grouped(input.constantFeatures)} of the ${grouped(input.features)} values of an image are the same in all training images and do not help to tell them apart`,
      evidence: [
        {
          name: 'constant pixels',
          definition: 'features with one value in all training images',
          value: input.constantFeatures,
          format: 'integer'
        }
      ],
      since: 0
    }
  },
  remedy: {
    words: 'Crop the images, or leave the pixels as they are: by themselves they do no harm.',
    test: 'Crop the images, and train the same network on them.'
  }
})
