import { hasBatchNorm, hasDropout } from '../../network/layers/first-layer'
import { points } from '../../numbers'
import { fitOf, sinceEpoch } from '../facts'
import { finding, measuredOnGrid } from '../finding-record'

const GAP_THRESHOLD = 0.1
/** A gap that says it alone. */
const WIDE_THRESHOLD = 0.2
/** Last test loss over the least. */
const RISE_THRESHOLD = 1.1

export const OVERFITTING = finding({
  code: 'overfitting',
  name: 'overfitted',
  severity: 'warn',
  seen: { in: 'training' },
  definition: `At the end, the training accuracy is at least ${points(WIDE_THRESHOLD)} above the test accuracy, or at least ${points(GAP_THRESHOLD)} and the test loss is at least ${RISE_THRESHOLD} times its least. With dropout or batch normalisation, the training accuracy is that of the network at its end.`,
  thresholds: [
    {
      name: 'gap of the accuracies',
      value: GAP_THRESHOLD,
      source: measuredOnGrid('small training sets 20 to 45 points, healthy runs at most 8')
    },
    {
      name: 'last test loss over the least',
      value: RISE_THRESHOLD,
      source: 'our convention: a rise that one noisy epoch does not make'
    }
  ],
  find(facts) {
    const { config, epochs, last } = facts
    const tested = epochs.flatMap(({ epoch, testLoss }) =>
      testLoss === undefined ? [] : [{ epoch, testLoss }]
    )
    const best = [...tested].sort((a, b) => a.testLoss - b.testLoss)[0]
    if (!best || last?.testLoss === undefined || last.testAccuracy === undefined) return undefined
    const fit = fitOf(facts)
    if (fit === undefined) return undefined
    const gap = fit - last.testAccuracy
    const rise = last.testLoss / best.testLoss
    const atRest = hasBatchNorm(config) || hasDropout(config)
    const rises = rise >= RISE_THRESHOLD
    if (!(gap >= WIDE_THRESHOLD || (gap >= GAP_THRESHOLD && rises))) return undefined
    return {
      what: `The network fits its training images better than others: the training accuracy is ${points(gap)} above the test accuracy${rises ? `, and since epoch ${best.epoch} the test loss has risen` : ''}`,
      evidence: [
        {
          name: 'gap, last epoch',
          definition: atRest
            ? 'accuracy on the training images at the end, without dropout and with moving moments, less test accuracy'
            : 'training accuracy less test accuracy',
          value: gap,
          format: 'points'
        },
        {
          name: 'test loss over its least',
          definition: 'test loss after the last epoch over the least after any epoch',
          value: rise,
          format: 'number'
        }
      ],
      since: sinceEpoch(
        epochs,
        ({ trainAccuracy, testAccuracy }) =>
          trainAccuracy - (testAccuracy ?? trainAccuracy) >= GAP_THRESHOLD
      )
    }
  },
  remedy: {
    words: 'Train on more images or for fewer epochs, or add weight decay.',
    test: 'Train the same network with an L2 penalty of 0.001.',
    change: (config) => ({ ...config, weightDecay: { kind: 'l2', factor: 0.001 } })
  }
})
