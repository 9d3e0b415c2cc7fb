import { SvelteMap } from 'svelte/reactivity'
import type { Dataset } from '../../core/dataset/dataset'
import { ENDED_STATUSES } from '../../core/study/run'
import type { EpochRecord, RunProgress, RunRecord, RunStatus } from '../../core/study/run'

/** Whether a run will not change any more. */
export function isEnded(record: Pick<RunRecord, 'status'>): boolean {
  return ENDED_STATUSES.includes(record.status)
}

/** All runs the engine knows of, kept current by its events. */
export class Runs {
  readonly #records = new SvelteMap<string, RunRecord>()
  readonly #progress = new SvelteMap<string, RunProgress>()
  /** oldest first */
  #list = $derived([...this.#records.values()].sort((a, b) => a.createdAt - b.createdAt))
  #active = $derived(this.#list.filter((r) => r.status === 'running' || r.status === 'paused'))
  #queued = $derived(this.#list.filter((r) => r.status === 'queued'))
  #ended = $derived(this.#list.filter(isEnded))

  get list(): readonly RunRecord[] {
    return this.#list
  }
  /** running or paused */
  get active(): readonly RunRecord[] {
    return this.#active
  }
  get queued(): readonly RunRecord[] {
    return this.#queued
  }
  get ended(): readonly RunRecord[] {
    return this.#ended
  }

  /** the runs on a data set, oldest first */
  of(dataset: Pick<Dataset, 'id'> | undefined): readonly RunRecord[] {
    return this.#list.filter(({ datasetId }) => datasetId === dataset?.id)
  }
  record(id: string): RunRecord | undefined {
    return this.#records.get(id)
  }
  /** of a run under way */
  progress(id: string): RunProgress | undefined {
    return this.#progress.get(id)
  }

  reset(records: readonly RunRecord[]): void {
    this.#records.clear()
    this.#progress.clear()
    for (const record of records) this.changed(record)
  }
  changed(record: RunRecord): void {
    this.#records.set(record.id, record)
    if (isEnded(record)) this.#progress.delete(record.id)
    else if (record.progress) this.#progress.set(record.id, record.progress)
  }
  epoch(id: string, epoch: EpochRecord): void {
    const record = this.#records.get(id)
    if (!record) return
    const epochs = [...record.epochs.filter((e) => e.epoch !== epoch.epoch), epoch]
    this.#records.set(id, { ...record, epochs: epochs.sort((a, b) => a.epoch - b.epoch) })
  }
  progressed(id: string, status: RunStatus, progress: RunProgress): void {
    const record = this.#records.get(id)
    if (!record || isEnded(record)) return
    if (record.status !== status) this.#records.set(id, { ...record, status })
    this.#progress.set(id, progress)
  }
  removed(ids: readonly string[]): void {
    for (const id of ids) {
      this.#records.delete(id)
      this.#progress.delete(id)
    }
  }
}
