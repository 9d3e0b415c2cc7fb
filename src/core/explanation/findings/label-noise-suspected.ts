import { hasBatchNorm, hasDropout } from '../../network/layers/first-layer'
import { percent, points } from '../../numbers'
import { accuracyAtRest } from '../facts'
import type { RunFacts } from '../facts'
import { finding, measuredOnGrid } from '../finding-record'
import type { Found } from '../finding-record'

/** How much lower the accuracy over an epoch's training images is than on the test images before it. */
const BELOW_THRESHOLD = 0.1
/** Evenness of the errors over the other classes, from 0 (all one class) to 1 (all alike). */
const EVEN_THRESHOLD = 0.9
/** Share of the test images that are wrong. */
const ERROR_THRESHOLD = 0.2
/** Way from chance to all right that is left: a network that learned nothing is evenly wrong too. */
const LEARNED_THRESHOLD = 0.15
/** A training loss that falls by less from one epoch to the next has settled. */
const SETTLED_THRESHOLD = 0.1
/** Classes from which evenness is measured. */
const CLASSES = 4

/**
 * Entropy of the errors over the classes that they are taken for, as a share of the greatest that
 * there can be: mean over the rows, each weighing as much as it has errors.
 */
function evenness(confusion: readonly (readonly number[])[]): number {
  let weighed = 0
  let errors = 0
  confusion.forEach((row, label) => {
    const wrong = row.filter((_, column) => column !== label)
    const total = wrong.reduce((sum, n) => sum + n, 0)
    if (total === 0) return
    const entropy = wrong.reduce(
      (sum, n) => sum - (n > 0 ? (n / total) * Math.log(n / total) : 0),
      0
    )
    weighed += (total * entropy) / Math.log(wrong.length)
    errors += total
  })
  return errors > 0 ? weighed / errors : 0
}

function worseThanTest({ config, record, epochs, last }: RunFacts): Found | undefined {
  // dropout, and moments of small batches, hold a network back in its steps alone
  if (hasDropout(config) || hasBatchNorm(config)) return worseAtRest({ record, last })
  const before = epochs.at(-2)?.testAccuracy
  if (before === undefined || !last) return undefined
  const below = before - last.trainAccuracy
  if (!(below >= BELOW_THRESHOLD)) return undefined
  return {
    what: `Training labels may be wrong: on average over the last epoch, the network was right on ${percent(last.trainAccuracy)} of the training images, though it was right on ${percent(before)} of the test images before that epoch`,
    evidence: [
      {
        name: 'training below test',
        definition:
          'test accuracy just before the last epoch, less the accuracy over the training images of the last epoch',
        value: below,
        format: 'points'
      }
    ],
    since: epochs.at(-1)!.epoch,
    images: { split: 'train', wrong: true }
  }
}

/** The same, of the network as it is at the end. */
function worseAtRest({ record, last }: Pick<RunFacts, 'record' | 'last'>): Found | undefined {
  const fit = accuracyAtRest(record)
  if (fit === undefined || last?.testAccuracy === undefined) return undefined
  const below = last.testAccuracy - fit
  if (!(below >= BELOW_THRESHOLD)) return undefined
  return {
    what: `Training labels may be wrong: at its end the network is right on ${percent(fit)} of the training images, though it is right on ${percent(last.testAccuracy)} of the test images`,
    evidence: [
      {
        name: 'training below test',
        definition: 'test accuracy at the end, less the accuracy on the training images at the end',
        value: below,
        format: 'points'
      }
    ],
    since: last.epoch,
    images: { split: 'train', wrong: true }
  }
}

/** Whether the network has learned from its training images what it can, and they are as hard for it. */
function settled({ epochs, last }: RunFacts): boolean {
  const before = epochs.at(-2)
  if (!before || last?.testAccuracy === undefined) return false
  const fall = 1 - last.trainLoss / before.trainLoss
  return fall < SETTLED_THRESHOLD && last.trainAccuracy - last.testAccuracy < BELOW_THRESHOLD
}

function evenErrors(facts: RunFacts): Found | undefined {
  const { record, accuracy, chance } = facts
  const { confusion } = record
  if (!confusion || confusion.length < CLASSES || accuracy === undefined) return undefined
  if (!settled(facts)) return undefined
  const learned = accuracy - (chance ?? 1 / confusion.length)
  const even = evenness(confusion)
  if (!(
    even >= EVEN_THRESHOLD &&
    1 - accuracy >= ERROR_THRESHOLD &&
    learned >= LEARNED_THRESHOLD
  )) {
    return undefined
  }
  return {
    what: `Labels may be wrong: ${percent(1 - accuracy)} of the test images are taken for another class, and these errors are spread evenly over the classes, as random labels would be`,
    evidence: [
      {
        name: 'evenness of the errors',
        definition:
          'entropy of the test errors over the other classes, as a share of the greatest there can be; mean over the classes',
        value: even,
        format: 'percent'
      },
      {
        name: 'errors',
        definition: 'share of the test images that are wrong at the end',
        value: 1 - accuracy,
        format: 'percent'
      }
    ],
    images: { split: 'test', wrong: true }
  }
}

export const LABEL_NOISE = finding({
  code: 'label-noise-suspected',
  name: 'labels in doubt',
  severity: 'warn',
  seen: { in: 'images' },
  definition: `Over the last epoch, the accuracy on the training images was at least ${points(BELOW_THRESHOLD)} below that on the test images before it (with dropout or batch normalisation, both are of the network at its end); or training has settled, training and test images are equally hard, at least ${percent(ERROR_THRESHOLD, 0)} of the test images are wrong, and their errors are spread over the classes with at least ${percent(EVEN_THRESHOLD, 0)} of the greatest entropy.`,
  thresholds: [
    {
      name: 'training below test',
      value: BELOW_THRESHOLD,
      source: measuredOnGrid(
        '40 % of the training labels permuted 19 to 24 points, healthy runs below 0'
      )
    },
    {
      name: 'evenness of the errors',
      value: EVEN_THRESHOLD,
      source: measuredOnGrid(
        '40 % of all labels permuted 94 %; other runs that have learned and settled at most 77 %'
      )
    }
  ],
  find: (facts) => worseThanTest(facts) ?? evenErrors(facts),
  remedy: {
    words: 'Look at the images that are wrong, and at how labels and images were paired.',
    test: 'Correct the labels, and train the same network on them.'
  }
})
