import { hasDropout } from '../../network/layers/first-layer'
import { percent, points } from '../../numbers'
import type { RunFacts } from '../facts'
import { finding, measuredOnGrid } from '../finding-record'
import { stepsEvidence } from '../start'

/** Rise of the accuracy that is still going on. */
const RISE_THRESHOLD = 0.1
/** The same from one epoch to the next. */
const EPOCH_RISE_THRESHOLD = 0.05
const EPOCHS_FACTOR = 4

/** What the accuracy still gained at the end, and over what. */
function rising({
  config,
  epochs,
  last
}: RunFacts): { rise: number; over: string; least: number } | undefined {
  if (last?.testAccuracy === undefined) return undefined
  const before = epochs.at(-2)
  if (!before) {
    // dropout lowers the accuracy in training, however long that is
    if (hasDropout(config)) return undefined
    const rise = last.testAccuracy - last.trainAccuracy
    return {
      rise,
      over: 'test accuracy after the only epoch, less the mean training accuracy over it',
      least: RISE_THRESHOLD
    }
  }
  if (!(last.trainLoss < before.trainLoss)) return undefined
  // over all before, not the last of them: the accuracy goes up and down
  const best = Math.max(...epochs.slice(0, -1).map(({ testAccuracy = 1 }) => testAccuracy))
  return {
    rise: last.testAccuracy - best,
    over: 'test accuracy after the last epoch, less the highest after any epoch before',
    least: EPOCH_RISE_THRESHOLD
  }
}

export const TOO_FEW_EPOCHS = finding({
  code: 'too-few-epochs',
  name: 'too few epochs',
  severity: 'warn',
  seen: { in: 'training' },
  definition: `The accuracy still rose at the end: in the last epoch, the test accuracy rose by at least ${points(EPOCH_RISE_THRESHOLD)} over all epochs before; or it is, after a single epoch, at least ${points(RISE_THRESHOLD)} above the mean over the training images of that epoch, in a network without dropout.`,
  thresholds: [
    {
      name: 'rise in a single epoch',
      value: RISE_THRESHOLD,
      source: measuredOnGrid(
        'one epoch of up to 600 images 13 to 32 points; after one epoch of 6,000, 6'
      )
    },
    {
      name: 'rise in the last epoch',
      value: EPOCH_RISE_THRESHOLD,
      source: measuredOnGrid('healthy runs at most 3 points')
    }
  ],
  find(facts) {
    const found = rising(facts)
    if (!found || !(found.rise >= found.least)) return undefined
    const { steps, last } = facts
    return {
      what: `Training ended while the accuracy still rose: by ${points(found.rise)} ${facts.epochs.length > 1 ? 'in the last epoch' : `within the only epoch of ${steps} steps`}`,
      evidence: [
        { name: 'rise at the end', definition: found.over, value: found.rise, format: 'points' },
        stepsEvidence(steps),
        {
          name: 'test accuracy, last epoch',
          definition: `share of the test images that are right; the run ends at ${percent(last!.testAccuracy)}`,
          value: last!.testAccuracy!,
          format: 'percent'
        }
      ],
      since: last!.epoch
    }
  },
  remedy: {
    words: `Train for more epochs, or on more images.`,
    test: `Train the same network for ${EPOCHS_FACTOR} times as many epochs.`,
    change: (config) => ({ ...config, epochs: config.epochs * EPOCHS_FACTOR })
  }
})
