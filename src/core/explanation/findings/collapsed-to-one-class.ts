import { percent } from '../../numbers'
import { finding, measuredOnGrid } from '../finding-record'

/** Share of the test images that are taken for one class. */
const PREDICTED_THRESHOLD = 0.8
/** Share of the test images that are of that class: above, the network is not far from right. */
const OWN_THRESHOLD = 0.7

/** The class that is predicted most, the share of the test images it is predicted for, and that it has. */
function mostPredicted(confusion: readonly (readonly number[])[]): {
  of: number
  predicted: number
  own: number
} {
  const sum = (values: readonly number[]): number => values.reduce((total, n) => total + n, 0)
  const total = sum(confusion.map(sum))
  const columns = confusion.map((_, c) => sum(confusion.map((row) => row[c] ?? 0)))
  const most = Math.max(...columns)
  const of = columns.indexOf(most)
  return { of, predicted: most / total, own: sum(confusion[of] ?? []) / total }
}

export const COLLAPSED = finding({
  code: 'collapsed-to-one-class',
  name: 'one class only',
  severity: 'bad',
  seen: { in: 'images' },
  definition: `At the end, at least ${percent(PREDICTED_THRESHOLD, 0)} of the test images are taken for one class, to which at most ${percent(OWN_THRESHOLD, 0)} of them belong.`,
  thresholds: [
    {
      name: 'images taken for one class',
      value: PREDICTED_THRESHOLD,
      source: measuredOnGrid(
        'collapsed runs 85 to 100 %, healthy runs with ten classes at most 14 %'
      )
    },
    {
      name: 'images of that class',
      value: OWN_THRESHOLD,
      source: 'our convention: with more, naming that class alone is no collapse'
    }
  ],
  find({ record: { confusion }, config, last }) {
    if (!confusion || !last) return undefined
    const { of, predicted, own } = mostPredicted(confusion)
    if (!(predicted >= PREDICTED_THRESHOLD && own <= OWN_THRESHOLD)) return undefined
    return {
      what: `The network takes ${percent(predicted)} of the test images for one class, to which ${percent(own)} of them belong`,
      evidence: [
        {
          name: 'images taken for one class',
          definition:
            'share of the test images for which the class that is predicted most is predicted',
          value: predicted,
          format: 'percent'
        },
        {
          name: 'images of that class',
          definition: 'share of the test images whose label is that class',
          value: own,
          format: 'percent'
        }
      ],
      images: { split: 'test', class: config.classes?.[of] ?? of }
    }
  },
  remedy: {
    words:
      'Look at the classes of the training images: train on equally many of each, or on more of the rare ones.',
    test: 'Train the same network on equally many images of each class.'
  }
})
