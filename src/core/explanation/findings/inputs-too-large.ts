import { plain } from '../../numbers'
import { furtherOff } from '../facts'
import { finding, measuredOnGrid } from '../finding-record'
import { NEAR_ONE } from '../remedies'
import { startEvidence } from '../start'

/** Large inputs make large steps too, so a network gets over them sooner than over large weights. */
const SIGMA_THRESHOLD = 8

export const INPUTS_TOO_LARGE = finding({
  code: 'inputs-too-large',
  name: 'inputs large',
  severity: 'warn',
  mayBeHarmless: true,
  seen: { in: 'pixels' },
  definition: `Before training, the first layer's pre-activations have a std above ${SIGMA_THRESHOLD}, and the input is further from a root mean square of 1 than the initial weights are from their usual size.`,
  thresholds: [
    {
      name: 'spread of z before training',
      value: SIGMA_THRESHOLD,
      source: measuredOnGrid(
        'over four seeds, runs that start at 5, 7.5 and 12.6 end 0.4, 1.3 and 2.1 points lower than at 0.6; seeds differ by 1'
      )
    }
  ],
  find({ scale }) {
    if (!scale || !(scale.sigma > SIGMA_THRESHOLD)) return undefined
    if (furtherOff(scale, 'large') !== 'inputs') return undefined
    return {
      what: `The input is too large for these initial weights: its root mean square is ${plain(scale.rms, 3)}, and the first layer's pre-activations start with a std of ${plain(scale.sigma, 3)}`,
      evidence: startEvidence(scale),
      since: 0
    }
  },
  remedy: NEAR_ONE
})
