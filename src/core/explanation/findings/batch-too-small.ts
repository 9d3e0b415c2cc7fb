import { grouped, percent, points } from '../../numbers'
import { accuracyAtRest, valuesPerMoment } from '../facts'
import { finding } from '../finding-record'

/** Values of a batch from which a mean and a variance are taken: so few are noise. */
export const VALUES_THRESHOLD = 3
/** How much more often the network is right with moving moments than in its steps. */
const GAP_THRESHOLD = 0.1
const BATCH = 32

export const BATCH_TOO_SMALL = finding({
  code: 'batch-too-small',
  name: 'batch too small',
  severity: 'warn',
  seen: { in: 'training' },
  definition: `A batch normalisation takes its means and variances over at most ${VALUES_THRESHOLD} values of a batch; and the network is right on at least ${points(GAP_THRESHOLD)} more of its training images at its end than over the steps of the last epoch, or the batch has one value, which less its mean is 0.`,
  thresholds: [
    {
      name: 'values of a batch',
      value: VALUES_THRESHOLD,
      source:
        'one is 0 and two are −1 and 1 behind a normalisation, whatever they were (Ioffe & Szegedy 2015, algorithm 1)'
    },
    {
      name: 'gap of the accuracies on the training images',
      value: GAP_THRESHOLD,
      source: 'our convention: as for moments that have not settled'
    }
  ],
  find(facts) {
    const { record, config, last } = facts
    const values = valuesPerMoment(facts)
    if (!last || values === undefined || values > VALUES_THRESHOLD) return undefined
    const rest = accuracyAtRest(record)
    const gap = rest === undefined ? undefined : rest - last.trainAccuracy
    if (values > 1 && !(gap !== undefined && gap >= GAP_THRESHOLD)) return undefined
    const what =
      values === 1
        ? 'Batch normalisation has one value of each unit in a batch of one image; less its mean that is 0, so nothing of the image is left in training'
        : `Batch normalisation takes means and variances over ${values} values of each unit in a batch of ${grouped(config.batch)} images, which are noise: in training the network was right on ${percent(last.trainAccuracy)} of the images, and at its end, with moving moments, on ${percent(rest)}`
    return {
      what,
      evidence: [
        {
          name: 'values of a batch',
          definition:
            'images of a batch times places of the layer: over so many a mean and a variance are taken',
          value: values,
          format: 'integer'
        },
        ...(gap === undefined
          ? []
          : [
              {
                name: 'gap on the training images',
                definition:
                  'accuracy of the network at its end on its training images, less that over the steps of the last epoch',
                value: gap,
                format: 'points'
              } as const
            ])
      ],
      since: 1
    }
  },
  remedy: {
    words: `Train with larger batches: ${BATCH} images are usual.`,
    test: `Train the same network with batches of ${BATCH} images.`,
    change: (config) => (config.batch >= BATCH ? undefined : { ...config, batch: BATCH })
  }
})
