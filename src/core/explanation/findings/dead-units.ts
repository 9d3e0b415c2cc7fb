import { seesImages, withActivation } from '../../network/layers/first-layer'
import { percent, plain } from '../../numbers'
import { sinceEpoch, unsettled } from '../facts'
import { finding, measuredOnGrid } from '../finding-record'
import type { EpochRecord } from '../../study/run'
import { standardised } from '../remedies'
import { peakEvidence, peakOf, PEAK_THRESHOLD } from '../start'

/** Share of the hidden units from which dead ones are named. */
const DEAD_THRESHOLD = 0.25
/** Share of a layer's own from which it lets next to nothing through. */
const LAYER_THRESHOLD = 0.75
/** Whoever is right on so many of the training images is held up by nothing. */
const FITTED_THRESHOLD = 0.95

const deadOf = ({ deadUnitFraction = 0 }: EpochRecord): number => deadUnitFraction

/** The layer with the greatest share of its own. */
function worstOf(epoch: EpochRecord | undefined): {
  readonly at: number
  readonly name: string
  readonly dead: number
} {
  const shares = (epoch?.layers ?? []).map(({ deadUnitFraction = 0 }) => deadUnitFraction)
  const dead = Math.max(0, ...shares)
  const at = shares.indexOf(dead)
  return { at, name: epoch?.layers[at]?.name ?? `hidden layer ${at + 1}`, dead }
}

export const DEAD_UNITS = finding({
  code: 'dead-units',
  name: 'dead units',
  severity: 'warn',
  seen: { in: 'activations' },
  definition: `At least ${percent(DEAD_THRESHOLD, 0)} of the hidden units, or ${percent(LAYER_THRESHOLD, 0)} of one layer’s, are 0 for every image of the training split, and the network is right on less than ${percent(FITTED_THRESHOLD, 0)} of it.`,
  thresholds: [
    {
      name: 'dead units',
      value: DEAD_THRESHOLD,
      source: measuredOnGrid('runs that they hold back 37 to 100 %, healthy runs at most 22 %')
    },
    {
      name: 'dead units of one layer',
      value: LAYER_THRESHOLD,
      source: 'our convention: three quarters of what a layer could pass on are missing'
    }
  ],
  find(facts) {
    const { config, epochs, last } = facts
    const dead = last?.deadUnitFraction ?? 0
    const worst = worstOf(last)
    const layer = dead < DEAD_THRESHOLD && worst.dead >= LAYER_THRESHOLD ? worst : undefined
    const found = layer !== undefined || dead >= DEAD_THRESHOLD
    // with moving moments that are off, units are dead that were not in training
    if (!last || !found || last.trainAccuracy >= FITTED_THRESHOLD || unsettled(facts))
      return undefined
    const all = config.layers.some(seesImages) ? 'hidden units and channels' : 'hidden units'
    const whose = layer ? `outputs of ${layer.name} are` : `${all} output`
    const peak = peakOf(facts) ?? 0
    const rose = peak >= PEAK_THRESHOLD
    const after = rose
      ? `, after the loss had risen to ${plain(peak, 3)} times its start in the first epoch`
      : ''
    return {
      ...(layer && { layer: layer.at }),
      what: `${percent(layer?.dead ?? dead)} of the ${whose} 0 for every training image and contribute nothing${after}`,
      evidence: [
        {
          name: 'dead units, last epoch',
          definition:
            'share of the hidden units, channels of a convolution among them, whose pre-activation is at most 0 at every place of every image of the training split',
          value: dead,
          format: 'percent'
        },
        ...(layer
          ? [
              {
                name: 'dead units of that layer, last epoch',
                definition:
                  'share of its units, channels of a convolution, that are at most 0 at every place of every image of the training split',
                value: layer.dead,
                format: 'percent'
              } as const
            ]
          : []),
        ...(rose ? [peakEvidence(peak)] : [])
      ],
      since: sinceEpoch(epochs, (epoch) =>
        layer ? worstOf(epoch).dead >= LAYER_THRESHOLD : deadOf(epoch) >= DEAD_THRESHOLD
      )
    }
  },
  remedy: {
    words:
      'Standardise the images; if they are, use an activation that passes some gradient below 0, such as leaky ReLU.',
    test: 'Train the same network on standardised images, or with leaky ReLU.',
    change: (config) => standardised(config) ?? withActivation(config, 'leaky-relu')
  }
})
