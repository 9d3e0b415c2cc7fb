import type { RunRecord } from '../study/run'

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
