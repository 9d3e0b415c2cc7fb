import type { EpochRecord, RunRecord } from '../study/run'

/** Losses by the middles of the parts that they are means of, in epochs. */
interface Curve {
  readonly at: readonly number[]
  readonly loss: readonly number[]
}

/** As far as the run is, the epoch under way too. */
export function curveOf({ epochs, progress }: RunRecord): Curve {
  const done = epochs.at(-1)?.epoch ?? 0
  const underWay = progress && progress.epoch > done ? [progress] : []
  const parts = [...epochs, ...underWay].flatMap(({ epoch, trace }) =>
    (trace?.fraction ?? []).map((end, part) => ({
      at: epoch - 1 + (end + (trace!.fraction[part - 1] ?? 0)) / 2,
      loss: trace!.loss[part]!
    }))
  )
  return { at: parts.map(({ at }) => at), loss: parts.map(({ loss }) => loss) }
}

/** |a - b| / |a|, exactly 0 where they are equal. */
function relativeDifference(a: number, b: number): number {
  return a === b ? 0 : Math.abs(a - b) / Math.abs(a)
}

/** The greatest relative difference of two runs' losses in each epoch that both have ended. */
export function epochDifferences(
  a: RunRecord,
  b: RunRecord
): { readonly epoch: number; readonly difference: number }[] {
  return a.epochs.flatMap(({ epoch, trace }) => {
    const other = b.epochs.find((of) => of.epoch === epoch)?.trace?.loss
    if (!trace || !other) return []
    const parts = trace.loss.map((loss, part) => relativeDifference(loss, other[part] ?? NaN))
    return [{ epoch, difference: Math.max(...parts) }]
  })
}

/** The highest accuracy of an epoch in training; 0 before one has ended. */
export const bestTraining = (run: RunRecord | undefined): number =>
  Math.max(0, ...(run?.epochs.map(({ trainAccuracy }) => trainAccuracy) ?? []))

/** Epochs, with parts of them, until the accuracy in training is at least so high. */
export function epochsTo(epochs: readonly EpochRecord[], level: number): number | undefined {
  for (const { epoch, trace, trainAccuracy } of epochs) {
    if (epoch === 0) continue
    const part = trace?.accuracy.findIndex((value) => value >= level) ?? -1
    if (trace && part >= 0) return epoch - 1 + trace.fraction[part]!
    if (!trace && trainAccuracy >= level) return epoch
  }
  return undefined
}
