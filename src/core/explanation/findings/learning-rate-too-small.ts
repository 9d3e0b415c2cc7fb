import { hasBatchNorm } from '../../network/layers/first-layer'
import { percent, plain } from '../../numbers'
import { ordinaryStart, valuesPerMoment } from '../facts'
import type { RunFacts } from '../facts'
import { finding, measuredOnGrid } from '../finding-record'
import { VALUES_THRESHOLD } from './batch-too-small'
import { HIGHER_RATE } from '../remedies'
import {
  FALL_THRESHOLD,
  fallEvidence,
  fallOf,
  rateEvidence,
  startLoss,
  STEPS_THRESHOLD,
  stepsEvidence
} from '../start'

/** Relative change of the spread of the first layer's pre-activations. */
const MOVED_THRESHOLD = 0.1

/** Share by which the spread of the first layer's pre-activations changed; undefined where it is not measured. */
function movedOf({ config, start, last }: RunFacts): number | undefined {
  // moving moments change it, whatever the weights do
  if (hasBatchNorm(config)) return undefined
  const [before, after] = [start, last].map((epoch) => epoch?.layers[0]?.preactivation.std)
  return before && after !== undefined ? Math.abs(after / before - 1) : undefined
}

export const LEARNING_RATE_TOO_SMALL = finding({
  code: 'learning-rate-too-small',
  name: 'rate too small',
  severity: 'warn',
  seen: { in: 'training' },
  definition: `From pre-activations of an ordinary spread, the loss fell in every epoch, but after at least ${STEPS_THRESHOLD} steps by no more than ${percent(FALL_THRESHOLD, 0)} of its start, and the spread of the first layer's pre-activations changed by no more than ${percent(MOVED_THRESHOLD, 0)}.`,
  thresholds: [
    {
      name: 'fall of the loss, of its start',
      value: FALL_THRESHOLD,
      source: measuredOnGrid('rates a thousandth of the usual 3 to 33 %, healthy runs from 79 %')
    },
    {
      name: 'change of the spread of z',
      value: MOVED_THRESHOLD,
      source: measuredOnGrid('rates a thousandth of the usual at most 2 %, healthy runs from 60 %')
    },
    {
      name: 'steps',
      value: STEPS_THRESHOLD,
      source: measuredOnGrid('runs of one short epoch have 10 to 13 steps, all others from 54')
    }
  ],
  find(facts) {
    const { config, epochs, steps } = facts
    const begun = startLoss(facts)
    const fall = fallOf(facts)
    if (ordinaryStart(facts) !== true || begun === undefined || fall === undefined) return undefined
    if (steps < STEPS_THRESHOLD) return undefined
    // with moments that are noise the loss stays high at any rate
    if ((valuesPerMoment(facts) ?? Infinity) <= VALUES_THRESHOLD) return undefined
    const losses = [begun, ...epochs.map(({ trainLoss }) => trainLoss)]
    const steady = losses.every((loss, at) => at === 0 || loss < losses[at - 1]!)
    const moved = movedOf(facts)
    const still = moved === undefined || moved <= MOVED_THRESHOLD
    if (!(steady && still && fall <= FALL_THRESHOLD)) return undefined
    const rate = rateEvidence(config)
    return {
      what: `The learning rate of ${plain(rate.value)} is too small here: in ${steps} steps the loss fell by only ${percent(fall)} of its start, and it fell in every epoch`,
      evidence: [
        fallEvidence(fall),
        ...(moved === undefined
          ? []
          : [
              {
                name: 'change of the spread of z',
                definition:
                  'std of the first layer’s pre-activations after the last epoch over that before training, less 1',
                value: moved,
                format: 'percent'
              } as const
            ]),
        stepsEvidence(steps),
        rate
      ],
      since: 1
    }
  },
  remedy: HIGHER_RATE
})
