import { freemem, totalmem } from 'node:os'
import { coresHere } from './cores'
import { grouped } from '../../core/numbers'

/** What a trainer holds with Fashion-MNIST in it; a larger set takes more. */
const TRAINER_BYTES = 0.6e9

interface Machine {
  readonly cores: number
  /** bytes this process and its children may have */
  readonly totalBytes: number
  /** bytes that are free, or can be freed at once */
  readonly freeBytes: number
}

interface TrainersAtOnce {
  readonly count: number
  /** why there are fewer than cores */
  readonly note?: string
}

/**
 * One trainer a core, as far as memory allows: of all of it three quarters, and what is free; not
 * more than runs.
 */
export function trainersAtOnce(runs = Infinity, machine: Machine = thisMachine()): TrainersAtOnce {
  const { cores, totalBytes, freeBytes } = machine
  const bytes = Math.min(0.75 * totalBytes, freeBytes)
  const most = Math.max(1, Math.min(runs, cores))
  const count = Math.max(1, Math.min(most, Math.floor(bytes / TRAINER_BYTES)))
  if (count === most) return { count }
  const train = count === 1 ? '1 run trains' : `${count} runs train`
  return {
    count,
    note: `${train} at once, fewer than the ${cores} cores: each takes about 0.6 GB, and ${grouped(freeBytes / 1e9, 1)} of ${grouped(totalBytes / 1e9, 1)} GB of memory are free.`
  }
}

function thisMachine(): Machine {
  // absent in old Node
  const { constrainedMemory, availableMemory } = process as Partial<
    Record<'constrainedMemory' | 'availableMemory', () => number>
  >
  const limit = constrainedMemory?.() ?? 0
  const total = totalmem()
  const totalBytes = limit > 0 ? Math.min(limit, total) : total
  // macOS counts as free only what nothing was ever in
  const freeBytes =
    process.platform === 'darwin'
      ? totalBytes
      : Math.min(availableMemory?.() ?? freemem(), totalBytes)
  return { cores: coresHere(), totalBytes, freeBytes }
}
