import { hasBatchNorm } from '../../network/layers/first-layer'
import { optimiserOf } from '../../network/optimisers'
import { grouped, percent, plain } from '../../numbers'
import { lowerFirst } from '../../text'
import { ordinaryStart, valuesPerMoment } from '../facts'
import type { RunFacts } from '../facts'
import { finding, measuredOnGrid } from '../finding-record'
import { LOWER_RATE } from '../remedies'
import {
  FALL_THRESHOLD,
  fallEvidence,
  fallOf,
  peakEvidence,
  peakOf,
  PEAK_THRESHOLD,
  rateEvidence,
  startLoss,
  STEPS_THRESHOLD,
  stepsEvidence
} from '../start'
import { VALUES_THRESHOLD } from './batch-too-small'

/** Times the optimiser's usual rate from which a loss that hardly falls is the rate's. */
const TIMES_THRESHOLD = 10

/** The fall of the loss, where a rate of many times the usual leaves it so small. */
function stuck(facts: RunFacts): { readonly fall: number; readonly times: number } | undefined {
  const { config, steps } = facts
  const { id, learningRate } = config.optimiser
  const times = learningRate / optimiserOf(id).learningRate
  const fall = fallOf(facts)
  if (fall === undefined || steps < STEPS_THRESHOLD || times < TIMES_THRESHOLD) return undefined
  // with moments that are noise the loss stays high at any rate
  if ((valuesPerMoment(facts) ?? Infinity) <= VALUES_THRESHOLD) return undefined
  return fall <= FALL_THRESHOLD ? { fall, times } : undefined
}

export const LEARNING_RATE_TOO_LARGE = finding({
  code: 'learning-rate-too-large',
  name: 'rate too large',
  severity: 'bad',
  seen: { in: 'training' },
  definition: `From pre-activations of an ordinary spread, training diverged, or the mean loss of the first epoch lies above the loss before training, or that of a part of it 50 % above; or with at least ${TIMES_THRESHOLD} times the optimiser’s usual rate, after at least ${STEPS_THRESHOLD} steps, the loss fell by no more than ${percent(FALL_THRESHOLD, 0)} of its start.`,
  thresholds: [
    {
      name: 'peak of the loss over that before training',
      value: PEAK_THRESHOLD,
      source: measuredOnGrid('rates 100 times the usual from 2.2, all other runs at most 1.02')
    },
    {
      name: 'loss of the first epoch over that before training',
      value: 1,
      source: measuredOnGrid('rates 100 times the usual 1.2 to 8.1; healthy runs at most 0.36')
    },
    {
      name: 'rate over the usual, where the loss hardly falls',
      value: TIMES_THRESHOLD,
      source: 'our convention: an order of magnitude'
    },
    {
      name: 'fall of the loss, of its start',
      value: FALL_THRESHOLD,
      source: measuredOnGrid('rates 15 to 30 times the usual 2 to 30 %, healthy runs from 79 %')
    }
  ],
  find(facts) {
    const { record, config, epochs, steps } = facts
    if (ordinaryStart(facts) !== true) return undefined
    const rate = rateEvidence(config)
    if (record.status === 'diverged') {
      const { divergence } = record
      const where = divergence
        ? ` in epoch ${divergence.epoch}, at step ${divergence.step}: ${lowerFirst(divergence.reason).replace(/\.$/, '')}`
        : ''
      return {
        what: `The learning rate of ${plain(rate.value)} is too large here: from an ordinary start, training diverged${where}`,
        evidence: [rate],
        since: divergence?.epoch ?? 1
      }
    }
    const first = epochs[0]
    const peak = peakOf(facts)
    const begun = startLoss(facts)
    if (begun === undefined || !first || peak === undefined) return undefined
    const rise = first.trainLoss / begun
    if (!(rise > 1 || peak >= PEAK_THRESHOLD)) {
      const held = stuck(facts)
      return (
        held && {
          what: `The learning rate of ${plain(rate.value)} is too large here: it is ${plain(held.times, 3)} times the usual one, and in ${grouped(steps)} steps the loss fell by only ${percent(held.fall)} of its start`,
          evidence: [fallEvidence(held.fall), stepsEvidence(steps), rate],
          since: 1
        }
      )
    }
    const over = rise > 1 ? 'on average over the first epoch' : 'in a part of the first epoch'
    const reached = begun * (rise > 1 ? rise : peak)
    return {
      what: `The learning rate of ${plain(rate.value)} is too large here: the loss rose from ${plain(begun, 3)} ${hasBatchNorm(config) ? 'at the start' : 'before training'} to ${plain(reached, 3)} ${over}`,
      evidence: [
        {
          name: 'loss of the first epoch over that before training',
          definition:
            'mean loss over the first epoch’s steps, over the loss of the same images before training',
          value: rise,
          format: 'number'
        },
        peakEvidence(peak),
        rate
      ],
      since: 1
    }
  },
  remedy: LOWER_RATE
})
