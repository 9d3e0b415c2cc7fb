import type { EngineNotice, JournalStatus } from '../../../contract/engine'
import type { ErrorFacts } from '../../../core/error'
import { ENDED_STATUSES } from '../../../core/study/run'
import type { Experiment } from '../../../core/study/experiment'
import type { EpochRecord, RunRecord } from '../../../core/study/run'
import { KeptCheckpoints } from './checkpoints'
import { KeptDatasets } from './datasets'
import { KeptWeights } from './kept-weights'
import { removeLeftovers } from './leftovers'
import { atClusterRecord, lostRecord } from './lost'
import { Ownership } from './owner'
import { readRecords } from './record-files'
import type { RecordForm } from './record-files'
import { RecordWriter } from './record-writer'
import { EXPERIMENT_FORM } from './experiment-form'
import { fileOf } from './file-of'
import { epochLine, RUN_FORM } from './run-form'
import type { CheckpointPlace } from '../../trainer/checkpoint'
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
  /** bytes of all their weights */
  readonly weights?: number
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
  /** every experiment that was kept, oldest first */
  readonly experiments: Promise<Experiment[]>
  readonly #options: JournalOptions
  readonly #limits: JournalLimits
  readonly #trouble: Trouble
  readonly #runs: RecordWriter<RunRecord>
  readonly #weights: KeptWeights
  readonly #checkpoints: KeptCheckpoints
  readonly #experiments: RecordWriter<Experiment>
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
    // before anything is written
    if (this.#ownership && mine) removeLeftovers(folder)
    this.datasets = new KeptDatasets({
      ...{ folder, mine, onFailure, retryMs },
      onWritten: () => this.#trouble.worked(),
      onDamaged: (path) => this.#sayDamaged([path])
    })
    this.#weights = new KeptWeights({ folder, onFailure, limit: this.#limits.weights })
    this.#checkpoints = new KeptCheckpoints(folder, onFailure)
    this.#runs = new RecordWriter({
      ...{ form: RUN_FORM, folder, onFailure, retryMs },
      onWritten: (record, bytes, all) => this.#written(record, bytes, all)
    })
    this.#experiments = new RecordWriter({
      ...{ form: EXPERIMENT_FORM, folder, onFailure, retryMs },
      onWritten: () => this.#worked()
    })
    this.loaded = this.#load(mine)
    this.experiments = this.#read(EXPERIMENT_FORM, mine, this.#experiments).then(({ records }) =>
      records.map(({ record }) => record)
    )
  }

  get status(): JournalStatus {
    const { runs, bytes } = this.#limits
    const problem = this.#elsewhere ?? this.#trouble.problem
    return {
      folder: this.#options.folder,
      rule: `The newest ${runs} ended runs are kept, up to ${bytes / 1024 / 1024} MB together; older ones are deleted. ${this.#weights.rule}`,
      ...(problem ? { problem } : {})
    }
  }

  /** A run as it is now; `epoch` where an epoch is all that is new. */
  keep(record: RunRecord, epoch?: EpochRecord): void {
    if (this.#elsewhere) return
    this.#runs.keep(record, epoch && epochLine(epoch))
    this.#weights.restore(record.id)
  }

  /** What a finished run ended with: float32 little-endian, in the plan's order. */
  keepWeights(id: string, weights: Uint8Array): void {
    if (!this.#elsewhere) this.#weights.keep(id, weights)
  }

  /** Throws facts where a run's weights are not kept. */
  weightsOf(record: RunRecord): Promise<Float32Array> {
    return this.#weights.read(record)
  }

  /** Where a trainer keeps the state of a run that it has taken. */
  checkpointOf(record: RunRecord): CheckpointPlace | undefined {
    return this.#elsewhere ? undefined : this.#checkpoints.place(record)
  }

  keepExperiment(experiment: Experiment): void {
    if (!this.#elsewhere) this.#experiments.keep(experiment)
  }

  forgetExperiment(id: string): void {
    if (!this.#elsewhere) this.#experiments.forget(id)
  }

  /** A run that a person removed; it may be kept again. */
  forget(id: string): void {
    this.#kept.delete(id)
    if (this.#elsewhere) return
    this.#runs.forget(id)
    this.#weights.remove(id)
    this.#checkpoints.delete(id)
  }

  /** Settles when all was written, or could not be for now. */
  async written(): Promise<void> {
    await Promise.all([this.#runs.written(), this.#experiments.written()])
  }

  async close(): Promise<void> {
    await Promise.all([this.loaded, this.experiments])
    await this.datasets.close()
    await Promise.all([this.#runs.close(), this.#experiments.close(), this.#weights.close()])
    await this.#checkpoints.close()
    this.#ownership?.release()
  }

  async #load(mine: boolean): Promise<RunRecord[]> {
    const records: RunRecord[] = []
    const { records: found, aside, failures } = await this.#read(RUN_FORM, mine, this.#runs)
    for (const { record: kept, bytes } of found) {
      const record = mine && isUnderWay(kept) ? this.#lost(kept) : kept
      // those under way belong to the process that owns the folder
      if (!mine && !ENDED_STATUSES.includes(record.status)) continue
      this.#kept.set(record.id, { bytes, endedAt: endOf(record) })
      if (record !== kept) this.keep(record)
      records.push(record)
    }
    if (!mine) return records
    const pruned = new Set(this.#prune())
    const left = records.filter(({ id }) => !pruned.has(id))
    // what belongs to a run that could not be read is kept for it
    if (failures.length > 0) return left
    const filesOf = (some: readonly RunRecord[]): Set<string> =>
      new Set([...some.map(({ id }) => fileOf(id)), ...aside])
    this.#weights.known(filesOf(left))
    this.#checkpoints.known(filesOf(left.filter(({ status }) => !ENDED_STATUSES.includes(status))))
    return left
  }

  #lost(record: RunRecord): RunRecord {
    const { sentJobs } = this.datasets
    if (sentJobs.some(({ run, stop }) => run === record.id && !stop)) return atClusterRecord(record)
    const message =
      'The engine ended while this run was under way, twice before it came an epoch further. Start it again.'
    return lostRecord(record, { code: 'engine-lost', message }, this.#options.now())
  }

  async #read<Kept extends { readonly id: string; readonly createdAt: number }>(
    form: RecordForm<Kept>,
    mine: boolean,
    writer: RecordWriter<Kept>
  ) {
    const { records, aside, damaged, failures } = await readRecords(
      form,
      this.#options.folder,
      mine
    )
    if (damaged.length > 0) this.#sayDamaged(damaged)
    for (const failure of failures) this.#trouble.failed(failure)
    for (const { record, lines } of records) if (lines) writer.known(record.id)
    return { records, aside, failures }
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
    this.#worked()
    const before = all ? 0 : (this.#kept.get(record.id)?.bytes ?? 0)
    const endedAt = endOf(record)
    this.#kept.set(record.id, { bytes: before + bytes, endedAt })
    if (endedAt === undefined) return
    this.#checkpoints.delete(record.id)
    const pruned = this.#prune()
    if (pruned.length > 0) this.#options.onPruned(pruned)
  }

  #worked(): void {
    this.#trouble.worked()
    // where the folder could not be written at the start
    if (!this.#ownership) this.#claim()
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
    for (const [id] of past) {
      this.forget(id)
      this.#weights.delete(id)
    }
    return past.map(([id]) => id)
  }

  #sayDamaged(paths: readonly string[]): void {
    const [what, were] = paths.length === 1 ? ['A file', 'was'] : [`${paths.length} files`, 'were']
    const message = `${what} in which runs, experiments or data sets were kept cannot be read and ${were} set aside: ${paths.join(', ')}.`
    this.#options.say({
      level: 'warning',
      message,
      error: { code: 'damaged-journal', message, path: paths[0] }
    })
  }
}

/** With a trainer when its engine ended; one that waited, or was paused while it did, was not. */
function isUnderWay(record: RunRecord): boolean {
  return !ENDED_STATUSES.includes(record.status) && !isWaiting(record)
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
