import type { EngineEvents } from '../../../contract/engine'
import type { Dataset } from '../../../core/dataset/dataset'
import { ENDED_STATUSES } from '../../../core/study/run'
import type { RunRecord } from '../../../core/study/run'
import { heldOutKey } from '../../data/store/holdout'
import type { FromTrainer } from '../../trainer/protocol'
import type { OpenSet } from '../dataset/open-set'
import { isWaiting } from '../journal/journal'
import type { Journal } from '../journal/journal'
import type { RunQueue } from './queue'

interface KnownRunsOptions {
  readonly journal: Pick<Journal, 'keep' | 'forget' | 'keepWeights'>
  readonly emit: Pick<EngineEvents, 'runChanged' | 'runEpoch' | 'runProgress' | 'runsRemoved'>
  readonly now: () => number
  readonly queue: () => RunQueue
  readonly onEnded: (record: RunRecord) => void
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
  tell(record: RunRecord, event?: FromTrainer): void {
    const { emit, journal, onEnded } = this.#options
    const { id, status } = record
    if (event?.type === 'progress') {
      emit.runProgress({ id, status, progress: event.progress })
      return
    }
    if (event?.type === 'epoch') emit.runEpoch({ id, record: event.record })
    else emit.runChanged(record)
    journal.keep(record, event?.type === 'epoch' ? event.record : undefined)
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
   * Runs that waited when the engine before this one ended: on the data set that is open, paused
   * ones are there again as they were, and queued ones where the engine was lost (`resume`). What is
   * left counts as cancelled.
   */
  async settle(set: OpenSet | undefined, resume: boolean): Promise<void> {
    if (set) this.#recognise(set.dataset)
    const waiting = [...this.#past.values()].filter(isWaiting)
    const again = waiting.filter(
      ({ datasetId, status }) => datasetId === set?.dataset.id && (resume || status === 'paused')
    )
    const endedAt = this.#options.now()
    this.bring(
      waiting
        .filter((each) => !again.includes(each))
        .map((record) => ({ ...record, status: 'cancelled', endedAt }))
    )
    if (!set || again.length === 0) return
    const dataset = await set.trainingSet()
    for (const { id } of again) this.#past.delete(id)
    this.#options.queue().add(
      dataset,
      again.map((run) => ({ ...run, status: run.status === 'paused' ? 'paused' : 'queued' }))
    )
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
