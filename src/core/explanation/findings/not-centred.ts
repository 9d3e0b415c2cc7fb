import { percent, plain } from '../../numbers'
import { ORDINARY_SIGMA } from '../facts'
import { finding, measuredOnGrid } from '../finding-record'
import { standardised } from '../remedies'

/** mean² as a share of E[x²]. */
const MEAN_THRESHOLD = 0.75

export const NOT_CENTRED = finding({
  code: 'not-centred',
  name: 'not centred',
  severity: 'warn',
  mayBeHarmless: true,
  seen: { in: 'pixels' },
  definition: `At least ${percent(MEAN_THRESHOLD, 0)} of the input's mean square is the square of its mean, and without the mean, the first layer's pre-activations would start with a std of at most ${ORDINARY_SIGMA.max}. Not asked where a normalisation of the input or a batch normalisation behind the first layer takes the mean away.`,
  thresholds: [
    {
      name: 'share of the mean',
      value: MEAN_THRESHOLD,
      source: measuredOnGrid(
        'shifted sets 88 to 99.9 %, healthy runs at most 40 %; LeCun et al. 1998, section 4.3, on why inputs are centred'
      )
    }
  ],
  find({ input, scale }) {
    if (!input || !(input.secondMoment > 0)) return undefined
    // a normalisation takes the mean away: of the input, or of what the first layer makes of it
    if (scale?.inputNormalised || scale?.unnormalised !== undefined) return undefined
    const share = input.mean ** 2 / input.secondMoment
    // else the size of the values comes first, whatever their mean
    const centred = (scale?.gain ?? 1) * input.std
    if (!(share >= MEAN_THRESHOLD && centred <= ORDINARY_SIGMA.max)) return undefined
    return {
      what: `The input is not centred: its mean is ${plain(input.mean, 3)} and its std ${plain(input.std, 3)}, so ${percent(share)} of its mean square is the mean, the same in every image`,
      evidence: [
        {
          name: 'share of the mean',
          definition:
            'squared mean of all values that the network is given, over their mean square',
          value: share,
          format: 'percent'
        },
        {
          name: 'mean of the input',
          definition: 'mean of all values that the network is given',
          value: input.mean,
          format: 'number'
        },
        {
          name: 'std of the input',
          definition: 'population std of all values that the network is given',
          value: input.std,
          format: 'number'
        }
      ],
      since: 0
    }
  },
  remedy: {
    words: 'Subtract the mean of the training images.',
    test: 'Train the same network on standardised images.',
    change: standardised
  }
})
