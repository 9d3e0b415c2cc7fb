import type { EngineEvents } from '../../../contract/engine'
import type { Dataset } from '../../../core/dataset/dataset'
import { NormscopeError } from '../../../core/error'
import { ENDED_STATUSES } from '../../../core/study/run'
import type { RunRecord } from '../../../core/study/run'
import { heldOutKey } from '../../data/store/holdout'
import type { FromTrainer } from '../../trainer/protocol'
import type { OpenSet } from '../dataset/open-set'
import { isWaiting } from '../journal/journal'
import type { Journal } from '../journal/journal'
import type { RunQueue } from './queue'
import type { LeftRuns } from './said'

interface KnownRunsOptions {
  readonly journal: Pick<Journal, 'keep' | 'forget' | 'keepWeights'>
  readonly emit: Pick<EngineEvents, 'runChanged' | 'runEpoch' | 'runProgress' | 'runsRemoved'>
  readonly now: () => number
  readonly queue: () => RunQueue
  readonly onEnded: (record: RunRecord) => void
  /** the run has a job at the cluster that trains now */
  readonly atCluster: (id: string) => boolean
  /** runs had not ended when the engine before this one did */
  readonly onLeft: (left: LeftRuns) => void
}

/** The runs of the queue, those that ended before this engine began, and those of studies. */
export class KnownRuns {
  readonly #options: KnownRunsOptions
  readonly #past = new Map<string, RunRecord>()
  #removed: RunRecord[] = []

  constructor(options: KnownRunsOptions) {
    this.#options = options
  }

  get records(): RunRecord[] {
    return [...this.#past.values(), ...this.#options.queue().records]
  }

  /** Whether a run is known that has not ended. */
  has(id: string): boolean {
    return this.records.some((run) => run.id === id && !ENDED_STATUSES.includes(run.status))
  }

  /** Those that were kept. */
  load(records: readonly RunRecord[]): void {
    for (const record of records) this.#past.set(record.id, record)
  }

  bring(found: readonly RunRecord[]): void {
    for (const record of found) {
      this.#past.set(record.id, record)
      this.tell(record)
    }
  }

  /** A run changed: windows are told, and it is kept. */
  tell(record: RunRecord, event?: FromTrainer, before?: RunRecord): void {
    const { emit, journal, onEnded } = this.#options
    const { id, status } = record
    if (event?.type === 'progress') {
      emit.runProgress({ id, status, progress: event.progress })
      return
    }
    if (event?.type === 'epoch') emit.runEpoch({ id, record: event.record })
    else emit.runChanged(record)
    journal.keep(record, event?.type === 'epoch' ? event.record : undefined)
    if (event?.type === 'started' && event.epochs) {
      // those that were not yet written when the engine was lost
      const kept = before?.epochs.length ?? 0
      for (const epoch of event.epochs.slice(kept)) journal.keep(record, epoch)
    }
    if (event?.type === 'ended' && event.weights) journal.keepWeights(id, event.weights)
    if (ENDED_STATUSES.includes(status)) onEnded(record)
  }

  /** The journal deleted old ones. */
  pruned(ids: readonly string[]): void {
    for (const id of ids) this.#past.delete(id)
    this.#options.queue().remove(ids)
    this.#options.emit.runsRemoved({ ids })
  }

  /** Ended runs only; the others stay. */
  remove(ids: readonly string[]): void {
    const { queue, journal, emit } = this.#options
    this.#removed = [...queue().remove(ids), ...ids.flatMap((id) => this.#past.get(id) ?? [])]
    for (const { id } of this.#removed) {
      this.#past.delete(id)
      journal.forget(id)
    }
    emit.runsRemoved({ ids: this.#removed.map(({ id }) => id) })
  }

  /** What was removed last is there again. */
  restore(): void {
    this.bring(this.#removed.splice(0))
  }

  /**
   * Runs that had not ended when the engine before this one did: on the data set that is open they are in
   * the queue again, and go on by themselves where that engine alone was lost (`resume`) or a cluster has
   * their job. All others are paused, until a person resumes them or opens what they train on.
   */
  async settle(set: OpenSet | undefined, resume: boolean): Promise<void> {
    if (set) this.#recognise(set.dataset)
    const waiting = [...this.#past.values()].filter(isWaiting)
    const ofSet = ({ datasetId }: RunRecord): boolean => datasetId === set?.dataset.id
    const { atCluster } = this.#options
    const goesOn = (run: RunRecord): boolean => ofSet(run) && (resume || atCluster(run.id))
    const held = waiting.filter((run) => run.status === 'queued' && !goesOn(run))
    this.bring(held.map((record) => ({ ...record, status: 'paused' })))
    const again = waiting.filter(ofSet)
    const jobs = resume ? [] : again.filter(({ id }) => atCluster(id))
    this.#options.onLeft({ held: held.length, atCluster: jobs.length })
    if (!set || again.length === 0) return
    const dataset = await set.trainingSet()
    const runs = again.flatMap(({ id }) => this.#past.get(id) ?? [])
    for (const { id } of runs) this.#past.delete(id)
    this.#options.queue().add(
      dataset,
      runs.map((run) => ({
        ...run,
        status: run.status === 'paused' && !atCluster(run.id) ? 'paused' : 'queued'
      }))
    )
  }

  resume(id: string): void {
    const record = this.#past.get(id)
    if (record && isWaiting(record)) {
      throw new NormscopeError({
        code: 'other-dataset',
        message: `This run trains on ${record.datasetName}, which is not open. Open it, and the run can go on.`
      })
    }
    this.#options.queue().resume(id)
  }

  cancel(id: string): void {
    const record = this.#past.get(id)
    if (record && isWaiting(record)) {
      this.bring([{ ...record, status: 'cancelled', endedAt: this.#options.now() }])
    } else this.#options.queue().cancel(id)
  }

  /** Runs kept by 0.1.0 name the data set with images held out where those of today name the whole. */
  #recognise({ id: datasetId }: Dataset): void {
    this.bring(
      [...this.#past.values()].flatMap((record) => {
        const { heldOut } = record
        const same = heldOut && record.datasetId === heldOutKey(datasetId, heldOut)
        return same ? [{ ...record, datasetId }] : []
      })
    )
  }
}
