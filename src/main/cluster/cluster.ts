import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { errorFacts, NormscopeError } from '../../core/error'
import { pathsText } from '../../core/study/opened-from'
import { eventsIn } from './job-events'
import type { JobEvent, TrainerReady } from './job-events'
import { requestWord } from './job-words'
import type { ClusterSource, JobRequest } from './job-words'
import type { JobState, RayJobs } from './ray-jobs'
import type { JobBook } from './sent-jobs'

/** How often a job that failed or was lost is sent again. */
export const SENT_AGAIN = 3

/** Jobs under way up to which each is looked at as often. */
const JOBS_AT_FULL_PACE = 8

/** Looks at a job for one at its log, where nobody listens: whether its node is still there. */
const LOOKS_A_LOG = 10

/** What may be over in a moment. */
const FOR_A_WHILE = ['cluster-unreachable', 'cluster-busy']

interface ClusterTimes {
  /** between two looks at a job, while they are few */
  readonly lookMs: number
  /** for which the cluster may be out of reach, or take nothing, before a job is given up */
  readonly awayMs: number
  /** for which a job's log may be out of reach, as on a node that is gone, before it is sent again */
  readonly unreadMs: number
}

const TIMES: ClusterTimes = { lookMs: 500, awayMs: 60_000, unreadMs: 60_000 }

const ENDED: readonly JobState['status'][] = ['SUCCEEDED', 'FAILED', 'STOPPED']

interface ClusterOptions {
  readonly jobs: RayJobs
  /** the command line of Normscope on the nodes, as a shell takes it */
  readonly program: string
  readonly times?: Partial<ClusterTimes>
}

/** What is heard of a job while it goes on. */
export interface JobHooks {
  readonly signal?: AbortSignal
  /** an event is told again where the job had to be sent again */
  readonly onEvent?: (event: JobEvent) => void
  readonly onState?: (state: JobState) => void
  /** it failed or was lost, and is sent again */
  readonly onAgain?: (reason: string) => void
  readonly book?: JobBook
  /** the id of a job that was sent before: it is taken up where the cluster has it still */
  readonly sent?: string
  readonly onTakenUp?: () => void
}

/** The reason of a signal that ends the wait for a job, which goes on. */
export const LEFT = Symbol('left to go on')

interface CheckOptions {
  /** whether it can train too: then what its trainer says of itself is given */
  readonly trains?: boolean
  readonly backend?: 'native' | 'wasm' | 'cpu'
  readonly signal?: AbortSignal
}

/** A Ray cluster that does jobs of ours: each is one command line, and what it finds is in its log. */
export class Cluster {
  readonly jobs: RayJobs
  readonly #program: string
  readonly #times: ClusterTimes
  readonly #underWay = new Set<Promise<unknown>>()

  constructor({ jobs, program, times }: ClusterOptions) {
    this.jobs = jobs
    this.#program = program
    this.#times = { ...TIMES, ...times }
  }

  /**
   * Whether a node finds the same data at the path. Throws NormscopeError 'cluster-data-differs', and
   * what the node says where it does not.
   */
  async check(
    source: ClusterSource,
    datasetId: string,
    { trains = true, backend, signal }: CheckOptions = {}
  ): Promise<TrainerReady | undefined> {
    const events = await this.do({ kind: 'check', source, trains, backend }, { signal })
    const checked = events.find((event) => event.type === 'checked')
    if (checked?.datasetId === datasetId) return checked.ready
    throw new NormscopeError({
      code: 'cluster-data-differs',
      message: `On the cluster, other data lie at ${pathsText(source.paths)}.`,
      path: source.paths[0],
      expected: datasetId,
      actual: checked?.datasetId ?? 'nothing',
      hint: 'Put the data on a path that this computer and all nodes see.'
    })
  }

  /**
   * Does one job, sent again up to 3 times where it fails or is lost; what it said, to its end.
   * Throws NormscopeError 'cluster-job-failed', what the job itself says was wrong, and the signal's
   * reason once the job was told to stop.
   */
  do(request: JobRequest, hooks: JobHooks = {}): Promise<readonly JobEvent[]> {
    const done = this.#tried(request, hooks)
    this.#underWay.add(done)
    const over = (): void => void this.#underWay.delete(done)
    done.then(over, over)
    return done
  }

  /** Settles when every job has ended, those that were cancelled once the cluster was told to stop them. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#underWay)
  }

  async #tried(request: JobRequest, hooks: JobHooks): Promise<readonly JobEvent[]> {
    const reasons: string[] = []
    while (reasons.length <= SENT_AGAIN) {
      const anew = reasons.length > 0 && { sent: undefined }
      const ended = await this.#once(request, { ...hooks, ...anew })
      if ('events' in ended) return ended.events
      reasons.push(ended.lost)
      if (reasons.length <= SENT_AGAIN) hooks.onAgain?.(ended.lost)
    }
    throw new NormscopeError({
      code: 'cluster-job-failed',
      message: `A job failed ${reasons.length} times on the cluster, the last time so: ${reasons.at(-1)}`,
      hint: `Its log is on the dashboard at ${this.jobs.address.origin}. The nodes must have Normscope as "${this.#program}".`
    })
  }

  async #once(
    request: JobRequest,
    hooks: JobHooks
  ): Promise<{ readonly events: readonly JobEvent[] } | { readonly lost: string }> {
    const { signal, book, sent } = hooks
    signal?.throwIfAborted()
    const id = sent ?? `normscope-${randomUUID()}`
    try {
      await book?.sending(id)
      await this.#send(id, request, hooks)
      const ended = await this.#watched(id, hooks)
      book?.over(id)
      return ended
    } catch (thrown) {
      if (signal?.reason === LEFT) throw thrown
      // whatever ends the wait: nobody takes what the job still finds
      book?.stopping(id)
      await this.jobs.stop(id).then(
        () => book?.over(id),
        () => undefined
      )
      signal?.throwIfAborted()
      throw thrown
    }
  }

  async #watched(
    id: string,
    { signal, onEvent, onState }: JobHooks
  ): Promise<{ readonly events: readonly JobEvent[] } | { readonly lost: string }> {
    let events: readonly JobEvent[] = []
    let looks = 0
    let read = performance.now()
    for (;;) {
      const state = await this.#reached(signal, () => this.jobs.state(id))
      if (!state) return { lost: 'the cluster does not know it any more.' }
      onState?.(state)
      const over = ENDED.includes(state.status)
      // a log is read by the node's agent, which costs the node some of its time
      const listens = onEvent !== undefined || ++looks % LOOKS_A_LOG === 0
      if (!over && (!listens || state.status === 'PENDING')) {
        await this.#pause(signal)
        continue
      }
      // after the state: what has ended has said everything
      const { log, unread } = await this.#log(id)
      if (log === undefined && !over && (await this.#isGone(state))) {
        return { lost: `its node ${state.node} is gone.` }
      }
      if (log === undefined && performance.now() - read > this.#times.unreadMs) {
        await this.jobs.stop(id).catch(() => undefined)
        return { lost: `its log cannot be read: ${unread}` }
      }
      const told = events.length
      events = eventsIn(log ?? '', events)
      for (const event of events.slice(told)) onEvent?.(event)
      if (log !== undefined) read = performance.now()
      const error = events.find((event) => event.type === 'error')
      if (error) throw new NormscopeError(onNode(error.error, state.node))
      if (state.status === 'SUCCEEDED' && log !== undefined) return { events }
      if (over && state.status !== 'SUCCEEDED') {
        return { lost: reasonOf(state, log ?? '') }
      }
      await this.#pause(signal)
    }
  }

  /** Once, even where the answer to that is lost. */
  async #send(
    id: string,
    request: JobRequest,
    { signal, sent, onTakenUp }: JobHooks
  ): Promise<void> {
    const entrypoint = `${this.#program} cluster-job ${requestWord(request)}`
    await this.#reached(signal, async (again) => {
      if ((again || sent !== undefined) && (await this.jobs.state(id))) {
        if (sent !== undefined) onTakenUp?.()
        return
      }
      signal?.throwIfAborted()
      await this.jobs.submit(id, entrypoint, { normscope: request.kind })
    })
  }

  /** The log of a job, or why it cannot be read: it lies on the job's node, which may be gone. */
  async #log(id: string): Promise<{ readonly log?: string; readonly unread?: string }> {
    try {
      return { log: await this.jobs.log(id) }
    } catch (thrown) {
      const { code, message } = errorFacts(thrown)
      if (!FOR_A_WHILE.includes(code)) throw thrown
      return { unread: message }
    }
  }

  /** Nobody ends the jobs of a node that is gone: Ray may call them running for ever. */
  async #isGone({ nodeId }: JobState): Promise<boolean> {
    try {
      return nodeId !== undefined && (await this.jobs.isGone(nodeId))
    } catch {
      return false
    }
  }

  /** A cluster that is out of reach, or can take nothing, is asked again for a while. */
  async #reached<T>(
    signal: AbortSignal | undefined,
    ask: (again: boolean) => Promise<T>
  ): Promise<T> {
    const since = performance.now()
    for (let again = false; ; again = true) {
      try {
        return await ask(again)
      } catch (thrown) {
        if (!FOR_A_WHILE.includes(errorFacts(thrown).code)) throw thrown
        if (performance.now() - since > this.#times.awayMs) throw thrown
        await this.#pause(signal)
      }
    }
  }

  /** Between two looks at a job: the dashboard is asked no more often for many jobs than for some. */
  #pause(signal: AbortSignal | undefined): Promise<void> {
    const times = Math.max(1, this.#underWay.size / JOBS_AT_FULL_PACE)
    return wait(this.#times.lookMs * times, undefined, { signal })
  }
}

function onNode(facts: ReturnType<typeof errorFacts>, node: string | undefined): typeof facts {
  return { ...facts, message: `On ${node ?? 'the cluster'}: ${facts.message}` }
}

/** For people: what Ray says of a job that did not come to its end, and what the job said last. */
function reasonOf({ status, message }: JobState, log: string): string {
  const lines = log.split('\n').filter((line) => line.trim() !== '')
  const last = lines.at(-1)?.slice(0, 300) ?? ''
  return message.includes(last) ? message || status : `${message || status} ${last}`
}
