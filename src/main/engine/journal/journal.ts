import { join } from 'node:path'
import type { EngineNotice, JournalStatus } from '../../../contract/engine'
import type { ErrorFacts } from '../../../core/error'
import { ENDED_STATUSES } from '../../../core/study/run'
import type { EpochRecord, RunRecord } from '../../../core/study/run'
import { KeptDatasets } from './datasets'
import { Ownership } from './owner'
import { readRunFiles } from './run-files'
import { RunWriter } from './run-writer'
import { Trouble } from './trouble'

interface JournalOptions {
  readonly folder: string
  readonly now: () => number
  readonly say: (notice: EngineNotice) => void
  /** old runs were deleted by the rule */
  readonly onPruned: (ids: readonly string[]) => void
  readonly limits?: JournalLimits
  /** milliseconds until what could not be written is tried again */
  readonly retryMs?: number
}

/** Which ended runs are kept: the newest ones within both. */
export interface JournalLimits {
  readonly runs: number
  readonly bytes: number
}

const LIMITS: JournalLimits = { runs: 500, bytes: 256 * 1024 * 1024 }
const RETRY_MS = 5000

interface Kept {
  readonly bytes: number
  /** milliseconds since 1970; of a run that has not ended, undefined */
  readonly endedAt: number | undefined
}

/**
 * Runs and data sets on disk, in a folder that one process owns at a time. Nothing here throws or
 * makes the engine wait: what cannot be written is said once, and written later.
 */
export class Journal {
  readonly datasets: KeptDatasets
  /** every run that was kept, oldest first */
  readonly loaded: Promise<RunRecord[]>
  readonly #options: JournalOptions
  readonly #limits: JournalLimits
  readonly #trouble: Trouble
  readonly #writer: RunWriter
  readonly #kept = new Map<string, Kept>()
  #ownership: Ownership | undefined
  #elsewhere: ErrorFacts | undefined

  constructor(options: JournalOptions) {
    const { folder, say, retryMs = RETRY_MS } = options
    this.#options = options
    this.#limits = options.limits ?? LIMITS
    this.#trouble = new Trouble(folder, say)
    const onFailure = (thrown: unknown): void => this.#trouble.failed(thrown)
    this.#claim()
    const mine = !this.#elsewhere
    this.datasets = new KeptDatasets({
      ...{ folder, mine, onFailure, retryMs },
      onWritten: () => this.#trouble.worked(),
      onDamaged: (path) => this.#sayDamaged([path])
    })
    this.#writer = new RunWriter({
      ...{ folder: join(folder, 'runs'), onFailure, retryMs },
      onWritten: (record, bytes, all) => this.#written(record, bytes, all)
    })
    this.loaded = this.#load(mine)
  }

  get status(): JournalStatus {
    const { runs, bytes } = this.#limits
    const problem = this.#elsewhere ?? this.#trouble.problem
    return {
      folder: this.#options.folder,
      rule: `The newest ${runs} ended runs are kept, up to ${bytes / 1024 / 1024} MB together; older ones are deleted.`,
      ...(problem ? { problem } : {})
    }
  }

  /** A run as it is now; `epoch` where an epoch is all that is new. */
  keep(record: RunRecord, epoch?: EpochRecord): void {
    if (!this.#elsewhere) this.#writer.keep(record, epoch)
  }

  forget(id: string): void {
    this.#kept.delete(id)
    if (!this.#elsewhere) this.#writer.forget(id)
  }

  /** Settles when all was written, or could not be for now. */
  written(): Promise<void> {
    return this.#writer.written()
  }

  async close(): Promise<void> {
    await this.loaded
    await this.datasets.close()
    await this.#writer.close()
    this.#ownership?.release()
  }

  async #load(mine: boolean): Promise<RunRecord[]> {
    const { runs, damaged, failures } = await readRunFiles(join(this.#options.folder, 'runs'), mine)
    if (damaged.length > 0) this.#sayDamaged(damaged)
    for (const failure of failures) this.#trouble.failed(failure)
    const records: RunRecord[] = []
    for (const { record: kept, bytes } of runs) {
      const record = mine ? lostRecord(kept, this.#options.now()) : kept
      // those under way belong to the process that owns the folder
      if (!mine && !ENDED_STATUSES.includes(record.status)) continue
      this.#kept.set(record.id, { bytes, endedAt: endOf(record) })
      if (record !== kept) this.keep(record)
      records.push(record)
    }
    if (!mine) return records
    const pruned = new Set(this.#prune())
    return records.filter(({ id }) => !pruned.has(id))
  }

  /** The folder becomes this process's own, unless it is another's. */
  #claim(): void {
    const { folder, say } = this.#options
    try {
      this.#ownership = new Ownership(folder)
      this.#elsewhere = heldElsewhere(folder, this.#ownership)
      if (this.#elsewhere) {
        say({ level: 'warning', message: this.#elsewhere.message, error: this.#elsewhere })
      }
    } catch (thrown) {
      this.#trouble.failed(thrown)
    }
  }

  #written(record: RunRecord, bytes: number, all: boolean): void {
    this.#trouble.worked()
    // where the folder could not be written at the start
    if (!this.#ownership) this.#claim()
    const before = all ? 0 : (this.#kept.get(record.id)?.bytes ?? 0)
    const endedAt = endOf(record)
    this.#kept.set(record.id, { bytes: before + bytes, endedAt })
    if (endedAt === undefined) return
    const pruned = this.#prune()
    if (pruned.length > 0) this.#options.onPruned(pruned)
  }

  /** Deletes the ended runs that are past the limits; the newest one stays, whatever its size. */
  #prune(): string[] {
    const ended = [...this.#kept]
      .filter(([, { endedAt }]) => endedAt !== undefined)
      .sort(([, a], [, b]) => b.endedAt! - a.endedAt!)
    let sum = 0
    const past = ended.filter(([, { bytes }], at) => {
      sum += bytes
      return at > 0 && (at >= this.#limits.runs || sum > this.#limits.bytes)
    })
    for (const [id] of past) this.forget(id)
    return past.map(([id]) => id)
  }

  #sayDamaged(paths: readonly string[]): void {
    const [what, were] = paths.length === 1 ? ['A file', 'was'] : [`${paths.length} files`, 'were']
    const message = `${what} in which runs or data sets were kept cannot be read and ${were} set aside: ${paths.join(', ')}.`
    this.#options.say({
      level: 'warning',
      message,
      error: { code: 'damaged-journal', message, path: paths[0] }
    })
  }
}

/** A run that was under way was lost with its engine; one that waited, or was paused while it did, was not. */
function lostRecord(record: RunRecord, now: number): RunRecord {
  const { status } = record
  if (status === 'queued' || ENDED_STATUSES.includes(status) || isWaiting(record)) return record
  const message = 'The engine ended while this run was under way. Start it again.'
  return { ...record, status: 'failed', error: { code: 'engine-lost', message }, endedAt: now }
}

/** Queued, or paused before a trainer took it. */
export function isWaiting({ status, backend }: RunRecord): boolean {
  return status === 'queued' || (status === 'paused' && backend === undefined)
}

function endOf({ status, endedAt, createdAt }: RunRecord): number | undefined {
  return ENDED_STATUSES.includes(status) ? (endedAt ?? createdAt) : undefined
}

function heldElsewhere(folder: string, { other }: Ownership): ErrorFacts | undefined {
  if (!other) return undefined
  return {
    code: 'folder-in-use',
    message: `Another Normscope (process ${other.pid}) keeps its runs in ${folder}. This one works, but its runs are not kept, and those that are under way in the other are not shown here.`,
    path: folder,
    hint: 'Set NORMSCOPE_DATA to another folder to keep the runs of both.'
  }
}
