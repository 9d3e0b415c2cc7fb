import { plain } from '../../numbers'
import { furtherOff, ORDINARY_SIGMA } from '../facts'
import { finding } from '../finding-record'
import { NEAR_ONE } from '../remedies'
import { LARGE, startEvidence } from '../start'

export const INPUTS_TOO_LARGE = finding({
  code: 'inputs-too-large',
  name: 'inputs large',
  severity: 'warn',
  mayBeHarmless: true,
  seen: { in: 'pixels' },
  definition: `Before training, the first layer's pre-activations have a std above ${ORDINARY_SIGMA.max}, and the input is further from a root mean square of 1 than the initial weights are from their usual size.`,
  thresholds: [LARGE],
  find({ scale }) {
    if (!scale || !(scale.sigma > ORDINARY_SIGMA.max)) return undefined
    if (furtherOff(scale, 'large') !== 'inputs') return undefined
    return {
      what: `The input is too large for these initial weights: its root mean square is ${plain(scale.rms, 3)}, and the first layer's pre-activations start with a std of ${plain(scale.sigma, 3)}`,
      evidence: startEvidence(scale),
      since: 0
    }
  },
  remedy: NEAR_ONE
})
