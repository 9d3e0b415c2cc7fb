import { readFileSync, renameSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { keptClusterSettings } from '../../../contract/cluster'
import type { ClusterSettings } from '../../../contract/cluster'
import type { DatasetSource, RecentDataset } from '../../../contract/engine'
import type { Dataset } from '../../../core/dataset/dataset'
import { openedFrom, openedFromFields, samePaths, withPaths } from '../../../core/study/opened-from'
import { sentJobs } from '../../cluster/sent-jobs'
import type { SentJob } from '../../cluster/sent-jobs'
import { asidePath } from '../../disk/aside'
import { classNamesFile, keptClassNames, withKeptNames } from '../../user/class-names'
import type { KeptClassNames } from '../../user/class-names'

const MAX_RECENT = 10

const recent = z.object({ ...openedFromFields, name: z.string(), openedAt: z.number() })
const recentDatasets = z.array(z.preprocess(withPaths, recent))

interface DatasetsOptions {
  readonly folder: string
  /** whether this process may change the folder's files */
  readonly mine: boolean
  readonly onFailure: (thrown: unknown) => void
  /** what could not be written before is written */
  readonly onWritten: () => void
  /** milliseconds until what could not be written is tried again */
  readonly retryMs: number
  /** a file that could not be read was renamed */
  readonly onDamaged: (path: string) => void
}

/** The data sets that were opened last, those that are being opened, names of classes, and the cluster that a person named with its jobs. */
export class KeptDatasets {
  readonly #options: DatasetsOptions
  readonly #recentFile: string
  readonly #openingFile: string
  readonly #namesFile: string
  readonly #clusterFile: string
  readonly #jobsFile: string
  #recent: readonly RecentDataset[]
  #names: KeptClassNames
  /** newest last */
  #underWay: readonly DatasetSource[] = []
  /** texts that their files lack, by path */
  readonly #unwritten = new Map<string, string>()
  #work: Promise<void> = Promise.resolve()
  #retry: NodeJS.Timeout | undefined
  /** what an engine before this one was opening when it died */
  readonly interrupted: DatasetSource | undefined
  /** as it was when this engine began */
  readonly cluster: ClusterSettings | undefined
  /** what an engine before this one had at clusters when it was killed */
  readonly sentJobs: readonly SentJob[]

  constructor(options: DatasetsOptions) {
    this.#options = options
    this.#recentFile = join(options.folder, 'recent.json')
    this.#openingFile = join(options.folder, 'opening.json')
    this.#namesFile = classNamesFile(options.folder)
    this.#clusterFile = join(options.folder, 'cluster.json')
    this.#recent = this.#read(this.#recentFile, recentDatasets) ?? []
    this.#names = this.#read(this.#namesFile, keptClassNames) ?? {}
    this.cluster = this.#read(this.#clusterFile, keptClusterSettings)
    this.#jobsFile = join(options.folder, 'cluster-jobs.json')
    this.sentJobs = (options.mine && this.#read(this.#jobsFile, sentJobs)) || []
    this.interrupted = options.mine ? this.#read(this.#openingFile, openedFrom) : undefined
  }

  get recent(): readonly RecentDataset[] {
    return this.#recent
  }

  /** To be waited for before a data set is opened: what kills the engine is not to be tried again. */
  opening(dataset: DatasetSource): Promise<void> {
    this.#underWay = [...this.#underWay, dataset]
    return this.#mark()
  }

  /** The opening came to its end, a good one or not. */
  settled(dataset: DatasetSource): Promise<void> {
    this.#underWay = this.#underWay.filter((each) => each !== dataset)
    return this.#mark()
  }

  opened(dataset: RecentDataset): Promise<void> {
    const others = this.#recent.filter(({ paths }) => !samePaths(paths, dataset.paths))
    this.#recent = [dataset, ...others].slice(0, MAX_RECENT)
    return this.#keep(this.#recentFile, this.#recent)
  }

  /** The data set under the names that a person gave its classes. */
  named(dataset: Dataset): Dataset {
    return withKeptNames(dataset, this.#names)
  }

  /** undefined forgets them */
  nameClasses(id: string, names: readonly string[] | undefined): Promise<void> {
    const { [id]: _, ...others } = this.#names
    this.#names = names === undefined ? others : { ...others, [id]: names }
    return this.#keep(this.#namesFile, this.#names)
  }

  keepCluster(settings: ClusterSettings): Promise<void> {
    return this.#keep(this.#clusterFile, settings)
  }

  /** To be waited for before a job is sent. */
  keepSentJobs(jobs: readonly SentJob[]): Promise<void> {
    return this.#keep(this.#jobsFile, jobs)
  }

  /** Nothing is under way any more. */
  async close(): Promise<void> {
    this.#underWay = []
    await this.#mark()
    await this.#do(() => this.#write())
    clearTimeout(this.#retry)
  }

  #mark(): Promise<void> {
    return this.#do(async () => {
      const newest = this.#underWay.at(-1)
      if (!newest) return rm(this.#openingFile, { force: true })
      await mkdir(this.#options.folder, { recursive: true })
      await writeFileAtomic(this.#openingFile, JSON.stringify(newest))
    })
  }

  #keep(file: string, value: unknown): Promise<void> {
    this.#unwritten.set(file, JSON.stringify(value))
    return this.#do(() => this.#write())
  }

  /** Tries again after a while where the disk does not take it. */
  async #write(): Promise<void> {
    clearTimeout(this.#retry)
    if (this.#unwritten.size === 0) return
    try {
      await mkdir(this.#options.folder, { recursive: true })
      for (const [file, text] of this.#unwritten) {
        await writeFileAtomic(file, text)
        if (this.#unwritten.get(file) === text) this.#unwritten.delete(file)
      }
      this.#options.onWritten()
    } catch (thrown) {
      const again = (): Promise<void> => this.#do(() => this.#write())
      this.#retry = setTimeout(again, this.#options.retryMs).unref()
      throw thrown
    }
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
        const aside = asidePath(path)
        renameSync(path, aside)
        this.#options.onDamaged(aside)
      } catch (thrown) {
        this.#options.onFailure(thrown)
      }
      return undefined
    }
  }
}
