import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { errorFacts } from '../../core/error'
import type { ErrorFacts } from '../../core/error'
import { writeJson } from '../../core/study/json'
import { asidePath } from '../disk/aside'
import type { EpochRecord } from '../../core/study/run'
import { fileError } from '../disk/files'
import type { Checkpoint, CheckpointHead } from './kept-checkpoint'
import type { Weights } from './session'

/** Where a run's state is kept while it trains, and what it is the state of. */
export interface CheckpointPlace {
  readonly file: string
  /** what a state must be of to be gone on from: configuration, images, backend */
  readonly of: string
}

interface WriterHooks {
  /** milliseconds, monotonic */
  readonly now: () => number
  /** told once until the disk works again */
  readonly onFailure: (error: ErrorFacts) => void
}

/** Milliseconds between two checkpoints at least, and so many times what the last one took. */
const APART_MS = 250
const TIMES_ITS_COST = 20

/**
 * Keeps a run's state after its epochs: a line of JSON, a line each epoch, then float32 values. Epochs shorter
 * than a quarter of a second share one, and keeping takes at most a twentieth of the time.
 */
export class CheckpointWriter {
  readonly #place: CheckpointPlace | undefined
  readonly #hooks: WriterHooks
  readonly #lines: Buffer[]
  #next = -Infinity
  #failed = false

  constructor(
    place: CheckpointPlace | undefined,
    epochs: readonly EpochRecord[],
    hooks: WriterHooks
  ) {
    this.#place = place
    this.#hooks = hooks
    this.#lines = place ? epochs.map(epochLine) : []
  }

  add(epoch: EpochRecord): void {
    if (this.#place) this.#lines.push(epochLine(epoch))
  }

  /** Where the disk does not take it, what was kept before is there still. */
  keep(at: Pick<Checkpoint, 'step' | 'startLoss' | 'pulls'>, state: () => Weights): void {
    const { now, onFailure } = this.#hooks
    const began = now()
    if (!this.#place || began < this.#next) return
    try {
      this.#write(this.#place, at, state())
      this.#failed = false
    } catch (thrown) {
      if (!this.#failed) onFailure(errorFacts(fileError(thrown, this.#place.file)))
      this.#failed = true
    }
    const ended = now()
    this.#next = ended + Math.max(APART_MS, TIMES_ITS_COST * (ended - began))
  }

  #write(
    { file, of }: CheckpointPlace,
    at: Pick<Checkpoint, 'step' | 'startLoss' | 'pulls'>,
    values: Weights
  ): void {
    const body = [...this.#lines, ...values.map(bytesOf)]
    const hash = createHash('sha256')
    for (const part of body) hash.update(part)
    const head: CheckpointHead = {
      ...{ version: 1, of, epochs: this.#lines.length },
      ...{ step: at.step, startLoss: at.startLoss, pulls: at.pulls && [...at.pulls] },
      lengths: values.map(({ length }) => length),
      sha256: hash.digest('hex')
    }
    mkdirSync(dirname(file), { recursive: true })
    const whole = Buffer.concat([Buffer.from(`${writeJson(head)}\n`), ...body])
    writeFileAtomic.sync(file, whole, { fsync: false })
  }
}

/** What is kept there; a file that holds no state of this run is set aside, and its new name given. */
export async function readCheckpoint(
  place: CheckpointPlace | undefined
): Promise<{ readonly checkpoint?: Checkpoint; readonly damaged?: string }> {
  if (!place || !existsSync(place.file)) return {}
  // schemas of whole studies, which most runs do not need at their start
  const { keptCheckpoint } = await import('./kept-checkpoint')
  try {
    return { checkpoint: keptCheckpoint(readFileSync(place.file), place.of) }
  } catch {
    const damaged = asidePath(place.file)
    renameSync(place.file, damaged)
    return { damaged }
  }
}

function epochLine(epoch: EpochRecord): Buffer {
  return Buffer.from(`${writeJson(epoch)}\n`)
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
