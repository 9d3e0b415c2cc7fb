import { percent, plain } from '../../numbers'
import { fitOf } from '../facts'
import { finding, measuredOnGrid } from '../finding-record'
import { TEST_LIMITS, testIsLike } from '../start-scale'

const { shift: SHIFT_THRESHOLD, spread: SPREAD_THRESHOLD } = TEST_LIMITS
/** How much lower the test accuracy is. */
const GAP_THRESHOLD = 0.1
/** Twice as far apart: said whatever it costs. */
const FAR_SHIFT = 2 * SHIFT_THRESHOLD
const FAR_SPREAD = SPREAD_THRESHOLD ** 2

export const TRAIN_TEST_MISMATCH = finding({
  code: 'train-test-mismatch',
  name: 'test differs',
  severity: 'bad',
  seen: { in: 'pixels' },
  definition: `The stored values of the test images have a mean at least ${SHIFT_THRESHOLD} stds from that of the training images, or a std at least ${SPREAD_THRESHOLD} times as large or as small, in one channel, and the test accuracy is at least ${percent(GAP_THRESHOLD, 0)} below the training accuracy; or the means are ${FAR_SHIFT} stds apart, or the stds ${FAR_SPREAD} times, whatever the accuracy.`,
  thresholds: [
    {
      name: 'difference of the means',
      value: SHIFT_THRESHOLD,
      source: measuredOnGrid('inverted test images 1.2; splits of one set below 0.05')
    },
    {
      name: 'ratio of the stds',
      value: SPREAD_THRESHOLD,
      source: measuredOnGrid('test images divided once more 255; splits of one set below 1.05')
    },
    {
      name: 'gap of the accuracies',
      value: GAP_THRESHOLD,
      source: measuredOnGrid('mismatched runs 76 to 90 points; healthy runs at most 7 points')
    }
  ],
  find(facts) {
    const { input, last } = facts
    const test = input?.test
    if (!test || last?.testAccuracy === undefined) return undefined
    const spread = Math.max(test.spread, 1 / test.spread)
    const fit = fitOf(facts) ?? last.trainAccuracy
    const gap = fit - last.testAccuracy
    const far = test.shift >= FAR_SHIFT || spread >= FAR_SPREAD
    if (!(far || (!testIsLike(test) && gap >= GAP_THRESHOLD))) return undefined
    const how =
      spread >= SPREAD_THRESHOLD
        ? `have ${plain(test.spread, 3)} times the std`
        : `have a mean ${plain(test.shift, 3)} stds away`
    return {
      what: `The test images are not like the training images: their values ${how}; the network is right on ${percent(fit)} of the training images and ${percent(last.testAccuracy)} of the test images`,
      evidence: [
        {
          name: 'difference of the means',
          definition:
            'mean of the stored test values less that of the training values, in stds of these, of the channel where it is greatest',
          value: test.shift,
          format: 'number'
        },
        {
          name: 'ratio of the stds',
          definition:
            'std of the stored test values over that of the training values, of the channel where it is furthest from 1',
          value: test.spread,
          format: 'number'
        },
        {
          name: 'gap, last epoch',
          definition: 'training accuracy less test accuracy',
          value: gap,
          format: 'points'
        }
      ],
      since: 0
    }
  },
  remedy: {
    words: 'Store and preprocess the test images as the training images are.',
    test: 'Open the set with test images that are stored like the training images, and train again.'
  }
})
