import { setTimeout as wait } from 'node:timers/promises'
import type { ClusterFacts, ClusterStatus } from '../../contract/cluster'
import type { Dataset } from '../../core/dataset/dataset'
import { errorFacts } from '../../core/error'
import type { ErrorFacts } from '../../core/error'
import type { Trainers } from '../processes/trainers'
import { Cluster } from './cluster'
import { clusterTrainers, noSource } from './cluster-trainers'
import type { ClusterTrainer } from './cluster-trainers'
import type { TrainerReady } from './job-events'
import type { ClusterSource } from './job-words'
import { RayJobs } from './ray-jobs'
import type { SentJob, SentJobs } from './sent-jobs'

interface LinkTimes {
  /** between two questions for its nodes */
  readonly nodesMs: number
  /** the same while it does not answer */
  readonly awayMs: number
  /** between two looks at a job */
  readonly lookMs: number
}

const TIMES: LinkTimes = { nodesMs: 15_000, awayMs: 5000, lookMs: 500 }

export interface LinkOptions {
  readonly address: URL
  /** how its nodes call Normscope */
  readonly program: string
  /** what the nodes open a data set from */
  readonly sourceOf: (dataset: Dataset) => ClusterSource | undefined
  /** something that `status` or `trainers` says is new */
  readonly onChange: () => void
  /** something that a person may want to know */
  readonly log: (line: string) => void
  readonly sent: SentJobs
  /** whether a run has not ended, once that is known */
  readonly wants: (run: string) => Promise<boolean>
  readonly times?: Partial<LinkTimes>
}

/** Whether a node has the images of a data set; with neither, one is asked. */
interface Checked {
  readonly ready?: TrainerReady
  readonly problem?: ErrorFacts
}

/**
 * A cluster that takes the runs of a queue for as long as the person wants: it is asked for its nodes
 * again and again, and runs wait while it is away or does not see their images.
 */
export class ClusterLink {
  readonly #options: LinkOptions
  readonly #times: LinkTimes
  readonly #cluster: Cluster
  readonly #end = new AbortController()
  /** by the data set's id */
  readonly #checked = new Map<string, Checked>()
  readonly #live = new Set<ClusterTrainer>()
  #facts: ClusterFacts | undefined
  #away: ErrorFacts | undefined
  #ready: TrainerReady | undefined
  /** the data set of the run that is next */
  #next: string | undefined
  #trainers: Trainers

  constructor(options: LinkOptions) {
    this.#options = options
    this.#times = { ...TIMES, ...options.times }
    this.#cluster = new Cluster({
      jobs: new RayJobs(options.address),
      program: options.program,
      // runs wait for a cluster that is away: a person says when to give it up
      times: { lookMs: this.#times.lookMs, awayMs: Infinity }
    })
    const spawn = clusterTrainers({
      cluster: this.#cluster,
      sourceOf: options.sourceOf,
      ready: () => this.#ready!,
      onEnd: (trainer) => this.#live.delete(trainer),
      sent: options.sent,
      log: options.log
    })
    this.#trainers = {
      spawnTrainer: async () => {
        const trainer = await spawn()
        this.#live.add(trainer)
        return trainer
      },
      ...{ trainers: 1, moves: true },
      waits: ({ dataset }) => this.#waits(dataset)
    }
    void this.#watch()
  }

  get status(): Pick<ClusterStatus, 'facts' | 'checking' | 'problem'> {
    const checked = this.#next === undefined ? undefined : this.#checked.get(this.#next)
    const problem = this.#away ?? checked?.problem
    return {
      ...(this.#facts && { facts: this.#facts }),
      ...(problem && { problem }),
      ...(checked && !checked.ready && !problem && { checking: true })
    }
  }

  get trainers(): Trainers {
    return this.#trainers
  }

  /** Images that no node was seen to have are looked for again. */
  again(): void {
    for (const [id, { problem }] of this.#checked) if (problem) this.#checked.delete(id)
    this.#options.onChange()
  }

  /** Nothing more is sent; settles when its jobs were told to stop, or could not be. */
  async close(mostMs = 5000): Promise<void> {
    this.#end.abort()
    for (const trainer of this.#live) trainer.kill()
    const late = new AbortController()
    const most = wait(mostMs, undefined, { ref: false, signal: late.signal })
    const stopped = Promise.allSettled([
      this.#cluster.settled(),
      ...this.#unseen().map((job) => this.#stop(job))
    ])
    await Promise.race([stopped, most]).finally(() => late.abort())
    await most.catch(() => undefined)
  }

  /** Nothing more is sent; jobs go on, for the process after this one to take up. */
  async leave(): Promise<void> {
    this.#end.abort()
    for (const trainer of this.#live) trainer.leave()
    await this.#cluster.settled()
  }

  async #watch(): Promise<void> {
    const { signal } = this.#end
    while (!signal.aborted) {
      const before = JSON.stringify([this.#facts, this.#away])
      try {
        this.#facts = await this.#cluster.jobs.facts()
        this.#away = undefined
        void this.#stopUnwanted()
      } catch (thrown) {
        this.#away = errorFacts(thrown)
      }
      if (signal.aborted) return
      if (JSON.stringify([this.#facts, this.#away]) !== before) {
        const trainers = Math.max(1, Math.floor(this.#facts?.cpus ?? 1))
        this.#trainers = { ...this.#trainers, trainers }
        this.#options.onChange()
      }
      const pause = this.#away ? this.#times.awayMs : this.#times.nodesMs
      await wait(pause, undefined, { ref: false, signal }).catch(() => undefined)
    }
  }

  #unseen(): SentJob[] {
    return this.#options.sent.unseen(this.#options.address.origin)
  }

  /** Of jobs that a process before this one left, or that could not be stopped. */
  async #stopUnwanted(): Promise<void> {
    for (const job of this.#unseen()) {
      if (!job.stop && (await this.#options.wants(job.run))) continue
      await this.#stop(job)
    }
  }

  /** It is tried again at the next look where it fails. */
  async #stop({ id }: SentJob): Promise<void> {
    await this.#cluster.jobs.stop(id).then(
      () => this.#options.sent.over(id),
      () => undefined
    )
  }

  /** Why a run on these images is not sent yet. */
  #waits(dataset: Dataset): string | undefined {
    this.#next = dataset.id
    if (this.#away) return this.#away.message
    if (!this.#facts) return 'The cluster has not answered yet.'
    const checked = this.#checked.get(dataset.id)
    if (!checked) void this.#check(dataset)
    else if (checked.ready) this.#ready = checked.ready
    if (checked?.ready) return undefined
    return checked?.problem?.message ?? `A node of the cluster looks for ${dataset.name}.`
  }

  async #check(dataset: Dataset): Promise<void> {
    this.#checked.set(dataset.id, {})
    // whoever asked why a run waits is answered first
    queueMicrotask(() => this.#options.onChange())
    const { signal } = this.#end
    try {
      const source = this.#options.sourceOf(dataset)
      if (!source) throw noSource(dataset)
      const ready = await this.#cluster.check(source, dataset.id, { signal })
      this.#checked.set(dataset.id, { ready })
    } catch (thrown) {
      if (signal.aborted) return
      this.#checked.set(dataset.id, { problem: errorFacts(thrown) })
    }
    this.#options.onChange()
  }
}
