import { DIVERGENCE_FACTOR } from '../../study/run'
import { lowerFirst } from '../../text'
import { finding } from '../finding-record'
import { LOWER_RATE } from '../remedies'

export const DIVERGED = finding({
  code: 'diverged',
  name: 'diverged',
  severity: 'bad',
  seen: { in: 'training' },
  definition: `Loss or weights stopped being finite, or the training loss of a whole epoch, and that of its last part, was above ${DIVERGENCE_FACTOR} times the loss before training.`,
  thresholds: [
    {
      name: 'loss of an epoch, and of its last part, over that before training',
      value: DIVERGENCE_FACTOR,
      source: 'our convention'
    }
  ],
  find({ record: { status, divergence } }) {
    if (status !== 'diverged') return undefined
    if (!divergence) return { what: 'Training diverged', evidence: [] }
    const { epoch, step, reason } = divergence
    return {
      what: `Training diverged in epoch ${epoch}, at step ${step}: ${lowerFirst(reason).replace(/\.$/, '')}`,
      evidence: [
        {
          name: 'step of the divergence',
          definition:
            'first step, counted over the whole run, whose loss or weights are not finite, or the last of the epoch whose loss was too high',
          value: step,
          format: 'integer'
        }
      ],
      since: epoch
    }
  },
  remedy: LOWER_RATE
})
