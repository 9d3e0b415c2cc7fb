import { freemem, totalmem } from 'node:os'
import { coresHere } from './cores'
import { BYTES_PER_PIXEL, featuresOf } from '../../core/dataset/dataset'
import type { Dataset } from '../../core/dataset/dataset'
import type { RunConfig } from '../../core/network/config'
import { stepBytes } from '../../core/network/layers/memory'
import { planOn } from '../../core/network/layers/plan'
import { grouped } from '../../core/numbers'

/** What a trainer of a small network holds with Fashion-MNIST in it. */
const TRAINER_BYTES = 0.6e9
/** Fashion-MNIST's pixels, twice: see imageBytes. */
const COUNTED_BYTES = 2 * 70_000 * 28 * 28

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
  const bytes = bytesForTrainers(machine)
  const most = Math.max(1, Math.min(runs, cores))
  const count = Math.max(1, Math.min(most, Math.floor(bytes / TRAINER_BYTES)))
  if (count === most) return { count }
  const train = count === 1 ? '1 run trains' : `${count} runs train`
  return {
    count,
    note: `${train} at once, fewer than the ${cores} cores: each takes about 0.6 GB, and ${grouped(freeBytes / 1e9, 1)} of ${grouped(totalBytes / 1e9, 1)} GB of memory are free.`
  }
}

/** A run that trains or would: its network, and the images that tell the shapes. */
interface Trained {
  readonly config: RunConfig
  readonly dataset: Dataset
}

/**
 * Why a run has to wait for those at work, if it has: the steps of all together would take more memory than
 * there is. One run alone never waits.
 */
export function waitsForMemory(
  machine: Machine = thisMachine()
): (run: Trained, atWork: readonly Trained[]) => string | undefined {
  const bytes = bytesForTrainers(machine)
  return (run, atWork) => {
    const own = trainerBytes(run)
    const taken = atWork.reduce((sum, other) => sum + trainerBytes(other), 0)
    if (atWork.length === 0 || own + taken <= bytes) return undefined
    const gigabytes = (value: number): string => `${grouped(value / 1e9, 1)} GB`
    return `A run waits for memory: it takes about ${gigabytes(own)}, those at work ${gigabytes(taken)}, and there are ${gigabytes(bytes)} for both.`
  }
}

/** What a trainer holds at most: a step's weights and activations, and more images, besides what any has. */
function trainerBytes(run: Trained): number {
  const { config, dataset } = run
  const images = Math.max(0, imageBytes(run) - COUNTED_BYTES)
  try {
    return TRAINER_BYTES + images + stepBytes(planOn(config, dataset), config.batch)
  } catch {
    // a network that cannot be on these images ends its own run, with the reason
    return TRAINER_BYTES
  }
}

/** Pixels as stored, and once more inside TensorFlow, which has those that are no bytes as floats. */
function imageBytes({ config, dataset }: Trained): number {
  const { train, test } = dataset.splits
  const count = Math.min(train.count, config.limit ?? Infinity) + (test?.count ?? 0)
  const stored = BYTES_PER_PIXEL[dataset.dtype]
  return count * featuresOf(dataset) * (stored + (stored === 1 ? 1 : 4))
}

/** Of all memory three quarters, and what is free. */
function bytesForTrainers({ totalBytes, freeBytes }: Machine): number {
  return Math.min(0.75 * totalBytes, freeBytes)
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
