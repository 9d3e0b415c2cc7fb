import { percent, plain } from '../../numbers'
import { sinceEpoch } from '../facts'
import { finding, measuredOnGrid } from '../finding-record'
import { standardised } from '../remedies'
import { peakEvidence, peakOf, PEAK_THRESHOLD } from '../start'

/** Share of the hidden units from which dead ones are named. */
const DEAD_THRESHOLD = 0.25
/** Whoever is right on so many of the training images is held up by nothing. */
const FITTED_THRESHOLD = 0.95

export const DEAD_UNITS = finding({
  code: 'dead-units',
  name: 'dead units',
  severity: 'warn',
  seen: { in: 'activations' },
  definition: `At least ${percent(DEAD_THRESHOLD, 0)} of the hidden units are 0 for every image of the training split, and the network is right on less than ${percent(FITTED_THRESHOLD, 0)} of it.`,
  thresholds: [
    {
      name: 'dead units',
      value: DEAD_THRESHOLD,
      source: measuredOnGrid('runs that they hold back 37 to 100 %, healthy runs at most 22 %')
    }
  ],
  find(facts) {
    const { epochs, last } = facts
    const dead = last?.deadUnitFraction ?? 0
    if (!last || !(dead >= DEAD_THRESHOLD && last.trainAccuracy < FITTED_THRESHOLD))
      return undefined
    const peak = peakOf(facts) ?? 0
    const rose = peak >= PEAK_THRESHOLD
    const after = rose
      ? `, after the loss had risen to ${plain(peak, 3)} times its start in the first epoch`
      : ''
    return {
      what: `${percent(dead)} of the hidden units output 0 for every training image and contribute nothing${after}`,
      evidence: [
        {
          name: 'dead units, last epoch',
          definition:
            'share of the hidden units whose pre-activation is at most 0 for every image of the training split',
          value: dead,
          format: 'percent'
        },
        ...(rose ? [peakEvidence(peak)] : [])
      ],
      since: sinceEpoch(epochs, ({ deadUnitFraction = 0 }) => deadUnitFraction >= DEAD_THRESHOLD)
    }
  },
  remedy: {
    words:
      'Standardise the images; if they are, use an activation that passes some gradient below 0, such as leaky ReLU.',
    test: 'Train the same network on standardised images, or with leaky ReLU.',
    change: (config) => standardised(config) ?? { ...config, activation: 'leaky-relu' }
  }
})
