import { percent } from '../../numbers'
import { finding } from '../finding-record'

/** An accuracy is at chance below this part of the way from chance to all right. */
const CHANCE_THRESHOLD = 0.05

export const AT_CHANCE = finding({
  code: 'at-chance',
  name: 'at chance',
  severity: 'bad',
  seen: { in: 'training' },
  definition: `The accuracy lies within ${percent(CHANCE_THRESHOLD, 0)} of the way from chance to 100 %. Chance is the accuracy of always naming the most frequent class of the test images.`,
  thresholds: [
    {
      name: 'part of the way from chance to 100 %',
      value: CHANCE_THRESHOLD,
      source: 'our convention: the network has hardly begun to learn'
    }
  ],
  find({ accuracy, chance, last }) {
    if (chance === undefined || accuracy === undefined || !last) return undefined
    if (!(accuracy < chance + CHANCE_THRESHOLD * (1 - chance))) return undefined
    const better = accuracy > chance ? 'little' : 'no'
    return {
      what: `The network does ${better} better than always guessing the most frequent class, which gives ${percent(chance)}`,
      evidence: [
        {
          name: 'accuracy, last epoch',
          definition:
            'share of the test images that are right, or of the training images where there are none',
          value: accuracy,
          format: 'percent'
        },
        {
          name: 'chance',
          definition: 'accuracy of always naming the most frequent class of the test images',
          value: chance,
          format: 'percent'
        }
      ]
    }
  },
  remedy: {
    words: 'Look at images and labels side by side, and check that they belong together.',
    test: 'Train a network without hidden layers on the same images: what it can learn, a larger one can too.'
  }
})
