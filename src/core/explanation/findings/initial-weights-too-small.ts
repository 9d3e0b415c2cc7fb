import { plain } from '../../numbers'
import { furtherOff, ORDINARY_SIGMA } from '../facts'
import { finding } from '../finding-record'
import { USUAL_WEIGHTS } from '../remedies'
import { plateau, PLATEAU, plateauEvidence, SMALL, startEvidence } from '../start'

export const INITIAL_WEIGHTS_TOO_SMALL = finding({
  code: 'initial-weights-too-small',
  name: 'weights start small',
  severity: 'warn',
  seen: { in: 'activations', epoch: 0 },
  definition: `Before training, the first layer's pre-activations have a std below ${ORDINARY_SIGMA.min}, the initial weights are further from their usual size than the input, and the first epoch hardly changed the loss.`,
  thresholds: [SMALL, PLATEAU],
  find(facts) {
    const { scale } = facts
    if (!scale || !(scale.sigma < ORDINARY_SIGMA.min)) return undefined
    const kept = plateau(facts)
    if (furtherOff(scale, 'small') !== 'weights' || kept === undefined) return undefined
    return {
      what: `The initial weights are too small for this input: the first layer's pre-activations start with a std of ${plain(scale.sigma, 3)}, and the first epoch hardly changed the loss`,
      evidence: [...startEvidence(scale), plateauEvidence(kept)],
      since: 0
    }
  },
  remedy: USUAL_WEIGHTS
})
