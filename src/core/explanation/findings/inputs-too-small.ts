import { plain } from '../../numbers'
import { furtherOff, ORDINARY_SIGMA } from '../facts'
import { finding } from '../finding-record'
import { NEAR_ONE } from '../remedies'
import { plateau, PLATEAU, plateauEvidence, SMALL, startEvidence } from '../start'

export const INPUTS_TOO_SMALL = finding({
  code: 'inputs-too-small',
  name: 'inputs small',
  severity: 'warn',
  mayBeHarmless: true,
  seen: { in: 'pixels' },
  definition: `Before training, the first layer's pre-activations have a std below ${ORDINARY_SIGMA.min}, the input is further from a root mean square of 1 than the initial weights are from their usual size, and the first epoch hardly changed the loss.`,
  thresholds: [SMALL, PLATEAU],
  find(facts) {
    const { scale } = facts
    if (!scale || !(scale.sigma < ORDINARY_SIGMA.min)) return undefined
    const kept = plateau(facts)
    if (furtherOff(scale, 'small') !== 'inputs' || kept === undefined) return undefined
    return {
      what: `The input is too small for these initial weights: its root mean square is ${plain(scale.rms, 3)}, and the first epoch hardly changed the loss`,
      evidence: [...startEvidence(scale), plateauEvidence(kept)],
      since: 0
    }
  },
  remedy: NEAR_ONE
})
