import { lossOf } from '../../network/losses'
import { percent } from '../../numbers'
import { finding, measuredOnGrid } from '../finding-record'
import type { EpochRecord } from '../../study/run'
import { accuracyOf, lastEpoch, sinceEpoch } from '../facts'

/** Share of an epoch's samples, wrong and without gradient, from which the clipped loss is named. */
export const CLIPPED_THRESHOLD = 0.5

/** Records of older versions have both parts in one: no more samples were learned than were right. */
function trappedOf({ trappedFraction, zeroGradientFraction, trainAccuracy }: EpochRecord): number {
  return trappedFraction ?? Math.max(0, zeroGradientFraction - trainAccuracy)
}

export const CLIPPED_LOSS_TRAP = finding({
  code: 'clipped-loss-trap',
  name: 'loss clipped',
  severity: 'bad',
  seen: { in: 'training' },
  definition: `With a clipped loss, at least ${percent(CLIPPED_THRESHOLD, 0)} of the last epoch's samples were wrong and had a loss gradient of exactly 0. Samples that are right and clipped do not count.`,
  thresholds: [
    {
      name: 'trapped samples',
      value: CLIPPED_THRESHOLD,
      source: measuredOnGrid('trapped runs 76 to 90 %, healthy runs with a clipped loss 0 %')
    }
  ],
  find({ record, config, epochs, last, siblings }) {
    const loss = lossOf(config.loss)
    if (record.status !== 'finished' || !last || loss.clip === undefined) return undefined
    const trapped = trappedOf(last)
    if (!(trapped >= CLIPPED_THRESHOLD)) return undefined
    const exact = siblings('loss').find((other) => other.config.loss === 'exact')
    const reached = exact && accuracyOf(lastEpoch(exact))
    const least = last.trappedFraction === undefined ? 'at least ' : ''
    return {
      what: `In the last epoch, ${least}${percent(trapped)} of the samples were wrong and had a loss gradient of exactly 0 under the ${loss.label}, so they taught the network nothing`,
      evidence: [
        {
          name: 'trapped samples, last epoch',
          definition: `share of the epoch's samples whose label has a probability below ${loss.clip}: wrong, and with a loss gradient of exactly 0`,
          value: trapped,
          format: 'percent'
        }
      ],
      since: sinceEpoch(epochs, (epoch) => trappedOf(epoch) >= CLIPPED_THRESHOLD),
      ...(reached === undefined
        ? {}
        : { beside: `with the exact loss, the same network reaches ${percent(reached)}` })
    }
  },
  remedy: {
    words:
      'Use the exact loss: in Keras, leave the softmax out of the network and set from_logits=True.',
    test: 'Train the same network with the exact loss.',
    change: (config) => ({ ...config, loss: 'exact' })
  }
})
