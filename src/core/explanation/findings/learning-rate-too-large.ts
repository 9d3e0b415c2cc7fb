import { hasBatchNorm } from '../../network/layers/first-layer'
import { plain } from '../../numbers'
import { lowerFirst } from '../../text'
import { ordinaryStart } from '../facts'
import { finding, measuredOnGrid } from '../finding-record'
import { LOWER_RATE } from '../remedies'
import { peakEvidence, peakOf, PEAK_THRESHOLD, rateEvidence, startLoss } from '../start'

export const LEARNING_RATE_TOO_LARGE = finding({
  code: 'learning-rate-too-large',
  name: 'rate too large',
  severity: 'bad',
  seen: { in: 'training' },
  definition:
    'From pre-activations of an ordinary spread, training diverged, or the mean loss of the first epoch lies above the loss before training, or that of a part of it 50 % above.',
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
    }
  ],
  find(facts) {
    const { record, config, epochs } = facts
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
    if (!(rise > 1 || peak >= PEAK_THRESHOLD)) return undefined
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
