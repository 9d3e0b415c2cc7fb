import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { sync as writeFileAtomic } from 'write-file-atomic'
import { z } from 'zod'
import type { RecentDataset } from '../../contract/engine'
import { readJson, writeJson } from '../../core/study/json'
import { runRecord } from '../../core/study/record-schema'
import { ENDED_STATUSES } from '../../core/study/run'
import type { RunRecord } from '../../core/study/run'

const MOST_RECENT = 10

const recentDatasets = z.array(
  z.object({ path: z.string(), name: z.string(), openedAt: z.number() })
)

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
   * Every run that was kept, oldest first. One that was under way was lost with the engine and says
   * so; one that waited still has the status 'queued'.
   */
  runs(now: number): RunRecord[] {
    return readdirSync(this.#runs)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => read(join(this.#runs, name), runRecord) ?? [])
      .map((record) => {
        const { status } = record
        if (status === 'queued' || ENDED_STATUSES.includes(status)) return record
        const failed = lost(record, now)
        this.keep(failed)
        return failed
      })
      .sort((a, b) => a.createdAt - b.createdAt)
  }

  keep({ progress: _, ...record }: RunRecord): void {
    // What has ended outlives a power cut; before that a lost epoch is the least of the losses.
    const fsync = ENDED_STATUSES.includes(record.status)
    writeFileAtomic(this.#file(record.id), writeJson(record), { fsync })
  }

  forget(id: string): void {
    rmSync(this.#file(id), { force: true })
  }

  recent(): RecentDataset[] {
    return read(this.#recent, recentDatasets) ?? []
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
function read<T>(path: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.parse(readJson(readFileSync(path, 'utf8')))
  } catch {
    return undefined
  }
}

function lost(record: RunRecord, now: number): RunRecord {
  const message = 'The engine ended while this run was under way. Start it again.'
  return { ...record, status: 'failed', error: { code: 'engine-lost', message }, endedAt: now }
}
