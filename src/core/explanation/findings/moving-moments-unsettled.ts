import { percent, points } from '../../numbers'
import { accuracyAtRest, momentsLeft, sinceEpoch, unsettled, UNSETTLED } from '../facts'
import { finding } from '../finding-record'
import { stepsEvidence } from '../start'

/** Share of the moving moments that a step keeps where they follow sooner: as PyTorch's default. */
const MOMENTUM = 0.9
const EPOCHS_FACTOR = 4

export const MOVING_MOMENTS_UNSETTLED = finding({
  code: 'moving-moments-unsettled',
  name: 'moments not settled',
  severity: 'bad',
  seen: { in: 'training' },
  definition: `A network with batch normalisation is right on at least ${points(UNSETTLED.gap)} fewer of its training images at its end, with the moving means and variances, than over the steps of the last epoch, with those of each batch; and the moving ones have had at most ${UNSETTLED.steps} steps.`,
  thresholds: [
    {
      name: 'gap of the accuracies on the training images',
      value: UNSETTLED.gap,
      source:
        'our convention: the accuracy over an epoch is a mean over worse networks, so that at its end is higher as a rule'
    },
    {
      name: 'steps',
      value: UNSETTLED.steps,
      source:
        'our convention: with a momentum of .99 a thousand steps leave 4e-5 of what the moments were'
    }
  ],
  find(facts) {
    const { record, config, epochs, last, steps } = facts
    if (!last || !unsettled(facts)) return undefined
    const rest = accuracyAtRest(record)!
    return {
      what: `The moving means and variances of batch normalisation have not settled in ${steps} steps: over the last epoch, with those of each batch, the network was right on ${percent(last.trainAccuracy)} of the training images, and at its end, with the moving ones, on ${percent(rest)} of the same images`,
      evidence: [
        {
          name: 'gap on the training images',
          definition:
            'accuracy over the steps of the last epoch, less that of the network at its end on the same images',
          value: last.trainAccuracy - rest,
          format: 'points'
        },
        {
          name: 'left of the start',
          definition:
            'momentum to the power of the steps: share of the moving moments that is still 0 and 1, as they start',
          value: momentsLeft(facts)!,
          format: 'percent'
        },
        stepsEvidence(steps)
      ],
      since: sinceEpoch(
        epochs,
        ({ trainAccuracy, testAccuracy }) =>
          trainAccuracy - (testAccuracy ?? trainAccuracy) >= UNSETTLED.gap
      ),
      ...(config.layers.some(({ kind }) => kind === 'residual')
        ? {
            beside: 'a residual block keeps its momentum of .99, so more steps are what helps there'
          }
        : {})
    }
  },
  remedy: {
    words: 'Lower the momentum of batch normalisation to .9, or train for more steps.',
    test: 'Train the same network with a momentum of .9; where its layers have no momentum to set, for four times as many epochs.',
    change(config) {
      const layers = config.layers.map((layer) =>
        layer.kind === 'batch-norm' && layer.momentum > MOMENTUM
          ? { ...layer, momentum: MOMENTUM }
          : layer
      )
      const lowered = layers.some((layer, at) => layer !== config.layers[at])
      const blocks = layers.some(({ kind }) => kind === 'residual')
      return {
        ...config,
        layers,
        ...(!(lowered && !blocks) && { epochs: config.epochs * EPOCHS_FACTOR })
      }
    }
  }
})
