import { plain } from '../../numbers'
import { furtherOff, ORDINARY_SIGMA } from '../facts'
import { finding } from '../finding-record'
import { USUAL_WEIGHTS } from '../remedies'
import { LARGE, startEvidence } from '../start'

export const INITIAL_WEIGHTS_TOO_LARGE = finding({
  code: 'initial-weights-too-large',
  name: 'weights start large',
  severity: 'warn',
  seen: { in: 'activations', epoch: 0 },
  definition: `Before training, the first layer's pre-activations have a std above ${ORDINARY_SIGMA.max}, and the initial weights are further from their usual size than the input.`,
  thresholds: [LARGE],
  find({ scale }) {
    if (!scale || !(scale.sigma > ORDINARY_SIGMA.max)) return undefined
    if (furtherOff(scale, 'large') !== 'weights') return undefined
    return {
      what: `The initial weights are too large for this input: the first layer's pre-activations start with a std of ${plain(scale.sigma, 3)}`,
      evidence: startEvidence(scale),
      since: 0
    }
  },
  remedy: USUAL_WEIGHTS
})
