import { chanceOf } from '../study/chance'
import type { RunRecord } from '../study/run'
import { accuracyOf, CLIPPED_FROM, findingOf, lastEpoch } from './finding'
import type { FindingId } from './finding'
import { mean, points, share } from './words'

/** What is true of the same network but for one setting. */
function counterpart(record: RunRecord, all: readonly RunRecord[]): RunRecord | undefined {
  const without = ({ config }: RunRecord): string => JSON.stringify({ ...config, loss: undefined })
  return all.find(
    (other) =>
      other.status === 'finished' &&
      other.datasetId === record.datasetId &&
      other.config.loss !== record.config.loss &&
      without(other) === without(record)
  )
}

/** 'test accuracy ends at 77.3 %'. */
function ending(record: RunRecord): string {
  const last = lastEpoch(record)
  const accuracy = accuracyOf(last)
  if (accuracy === undefined) return 'no epoch was finished'
  const which = last?.testAccuracy === undefined ? 'training' : 'test'
  return `${which} accuracy ends at ${share(accuracy)}`
}

type Teller = (record: RunRecord, all: readonly RunRecord[]) => string

const TELLERS: Readonly<Record<FindingId, Teller>> = {
  diverged({ divergence }) {
    if (!divergence) return 'Training stopped because it diverged.'
    const { epoch, step, reason } = divergence
    return `Training stopped in epoch ${epoch} at step ${step}: ${reason}`
  },

  'loss clipped'(record, all) {
    const zero = lastEpoch(record)?.zeroGradientFraction ?? 0
    const other = accuracyOf(counterpart(record, all)?.epochs.at(-1))
    const remedy =
      other === undefined ? '' : `; with the exact loss the same network reaches ${share(other)}`
    return `In the last epoch ${share(zero)} of the samples had a loss gradient of exactly 0, so the clipped loss left the network little to learn from: ${ending(record)}${remedy}.`
  },

  'dead units'(record) {
    const dead = lastEpoch(record)?.deadUnitFraction ?? 0
    return `${share(dead)} of the hidden units are 0 for every training image and take no part; ${ending(record)}.`
  },

  'at chance'(record) {
    const chance = chanceOf(record) ?? 0
    return `The network does hardly better than always naming the most frequent class, which gives ${share(chance)}: ${ending(record)}.`
  },

  fine(record) {
    const text = ending(record)
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}; no trouble that is looked for reached its threshold.`
  }
}

/**
 * One sentence about a run, from its measurements and, where there is one, the same run under the
 * other loss.
 */
export function sentenceFor(record: RunRecord, all: readonly RunRecord[]): string {
  const finding = findingOf(record)
  if (finding) return TELLERS[finding.id](record, all)
  const words: Readonly<Partial<Record<RunRecord['status'], string>>> = {
    queued: 'The run waits for its turn.',
    running: 'The run is under way.',
    paused: 'The run is paused.',
    cancelled: `The run was cancelled; ${ending(record)}.`,
    failed: `The run failed: ${record.error?.message ?? 'no reason was given.'}`
  }
  return words[record.status] ?? 'The run ended before its first epoch.'
}

// ---- the question -------------------------------------------------------------------------

/** Accuracies further apart than this are called a gap, in [0, 1]. */
export const GAP_FROM = 0.2

interface Cell {
  readonly accuracy: number
  readonly zeroGradient: number
  readonly runs: number
}

/** Mean over the seeds of the finished runs of one choice under one loss. */
function cellOf(
  records: readonly RunRecord[],
  choice: 'raw' | 'unit',
  loss: 'clipped' | 'exact'
): Cell | undefined {
  const lasts = records
    .filter(({ config, status }) => {
      return status === 'finished' && config.choice.id === choice && config.loss === loss
    })
    .map(lastEpoch)
    .filter((last) => last !== undefined)
  const accuracy = mean(lasts.map((last) => accuracyOf(last) ?? NaN))
  const zeroGradient = mean(lasts.map((last) => last.zeroGradientFraction))
  if (accuracy === undefined || zeroGradient === undefined) return undefined
  return { accuracy, zeroGradient, runs: lasts.length }
}

/**
 * What "Reproduce the question" showed: the runs of raw and unit under both losses, in one
 * sentence. It names the clipped loss only where the zero gradients were measured and the exact
 * loss closes the gap, and says so when the gap did not appear.
 */
export function questionSentence(records: readonly RunRecord[]): string {
  const raw = cellOf(records, 'raw', 'clipped')
  const unit = cellOf(records, 'unit', 'clipped')
  if (!raw || !unit) {
    return 'Raw bytes and pixels divided by 255, both under the loss of 2018, are needed for an answer.'
  }
  const told = `raw bytes end at ${share(raw.accuracy)} and pixels divided by 255 at ${share(unit.accuracy)}`
  const gap = unit.accuracy - raw.accuracy
  if (gap < GAP_FROM) {
    return `The gap of the question did not appear here: under the loss of 2018 ${told}.`
  }
  return `Under the loss of 2018 ${told}${why(records, raw, gap)}.`
}

function why(records: readonly RunRecord[], raw: Cell, gap: number): string {
  const exactRaw = cellOf(records, 'raw', 'exact')
  const exactUnit = cellOf(records, 'unit', 'exact')
  const clipped = raw.zeroGradient >= CLIPPED_FROM
  const who =
    raw.zeroGradient === 1 ? 'every raw sample' : `${share(raw.zeroGradient)} of the raw samples`
  const zero = `in the last epoch ${who} had a loss gradient of exactly 0`
  if (!exactRaw) return clipped ? `: ${zero}` : ', and the cause is not measured yet'
  const closed = exactRaw.accuracy - raw.accuracy
  const rest = restOf(exactRaw, exactUnit)
  if (closed >= gap / 2 && clipped) {
    return `: ${zero} because the probability was clipped, and with the exact loss the same raw bytes reach ${share(exactRaw.accuracy)}${rest}`
  }
  if (closed >= GAP_FROM / 4) {
    return `; the exact loss closes ${points(closed)} of the ${points(gap)} between them${rest}`
  }
  return `; the clipped loss is not the cause, for with the exact loss raw bytes end at ${share(exactRaw.accuracy)}`
}

/** What the exact loss leaves: by the equivalence of scalings only first-layer weights and steps differ. */
function restOf(raw: Cell, unit: Cell | undefined): string {
  if (!unit) return ''
  const left = unit.accuracy - raw.accuracy
  if (left < 0.02) return ''
  return `; the ${points(left)} still missing go with first-layer weights and steps made for inputs near 1`
}

/** What the card about zero gradients says beside its figure; undefined before the first epoch. */
export function zeroGradientSentence(records: readonly RunRecord[]): string | undefined {
  const measured = records.flatMap((record) => {
    const last = lastEpoch(record)
    return last ? [{ record, zero: last.zeroGradientFraction }] : []
  })
  if (measured.length === 0) return undefined
  const trapped = measured.filter(
    ({ record, zero }) => record.config.loss === 'clipped' && zero >= CLIPPED_FROM
  )
  if (trapped.length === 0) {
    const most = Math.max(
      ...measured.flatMap(({ record }) =>
        record.epochs.filter(({ epoch }) => epoch > 0).map((e) => e.zeroGradientFraction)
      )
    )
    return most < 0.0005
      ? 'Every sample gave the network something to learn from.'
      : `At most ${share(most)} of an epoch’s samples had no gradient; learning is not held up by that.`
  }
  const worst = trapped.reduce((a, b) => (b.zero > a.zero ? b : a))
  const what = worst.record.config.choice.id === 'raw' ? 'raw image' : 'image'
  const how =
    worst.zero === 1
      ? `every ${what} is clipped`
      : `${share(worst.zero)} of the samples are clipped`
  const others = trapped.length > 1 ? ' in the worst run' : ''
  const rest =
    worst.zero >= 0.995
      ? 'the network receives nothing to learn from and stays where it is'
      : 'only the rest still teaches the network anything'
  return `With the 2018 loss, ${how}${others}: ${rest}.`
}
