import { Worker } from 'node:worker_threads'
import { errorFacts, NormscopeError } from '../../core/error'
import type { ErrorFacts } from '../../core/error'
import { builtProgram } from './built-program'
import { coresHere } from './cores'
import type { JobAnswer, JobMessage, JobStep } from './thread-protocol'

interface JobOptions {
  /** the job fails with its reason; a thread that is at it ends it between two steps */
  readonly signal?: AbortSignal | undefined
  /** told the share that is done, where the job tells it */
  readonly onStep?: ((share: number) => void) | undefined
}

interface Waiting extends Pick<JobOptions, 'onStep'> {
  readonly message: JobMessage
  readonly done: (answer: JobAnswer) => void
}

/** Memory of workers that have nothing to do is given back after this time. */
const IDLE_MS = 20_000
/** For objects that die soon. Jobs have arrays of numbers, which lie elsewhere; a thread keeps what it is given. */
const YOUNG_MEGABYTES = 2

/**
 * Threads that count and compute beside the event loop, one a core, started when there is work for
 * them. Which thread does a job makes no difference to what comes of it.
 */
export class ThreadPool {
  readonly #most: number
  readonly #program: string
  readonly #last: boolean
  readonly #idle: Worker[] = []
  readonly #waiting: Waiting[] = []
  #workers = 0
  #timer: NodeJS.Timeout | undefined

  /** `last`: whatever else wants the processor goes first, where the system has that for a thread */
  constructor({ most = coresHere(), program = builtProgram('statistics.cjs'), last = true } = {}) {
    this.#most = most
    this.#program = program
    this.#last = last
  }

  /** Throws what the job threw, or NormscopeError 'statistics-ended' where its thread did. */
  async run(name: string, asked: unknown, { signal, onStep }: JobOptions = {}): Promise<unknown> {
    signal?.throwIfAborted()
    const stop = new Int32Array(new SharedArrayBuffer(4))
    let cancel: (() => void) | undefined
    try {
      const answer = await new Promise<JobAnswer>((done, fail) => {
        const waiting = { message: { name, asked, stop }, onStep, done }
        cancel = () => {
          Atomics.store(stop, 0, 1)
          Atomics.notify(stop, 0)
          const at = this.#waiting.indexOf(waiting)
          if (at >= 0) this.#waiting.splice(at, 1)
          fail(signal!.reason as Error)
        }
        signal?.addEventListener('abort', cancel)
        this.#waiting.push(waiting)
        this.#next()
      })
      if (answer.ok) return answer.value
      throw new NormscopeError(answer.error)
    } finally {
      if (cancel) signal?.removeEventListener('abort', cancel)
    }
  }

  /** Threads that have nothing to do, started or not. */
  get idle(): number {
    return this.#most - this.#workers + this.#idle.length
  }

  /** Starts the threads before there is work for them. */
  start(): void {
    for (let worker = this.#started(); worker; worker = this.#started()) this.#rest(worker)
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    await Promise.all(this.#idle.splice(0).map((worker) => worker.terminate()))
  }

  #next(): void {
    while (this.#waiting.length > 0) {
      const worker = this.#idle.pop() ?? this.#started()
      if (worker === undefined) return
      this.#give(worker, this.#waiting.shift()!)
    }
  }

  #started(): Worker | undefined {
    if (this.#workers >= this.#most) return undefined
    this.#workers++
    return new Worker(this.#program, {
      workerData: { last: this.#last },
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES }
    })
  }

  #give(worker: Worker, { message, onStep, done }: Waiting): void {
    clearTimeout(this.#timer)
    const answered = (answer: JobAnswer | JobStep): void => {
      if ('done' in answer) return onStep?.(answer.done)
      this.#rest(worker)
      done(answer)
      this.#next()
    }
    const ended = (facts: ErrorFacts): void => {
      worker.removeAllListeners()
      worker.on('error', () => undefined)
      void worker.terminate()
      this.#workers--
      done({ ok: false, error: facts })
      this.#next()
    }
    worker.removeAllListeners()
    worker.on('message', answered)
    worker.once('error', (thrown) => ended(endedFacts(this.#program, errorFacts(thrown).message)))
    worker.once('exit', (code) => ended(endedFacts(this.#program, `exit code ${code}`)))
    worker.ref()
    worker.postMessage(message)
  }

  #rest(worker: Worker): void {
    worker.removeAllListeners()
    worker.on('error', () => undefined)
    worker.once('exit', () => this.#forget(worker))
    worker.unref()
    this.#idle.push(worker)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.close(), IDLE_MS).unref()
  }

  #forget(worker: Worker): void {
    const at = this.#idle.indexOf(worker)
    if (at >= 0) this.#idle.splice(at, 1)
    this.#workers--
  }
}

function endedFacts(path: string, reason: string): ErrorFacts {
  return {
    code: 'statistics-ended',
    message: `A thread of Normscope ended (${reason}). Try again; if it happens again, close other programs that need memory.`,
    path,
    actual: reason
  }
}
