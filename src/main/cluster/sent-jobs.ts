import { z } from 'zod'

/** A job that a cluster has of a run. */
const sentJob = z.strictObject({
  /** of the cluster */
  address: z.string(),
  run: z.string(),
  /** under which the cluster knows it */
  id: z.string(),
  /** nobody wants it any more: the cluster is yet to be told */
  stop: z.literal(true).optional()
})

export type SentJob = z.infer<typeof sentJob>

export const sentJobs = z.array(sentJob)

/** Where the id of a job is written down before the job is sent, until it is over. */
export interface JobBook {
  /** settles when it is written down, or cannot be */
  sending(id: string): Promise<void>
  stopping(id: string): void
  over(id: string): void
}

/** The jobs of runs that clusters have, of this process and of one before it that was killed. */
export class SentJobs {
  readonly #jobs: Map<string, SentJob>
  readonly #keep: (jobs: readonly SentJob[]) => Promise<void>
  /** sent or taken up by this process */
  readonly #own = new Set<string>()

  constructor(left: readonly SentJob[], keep: (jobs: readonly SentJob[]) => Promise<void>) {
    this.#jobs = new Map(left.map((job) => [job.id, job]))
    this.#keep = keep
  }

  /** The job that a run has at a cluster. */
  of(address: string, run: string): string | undefined {
    const jobs = [...this.#jobs.values()]
    return jobs.find((job) => job.run === run && job.address === address && !job.stop)?.id
  }

  /** Those at a cluster that nobody looks at: left by a process before, or not to be stopped so far. */
  unseen(address: string): SentJob[] {
    return [...this.#jobs.values()].filter((job) => {
      return job.address === address && (job.stop || !this.#own.has(job.id))
    })
  }

  over(id: string): void {
    this.#own.delete(id)
    if (this.#jobs.delete(id)) void this.#written()
  }

  bookOf(address: string, run: string): JobBook {
    return {
      sending: (id) => {
        this.#own.add(id)
        if (this.#jobs.has(id)) return Promise.resolve()
        this.#jobs.set(id, { address, run, id })
        return this.#written()
      },
      stopping: (id) => {
        const job = this.#jobs.get(id)
        if (!job) return
        this.#jobs.set(id, { ...job, stop: true })
        void this.#written()
      },
      over: (id) => this.over(id)
    }
  }

  #written(): Promise<void> {
    return this.#keep([...this.#jobs.values()])
  }
}
