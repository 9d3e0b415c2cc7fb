import { lossOf } from '../network/losses'
import { percent } from '../numbers'
import type { EpochRecord, RunRecord } from '../study/run'
import { CLIPPED_THRESHOLD, lastEpoch } from './finding'

/** What the card about zero gradients says beside its figure; undefined before the first epoch. */
export function zeroGradientSentence(records: readonly RunRecord[]): string | undefined {
  const lasts = records.flatMap((record) => {
    const last = lastEpoch(record)
    return last ? [{ record, last, trapped: last.trappedFraction ?? 0 }] : []
  })
  if (lasts.length === 0) return undefined
  const caught = lasts.filter(
    ({ record, trapped }) =>
      lossOf(record.config.loss).clip !== undefined && trapped >= CLIPPED_THRESHOLD
  )
  const [worst] = [...caught].sort((a, b) => b.trapped - a.trapped)
  if (!worst) return partsSentence(lasts.map(({ record }) => record))
  const loss = lossOf(worst.record.config.loss).label
  const where = caught.length > 1 ? ' in the worst run' : ''
  if (worst.trapped < 1 && worst.last.zeroGradientFraction === 1) {
    return `With the ${loss}, ${percent(worst.trapped)} of the training images are wrong and clipped${where}, and the rest are right and clipped: the network has nothing to learn from.`
  }
  return worst.trapped === 1
    ? `With the ${loss}, every training image is wrong and clipped${where}: the network has nothing to learn from.`
    : `With the ${loss}, ${percent(worst.trapped)} of the training images are wrong and clipped${where}: the network learns from the rest only.`
}

/** The most of any epoch, wrong and right apart where they were counted apart. */
function partsSentence(records: readonly RunRecord[]): string {
  const epochs = records.flatMap((record) => record.epochs.filter(({ epoch }) => epoch > 0))
  const most = (share: (epoch: EpochRecord) => number | undefined): number =>
    Math.max(0, ...epochs.map((epoch) => share(epoch) ?? 0))
  if (most((epoch) => epoch.zeroGradientFraction) === 0) {
    return 'Every training image had a loss gradient, in every epoch.'
  }
  const unknown = most((epoch) =>
    epoch.trappedFraction === undefined ? epoch.zeroGradientFraction : undefined
  )
  const told = [
    { share: most((epoch) => epoch.trappedFraction), who: 'wrong and clipped' },
    { share: most((epoch) => epoch.learnedFraction), who: 'right, with nothing left to learn' },
    { share: unknown, who: 'wrong or right, which was not recorded' }
  ].filter(({ share }) => share > 0)
  const parts = told.map(({ share, who }) => `${atMost(share)} were ${who}`)
  return `Of an epoch’s training images, without a loss gradient: ${parts.join('; ')}.`
}

function atMost(share: number): string {
  return share < 0.0005 ? 'fewer than 0.1 %' : `at most ${percent(share)}`
}
