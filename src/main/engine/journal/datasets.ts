import { readFileSync, renameSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import type { DatasetSource, RecentDataset } from '../../../contract/engine'

const MOST_RECENT = 10

const source = z.object({
  path: z.string(),
  labelsPath: z.string().optional(),
  testPath: z.string().optional()
})
const recentDatasets = z.array(source.extend({ name: z.string(), openedAt: z.number() }))

export interface DatasetsOptions {
  readonly folder: string
  /** whether this process may change the folder's files */
  readonly mine: boolean
  readonly onFailure: (thrown: unknown) => void
  /** a file that could not be read was renamed */
  readonly onDamaged: (path: string) => void
}

/** The data sets that were opened last, and the one that is being opened. */
export class KeptDatasets {
  readonly #options: DatasetsOptions
  readonly #recentFile: string
  readonly #openingFile: string
  #recent: readonly RecentDataset[]
  #work: Promise<void> = Promise.resolve()
  /** what an engine before this one was opening when it died */
  readonly interrupted: DatasetSource | undefined

  constructor(options: DatasetsOptions) {
    this.#options = options
    this.#recentFile = join(options.folder, 'recent.json')
    this.#openingFile = join(options.folder, 'opening.json')
    this.#recent = this.#read(this.#recentFile, recentDatasets) ?? []
    this.interrupted = options.mine ? this.#read(this.#openingFile, source) : undefined
  }

  get recent(): readonly RecentDataset[] {
    return this.#recent
  }

  /** To be waited for before a data set is opened: what kills the engine is not to be tried again. */
  opening(dataset: DatasetSource): Promise<void> {
    return this.#do(async () => {
      await mkdir(this.#options.folder, { recursive: true })
      await writeFile(this.#openingFile, JSON.stringify(dataset))
    })
  }

  /** The opening came to its end, a good one or not. */
  settled(): Promise<void> {
    return this.#do(() => rm(this.#openingFile, { force: true }))
  }

  opened(dataset: RecentDataset): Promise<void> {
    const others = this.#recent.filter(({ path }) => path !== dataset.path)
    this.#recent = [dataset, ...others].slice(0, MOST_RECENT)
    const text = JSON.stringify(this.#recent)
    return this.#do(async () => {
      await mkdir(this.#options.folder, { recursive: true })
      await writeFileAtomic(this.#recentFile, text)
    })
  }

  /** One after the other; never rejects. */
  #do(work: () => Promise<void>): Promise<void> {
    if (!this.#options.mine) return Promise.resolve()
    this.#work = this.#work.then(work).catch(this.#options.onFailure)
    return this.#work
  }

  #read<T>(path: string, schema: z.ZodType<T>): T | undefined {
    let text: string
    try {
      text = readFileSync(path, 'utf8')
    } catch {
      return undefined
    }
    try {
      return schema.parse(JSON.parse(text))
    } catch {
      if (!this.#options.mine) return undefined
      try {
        renameSync(path, `${path}.damaged`)
        this.#options.onDamaged(`${path}.damaged`)
      } catch (thrown) {
        this.#options.onFailure(thrown)
      }
      return undefined
    }
  }
}
