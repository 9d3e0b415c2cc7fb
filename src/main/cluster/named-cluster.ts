import { clusterAddress } from '../../contract/cluster'
import type { ClusterSettings, ClusterStatus, ClusterTest } from '../../contract/cluster'
import type { Dataset } from '../../core/dataset/dataset'
import { errorFacts, NormscopeError } from '../../core/error'
import { pathsText } from '../../core/study/opened-from'
import type { Trainers } from '../processes/trainers'
import { Cluster } from './cluster'
import { ClusterLink } from './cluster-link'
import type { LinkOptions } from './cluster-link'
import { noSource } from './cluster-trainers'
import { RayJobs } from './ray-jobs'
import { SentJobs } from './sent-jobs'
import type { SentJob } from './sent-jobs'

export interface NamedClusterOptions extends Pick<
  LinkOptions,
  'sourceOf' | 'onChange' | 'log' | 'wants' | 'times'
> {
  /** how nodes call Normscope where the person does not say it */
  readonly defaultProgram: string
  /** who trains while no cluster does */
  readonly here: Trainers
}

/** What outlives the engine. */
export interface KeptCluster {
  readonly cluster?: ClusterSettings
  readonly sentJobs: readonly SentJob[]
  keepSentJobs(jobs: readonly SentJob[]): Promise<void>
}

/** The cluster that a person named, if any: the only address that the engine ever talks to, while it is on or tested. */
export class NamedCluster {
  readonly #options: NamedClusterOptions
  readonly #sent: SentJobs
  #settings: ClusterSettings | undefined
  #link: ClusterLink | undefined
  #test: AbortController | undefined
  /** links that were closed, until their jobs were told to stop */
  readonly #closing = new Set<Promise<void>>()

  constructor(options: NamedClusterOptions, kept: KeptCluster) {
    this.#options = options
    this.#sent = new SentJobs(kept.sentJobs, (jobs) => kept.keepSentJobs(jobs))
    this.#settings = kept.cluster
    if (kept.cluster?.on) this.#connect(kept.cluster)
  }

  get status(): ClusterStatus | undefined {
    return this.#settings && { ...this.#settings, ...this.#link?.status }
  }

  get defaultProgram(): string {
    return this.#options.defaultProgram
  }

  /** Whether a run has a job at the cluster that is on, which a process before this one sent. */
  has(run: string): boolean {
    const { on, address } = this.#settings ?? {}
    return on === true && this.#sent.of(address!, run) !== undefined
  }

  /** Who trains now. */
  get trainers(): Trainers {
    return this.#link?.trainers ?? this.#options.here
  }

  /** Throws NormscopeError 'cluster-address'. What is as it was is tried again. */
  set(settings: ClusterSettings): ClusterSettings {
    const address = clusterAddress(settings.address).origin
    const { program, on } = settings
    const now: ClusterSettings = { address, ...(program && { program }), on }
    const before = this.#settings
    this.#settings = now
    const same = before?.address === address && before.program === now.program
    if (this.#link && on && same) this.#link.again()
    else {
      this.#disconnect()
      if (on) this.#connect(now)
      this.#options.onChange()
    }
    return now
  }

  /**
   * Whether a cluster answers, and whether its nodes have the images. Throws NormscopeError
   * 'cluster-address', 'cluster-unreachable', 'cluster-busy', 'cluster-answer' or 'cancelled'.
   */
  async test(settings: Omit<ClusterSettings, 'on'>, dataset?: Dataset): Promise<ClusterTest> {
    this.cancelTest()
    const { defaultProgram, sourceOf, times } = this.#options
    const { signal } = (this.#test = new AbortController())
    const jobs = new RayJobs(clusterAddress(settings.address))
    const facts = await jobs.facts()
    if (!dataset) return { facts }
    const source = sourceOf(dataset)
    if (!source) throw noSource(dataset)
    const images = { name: dataset.name, path: pathsText(source.paths) }
    try {
      const program = settings.program ?? defaultProgram
      const cluster = new Cluster({ jobs, program, times: { lookMs: times?.lookMs ?? 500 } })
      const ready = await cluster.check(source, dataset.id, { signal })
      const { backend, tensorflowVersion } = ready ?? {}
      return { facts, images: { ...images, backend, tensorflowVersion } }
    } catch (thrown) {
      signal.throwIfAborted()
      return { facts, images: { ...images, problem: errorFacts(thrown) } }
    }
  }

  cancelTest(): void {
    this.#test?.abort(new NormscopeError({ code: 'cancelled', message: 'The test was cancelled.' }))
  }

  /** Settles when jobs under way were told to stop, or could not be; without `stop` they go on. */
  async close({ stop = true } = {}): Promise<void> {
    this.cancelTest()
    if (stop) this.#disconnect()
    else await this.#link?.leave()
    await Promise.all(this.#closing)
  }

  #connect({ address, program }: ClusterSettings): void {
    const { defaultProgram, sourceOf, onChange, log, wants, times } = this.#options
    this.#link = new ClusterLink({
      ...{ sourceOf, onChange, log, wants, times },
      sent: this.#sent,
      address: new URL(address),
      program: program ?? defaultProgram
    })
  }

  #disconnect(): void {
    const link = this.#link
    this.#link = undefined
    const closing = link?.close()
    if (!closing) return
    this.#closing.add(closing)
    void closing.finally(() => this.#closing.delete(closing))
  }
}
