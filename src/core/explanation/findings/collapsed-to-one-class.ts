import { percent } from '../../numbers'
import type { RunRecord } from '../../study/run'
import { finding, measuredOnGrid } from '../finding-record'

/** Share of the test images that are taken for one class. */
const PREDICTED_THRESHOLD = 0.8
/** Share of the test images that are of that class: above, the network is not far from right. */
const OWN_THRESHOLD = 0.7

/** Share of the training images that are of one class. */
const SEEN_THRESHOLD = 0.8
/** How much more often than it occurs a class is predicted that was nearly all there was to see. */
const TIMES_THRESHOLD = 2

/** Share of a class of the run among its training images; undefined where that is not known. */
function seenShare(
  { config, trainClassCounts }: Pick<RunRecord, 'config' | 'trainClassCounts'>,
  of: number
): number | undefined {
  const counts = config.classes?.map((label) => trainClassCounts?.[label] ?? 0) ?? trainClassCounts
  const total = (counts ?? []).reduce((sum, n) => sum + n, 0)
  return total > 0 ? (counts?.[of] ?? 0) / total : undefined
}

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
  definition: `At the end, at least ${percent(PREDICTED_THRESHOLD, 0)} of the test images are taken for one class, to which at most ${percent(OWN_THRESHOLD, 0)} of them belong; or at least ${percent(SEEN_THRESHOLD, 0)} of the training images are of one class, at most ${percent(OWN_THRESHOLD, 0)} of the test images are, and at least ${TIMES_THRESHOLD} times as many of these are taken for it.`,
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
    },
    {
      name: 'training images of one class',
      value: SEEN_THRESHOLD,
      source: 'our convention: as many as of images taken for one class'
    },
    {
      name: 'images taken for that class, over those of it',
      value: TIMES_THRESHOLD,
      source: 'our convention: no class is named so often by chance'
    }
  ],
  find({ record, config, last }) {
    const { confusion } = record
    if (!confusion || !last) return undefined
    const { of, predicted, own } = mostPredicted(confusion)
    const seen = seenShare(record, of)
    const oneSided = (seen ?? 0) >= SEEN_THRESHOLD && predicted >= TIMES_THRESHOLD * own
    if (!(own <= OWN_THRESHOLD && (predicted >= PREDICTED_THRESHOLD || oneSided))) return undefined
    const because = oneSided ? `, and ${percent(seen)} of the training images` : ''
    return {
      what: `The network takes ${percent(predicted)} of the test images for one class, to which ${percent(own)} of them belong${because}`,
      evidence: [
        ...(seen === undefined
          ? []
          : [
              {
                name: 'training images of that class',
                definition: 'share of the training images whose label is that class',
                value: seen,
                format: 'percent'
              } as const
            ]),
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
