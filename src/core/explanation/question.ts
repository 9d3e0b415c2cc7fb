import { lossOf } from '../network/losses'
import { QUESTION } from '../network/question'
import { percent, points } from '../numbers'
import { mean } from '../statistics/mean'
import type { EpochRecord, RunRecord } from '../study/run'
import { accuracyOf, CLIPPED_THRESHOLD, lastEpoch } from './finding'

/** Accuracies further apart than this are called a gap, in [0, 1]. */
const GAP_THRESHOLD = 0.2
/** A rest of the gap below this is not spoken of, in [0, 1]. */
const REST_THRESHOLD = 0.02

interface Cell {
  readonly accuracy: number
  readonly trapped: number
}

/** Mean over the seeds of the finished runs of one choice under one loss. */
function cellOf(
  records: readonly RunRecord[],
  choice: (typeof QUESTION.choices)[number],
  loss: (typeof QUESTION.losses)[number]
): Cell | undefined {
  const lasts = records
    .filter(({ config, status }) => {
      return status === 'finished' && config.choice.id === choice && config.loss === loss
    })
    .map(lastEpoch)
    .filter((last) => last !== undefined)
  const accuracy = mean(lasts.map(accuracyOf))
  const trapped = mean(lasts.map((last) => last.trappedFraction))
  return accuracy === undefined ? undefined : { accuracy, trapped: trapped ?? 0 }
}

/**
 * What "Reproduce the question" showed: the runs of raw and unit under both losses, in one
 * sentence. It names the clipped loss only where the zero gradients were measured and the exact
 * loss closes the gap, and says so when the gap did not appear.
 */
export function questionSentence(records: readonly RunRecord[]): string {
  const [rawChoice, unitChoice] = QUESTION.choices
  const [clipped] = QUESTION.losses
  const raw = cellOf(records, rawChoice, clipped)
  const unit = cellOf(records, unitChoice, clipped)
  if (!raw || !unit) {
    return 'An answer needs finished runs of raw bytes and of pixels divided by 255, both with the clipped loss.'
  }
  const told = `raw bytes end at ${percent(raw.accuracy)} accuracy and pixels divided by 255 at ${percent(unit.accuracy)}`
  const gap = unit.accuracy - raw.accuracy
  if (gap < GAP_THRESHOLD) {
    return `The gap in the question did not appear here: with the clipped loss, ${told}.`
  }
  return `With the clipped loss, ${told}${why(records, raw, gap)}.`
}

function why(records: readonly RunRecord[], raw: Cell, gap: number): string {
  const [rawChoice, unitChoice] = QUESTION.choices
  const [, exact] = QUESTION.losses
  const exactRaw = cellOf(records, rawChoice, exact)
  const exactUnit = cellOf(records, unitChoice, exact)
  const clipped = raw.trapped >= CLIPPED_THRESHOLD
  const who = raw.trapped === 1 ? 'all raw samples' : `${percent(raw.trapped)} of the raw samples`
  const zero = `in the last epoch, ${who} were wrong and had a loss gradient of exactly 0`
  if (!exactRaw) return clipped ? `: ${zero}` : '; the cause has not been measured yet'
  const closed = exactRaw.accuracy - raw.accuracy
  const rest = restOf(exactRaw, exactUnit)
  if (closed >= gap / 2 && clipped) {
    return `: ${zero} because the probability was clipped, and with the exact loss the same raw bytes reach ${percent(exactRaw.accuracy)}${rest}`
  }
  if (closed >= GAP_THRESHOLD / 4) {
    return `; the exact loss closes ${points(closed)} of this gap of ${points(gap)}${rest}`
  }
  return `; the clipped loss is not the cause: with the exact loss, raw bytes still end at ${percent(exactRaw.accuracy)}`
}

/** What the exact loss leaves: by the equivalence of scalings nothing else differs. */
function restOf(raw: Cell, unit: Cell | undefined): string {
  if (!unit) return ''
  const left = unit.accuracy - raw.accuracy
  if (left < REST_THRESHOLD) return ''
  return `; the remaining ${points(left)} come from the first layer, whose initial weights and learning rate are set for inputs near 1`
}

/** What the card about zero gradients says beside its figure; undefined before the first epoch. */
export function zeroGradientSentence(records: readonly RunRecord[]): string | undefined {
  const lasts = records.flatMap((record) => {
    const last = lastEpoch(record)
    return last ? [{ record, trapped: last.trappedFraction ?? 0 }] : []
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
