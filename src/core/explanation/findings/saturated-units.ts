import { percent, points } from '../../numbers'
import type { RunConfig } from '../../network/config'
import { hasBatchNorm } from '../../network/layers/first-layer'
import { SATURATION_THRESHOLD } from '../../saturation/saturation'
import type { EpochRecord, RunRecord } from '../../study/run'
import {
  accuracyOf,
  bestOf,
  COST_THRESHOLD,
  isCurved,
  lastEpoch,
  ORDINARY_SIGMA,
  saturationOf,
  sinceEpoch,
  WIDTH_KEYS
} from '../facts'
import type { RunFacts } from '../facts'
import { finding, measuredOnGrid } from '../finding-record'
import type { Found } from '../finding-record'
import { standardised } from '../remedies'

/** Share of a layer's unit-samples that is saturated before training and at the end. */
const SATURATED_THRESHOLD = 0.7
/** Less than this is saturated before training in a run that is called unsaturated. */
const UNSATURATED_THRESHOLD = 0.25

const DEFINITION = `share of the layer's pre-activations, over units, places of a convolution and probe images, with |f'(z)| below ${percent(SATURATION_THRESHOLD, 0)} of its greatest`

/** The layer with such an activation that is most saturated at an epoch. */
function worstOf(
  epoch: EpochRecord | undefined,
  config: RunConfig
): { layer: number; name: string; share: number } | undefined {
  const layers = epoch?.layers ?? []
  const all = layers.flatMap((of, layer) => {
    const name = of.name ?? (layers.length > 1 ? `hidden layer ${layer + 1}` : 'the hidden layer')
    return isCurved(of, config) ? [{ layer, name, share: saturationOf(of) ?? 0 }] : []
  })
  return all.sort((a, b) => b.share - a.share)[0]
}

const shareAt = (epoch: EpochRecord | undefined, layer: number): number =>
  saturationOf(epoch?.layers[layer]) ?? 0

/** f' is at most 1 where a unit is not saturated, and at most the threshold where it is. */
const passes = (share: number): number => 1 - (1 - SATURATION_THRESHOLD) * share

/** The best run beside this one that started unsaturated and ends less so. */
function unsaturated({ siblings }: RunFacts, layer: number, share: number): RunRecord | undefined {
  return bestOf(
    siblings(...WIDTH_KEYS).filter(
      (other) =>
        shareAt(other.epochs[0], layer) < UNSATURATED_THRESHOLD &&
        shareAt(lastEpoch(other), layer) < share
    )
  )
}

export const SATURATED_UNITS = finding({
  code: 'saturated-units',
  name: 'saturated units',
  severity: 'warn',
  seen: { in: 'activations' },
  definition: `Hidden units of an activation that flattens out on both sides, where it costs, in a network without batch normalisation: at least ${percent(SATURATED_THRESHOLD, 0)} of a layer's unit-samples were saturated before training and are at the end, so little of the gradient passes; or at least ${percent(UNSATURATED_THRESHOLD, 0)} were before training, and a run beside it that started less saturated is right on at least ${percent(COST_THRESHOLD, 0)} more of the images.`,
  thresholds: [
    {
      name: 'saturated before training',
      value: SATURATED_THRESHOLD,
      source: measuredOnGrid(
        'tanh that starts with 72 to 77 % ends 1.5 to 5.5 points below standardised images, with 50 to 66 % 2 to 3; healthy runs start with at most 10 %'
      )
    },
    {
      name: 'gap to an unsaturated run',
      value: COST_THRESHOLD,
      source: 'our convention: more than the seeds of one configuration differ by on the grid'
    }
  ],
  find(facts): Found | undefined {
    const { config, record, start, last, accuracy } = facts
    const worst = worstOf(start, config)
    // before training and with unsettled moments, batch normalisations are not what they are in training
    if (hasBatchNorm(config) || !worst || !last) return undefined
    const { layer, name, share } = worst
    const end = shareAt(last, layer)
    const other = unsaturated(facts, layer, share)
    const reached = other && accuracyOf(lastEpoch(other))
    const cost = reached === undefined ? 0 : reached - (accuracy ?? 0)
    const blocked = share >= SATURATED_THRESHOLD && end >= SATURATED_THRESHOLD
    const dearer = share >= UNSATURATED_THRESHOLD && cost >= COST_THRESHOLD
    if (!blocked && !dearer) return undefined
    return {
      layer,
      what: `${percent(share)} of the pre-activations of ${name} were saturated before training and ${percent(end)} are at the end: at most ${percent(passes(Math.min(share, end)))} of the gradient passes it on average`,
      evidence: [
        {
          name: 'saturated before training',
          definition: DEFINITION,
          value: share,
          format: 'percent'
        },
        { name: 'saturated, last epoch', definition: DEFINITION, value: end, format: 'percent' },
        {
          name: 'gradient that passes, at most',
          definition: `upper bound of the mean |f'| of its greatest: 1 where a unit-sample is not saturated, ${SATURATION_THRESHOLD} where it is`,
          value: passes(Math.min(share, end)),
          format: 'percent'
        },
        ...(reached === undefined
          ? []
          : [
              {
                name: 'accuracy of an unsaturated run',
                definition:
                  'of the best run of the same network and images that started with less than a quarter saturated',
                value: reached,
                format: 'percent'
              } as const
            ])
      ],
      since: sinceEpoch(
        record.epochs,
        (epoch) => shareAt(epoch, layer) >= (blocked ? SATURATED_THRESHOLD : UNSATURATED_THRESHOLD)
      ),
      ...(cost >= COST_THRESHOLD
        ? { beside: `a run that started unsaturated is ${points(cost)} better` }
        : {})
    }
  },
  remedy: {
    words: `Standardise the images, so that the pre-activations start with a std near 1 (at most ${ORDINARY_SIGMA.max}).`,
    test: 'Train the same network on standardised images.',
    change: standardised
  }
})
