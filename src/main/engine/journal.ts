import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { sync as writeFileAtomic } from 'write-file-atomic'
import type { RecentDataset } from '../../contract/engine'
import { ENDED_STATUSES } from '../../core/study/run'
import type { RunRecord } from '../../core/study/run'

const MOST_RECENT = 10

/** Runs and recent data sets on disk: each file is written whole or not at all. */
export class Journal {
  readonly #runs: string
  readonly #recent: string

  constructor(folder: string) {
    this.#runs = join(folder, 'runs')
    this.#recent = join(folder, 'recent.json')
    mkdirSync(this.#runs, { recursive: true })
  }

  /**
   * Every run that was kept, oldest first. One that had not ended was lost with the engine and says so.
   */
  runs(now: number): RunRecord[] {
    return readdirSync(this.#runs)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => readJson<RunRecord>(join(this.#runs, name)) ?? [])
      .map((record) => (ENDED_STATUSES.includes(record.status) ? record : lost(record, now)))
      .sort((a, b) => a.createdAt - b.createdAt)
  }

  keep(record: RunRecord): void {
    writeFileAtomic(this.#file(record.id), JSON.stringify({ ...record, progress: undefined }))
  }

  forget(id: string): void {
    rmSync(this.#file(id), { force: true })
  }

  recent(): RecentDataset[] {
    return readJson<RecentDataset[]>(this.#recent) ?? []
  }

  opened(dataset: RecentDataset): void {
    const others = this.recent().filter(({ path }) => path !== dataset.path)
    writeFileAtomic(this.#recent, JSON.stringify([dataset, ...others].slice(0, MOST_RECENT)))
  }

  #file(id: string): string {
    return join(this.#runs, `${encodeURIComponent(id)}.json`)
  }
}

/** A file that is missing or was not written by us counts as absent: the journal is no one's data. */
function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T
  } catch {
    return undefined
  }
}

function lost(record: RunRecord, now: number): RunRecord {
  const message = 'The engine ended while this run was waiting or under way. Start it again.'
  return { ...record, status: 'failed', error: { code: 'engine-lost', message }, endedAt: now }
}
