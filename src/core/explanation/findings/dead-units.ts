import { firstLayer, seesImages, withActivation } from '../../network/layers/first-layer'
import { percent, plain, points } from '../../numbers'
import {
  accuracyOf,
  bestOf,
  COST_THRESHOLD,
  lastEpoch,
  sinceEpoch,
  unsettled,
  WIDTH_KEYS
} from '../facts'
import type { RunFacts } from '../facts'
import { finding } from '../finding-record'
import type { EpochRecord, RunRecord } from '../../study/run'
import { standardised } from '../remedies'
import { classCountOf } from '../start-scale'
import { peakEvidence, peakOf, PEAK_THRESHOLD } from '../start'

/** Share of the hidden units from which dead ones are told. */
const DEAD_THRESHOLD = 0.25
/** Share of a layer's own from which, with no more left than there are classes, it costs. */
const LAYER_THRESHOLD = 0.75
/** Whoever is right on so many of the training images is held up by nothing. */
const FITTED_THRESHOLD = 0.95

const deadOf = ({ deadUnitFraction = 0 }: EpochRecord): number => deadUnitFraction

interface Layer {
  readonly at: number
  readonly name: string
  /** share of its units */
  readonly dead: number
  /** nearly all of them are, and no more are left than there are classes */
  readonly blocks: boolean
}

/** The layer that lets least through: with the greatest share of its own among those that block. */
function worstOf(epoch: EpochRecord | undefined, classes: number): Layer | undefined {
  const layers = epoch?.layers ?? []
  // records of older versions count the units of all layers only
  const whole = layers.length === 1 ? epoch?.deadUnitFraction : 0
  return layers
    .map(({ name, units, deadUnitFraction }, at): Layer => {
      const dead = deadUnitFraction ?? whole ?? 0
      const blocks = dead >= LAYER_THRESHOLD && Math.round(units * (1 - dead)) <= classes
      return { at, name: name ?? `hidden layer ${at + 1}`, dead, blocks }
    })
    .sort((a, b) => Number(b.blocks) - Number(a.blocks) || b.dead - a.dead)[0]
}

/** The best run beside this one with fewer dead units, of another scale or activation. */
function livelier({ siblings }: RunFacts, dead: number): RunRecord | undefined {
  return bestOf(
    siblings(...WIDTH_KEYS, 'activation').filter(
      (other) => (lastEpoch(other)?.deadUnitFraction ?? 0) < dead
    )
  )
}

export const DEAD_UNITS = finding({
  code: 'dead-units',
  name: 'dead units',
  severity: 'warn',
  seen: { in: 'activations' },
  definition: `At least ${percent(DEAD_THRESHOLD, 0)} of the hidden units are 0 for every image of the training split. A note only, unless it costs: at least ${percent(LAYER_THRESHOLD, 0)} of one layer’s are, no more of them are left than there are classes, and the network is right on less than ${percent(FITTED_THRESHOLD, 0)} of the split; or a run beside it, of another scale or activation and with fewer of them, is right on at least ${points(COST_THRESHOLD)} more of the images.`,
  thresholds: [
    {
      name: 'dead units',
      value: DEAD_THRESHOLD,
      source: 'our convention: healthy runs of the grid have up to 39 % of a layer'
    },
    {
      name: 'dead units of one layer',
      value: LAYER_THRESHOLD,
      source:
        'beside the tuning half of bench/findings: with 32, 16 and 8 units in place of 128, runs end 0.7, 2.0 and 2.9 points lower; LeNet with 4 of 16 channels, or 1 of 6, 2.4 and 3.6'
    },
    {
      name: 'gap to a run with fewer',
      value: COST_THRESHOLD,
      source: 'our convention: more than the seeds of one configuration differ by on the grid'
    }
  ],
  find(facts) {
    const { record, config, epochs, last, accuracy = 0 } = facts
    const classes = classCountOf(record)
    const dead = last?.deadUnitFraction ?? 0
    const worst = worstOf(last, classes)
    const blocked = worst?.blocks === true
    const layer = dead < DEAD_THRESHOLD && blocked ? worst : undefined
    // with moving moments that are off, units are dead that were not in training
    if (!last || !(layer || dead >= DEAD_THRESHOLD) || unsettled(facts)) return undefined
    const other = livelier(facts, dead)
    const reached = other && accuracyOf(lastEpoch(other))
    const cost = reached === undefined ? 0 : reached - accuracy
    const dearer = cost >= COST_THRESHOLD
    const harmless = !(dearer || (blocked && last.trainAccuracy < FITTED_THRESHOLD))
    const all = config.layers.some(seesImages) ? 'hidden units and channels' : 'hidden units'
    const whose = layer ? `outputs of ${layer.name} are` : `${all} output`
    const peak = peakOf(facts) ?? 0
    const rose = peak >= PEAK_THRESHOLD
    const after = rose
      ? `, after the loss had risen to ${plain(peak, 3)} times its start in the first epoch`
      : ''
    return {
      harmless,
      ...(layer && { layer: layer.at }),
      what: `${percent(layer?.dead ?? dead)} of the ${whose} 0 for every training image and contribute nothing${after}${harmless ? ', at no cost that can be seen' : ''}`,
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
        ...(reached === undefined
          ? []
          : [
              {
                name: 'accuracy of a run with fewer',
                definition:
                  'of the best run of the same network and images, but for their scale or the activation, with a smaller share of dead units',
                value: reached,
                format: 'percent'
              } as const
            ]),
        ...(rose ? [peakEvidence(peak)] : [])
      ],
      since: sinceEpoch(epochs, (epoch) =>
        layer ? worstOf(epoch, classes)?.blocks === true : deadOf(epoch) >= DEAD_THRESHOLD
      ),
      ...(dearer && { beside: `a run with fewer of them is ${points(cost)} better` })
    }
  },
  remedy: {
    words:
      'Standardise the images; if they are, or the network normalises them itself, use an activation that passes some gradient below 0, such as leaky ReLU.',
    test: 'Train the same network on standardised images, or with leaky ReLU.',
    change(config) {
      const { normalisedInput, behind } = firstLayer(config)
      const leaky = withActivation(config, 'leaky-relu')
      return normalisedInput || behind ? leaky : (standardised(config) ?? leaky)
    }
  }
})
