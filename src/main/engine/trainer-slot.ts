import { NormscopeError } from '../../core/error'
import type { SpawnTrainer, TrainerProcess } from '../processes'
import type { FromTrainer, ToTrainer } from '../trainer/protocol'

type Ready = Extract<FromTrainer, { type: 'ready' }>

export interface SlotTimes {
  /** in which a started trainer must have loaded its backend */
  readonly startMs: number
  /** wait before a start after one crash; doubled with each further one in a row */
  readonly backOffMs: number
  /** after which a trainer without work is ended: it holds half a gigabyte */
  readonly idleMs: number
}

const TIMES: SlotTimes = { startMs: 60_000, backOffMs: 250, idleMs: 180_000 }
const LONGEST_BACK_OFF_MS = 8000

/** The place of one trainer: its process is started when needed and again after it ended. */
export class TrainerSlot {
  ready: Ready | undefined
  readonly #spawn: SpawnTrainer
  readonly #onChange: () => void
  readonly #times: SlotTimes
  #busy = false
  #idle: NodeJS.Timeout | undefined
  /** counts the ends of processes: a start that was overtaken by one must not go on */
  #generation = 0
  #process: TrainerProcess | undefined
  #starting: Promise<Ready> | undefined
  #crashes = 0
  #fail: ((thrown: NormscopeError) => void) | undefined
  #take: ((event: FromTrainer) => void) | undefined

  constructor(spawn: SpawnTrainer, onChange: () => void, times: Partial<SlotTimes> = {}) {
    this.#spawn = spawn
    this.#onChange = onChange
    this.#times = { ...TIMES, ...times }
  }

  /** has a run */
  get busy(): boolean {
    return this.#busy
  }

  set busy(busy: boolean) {
    this.#busy = busy
    this.#rest()
  }

  /** A run came to its end: crashes before it do not count any more. */
  worked(): void {
    this.#crashes = 0
  }

  /** The trainer's first words; starts it unless it runs. */
  start(): Promise<Ready> {
    if (this.#starting) return this.#starting
    const generation = this.#generation
    const starting = this.#start().catch((thrown: unknown) => {
      if (generation === this.#generation) this.close()
      throw thrown
    })
    this.#starting = starting
    return starting
  }

  post(message: ToTrainer): void {
    this.#process?.channel.post(message)
  }

  /**
   * Hands every event to `take` until it returns true; rejects with facts when the process ends before.
   */
  listen(take: (event: FromTrainer) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        this.#take = undefined
        this.#fail = undefined
      }
      this.#fail = (thrown) => {
        done()
        reject(thrown)
      }
      this.#take = (event) => {
        try {
          if (!take(event)) return
        } catch (thrown) {
          return this.#fail?.(thrown as NormscopeError)
        }
        done()
        resolve()
      }
    })
  }

  /** Ends the process at once; the next `start` makes a new one. */
  close(): void {
    const ended = this.#process
    this.#generation++
    clearTimeout(this.#idle)
    this.#process = undefined
    this.#starting = undefined
    const wasReady = this.ready !== undefined
    this.ready = undefined
    ended?.kill()
    if (wasReady) this.#onChange()
  }

  /** Ends the process at once, and with it what it was at. */
  abandon(): void {
    const fail = this.#fail
    this.close()
    fail?.(failure('trainer-ended', 'The training process was ended.'))
  }

  async #start(): Promise<Ready> {
    const generation = this.#generation
    const overtaken = (): boolean => generation !== this.#generation
    if (this.#crashes > 0) {
      const wait = this.#times.backOffMs * 2 ** (this.#crashes - 1)
      await new Promise((resolve) => setTimeout(resolve, Math.min(LONGEST_BACK_OFF_MS, wait)))
      if (overtaken()) throw failure('trainer-ended', 'The training process was not started.')
    }
    const started = await this.#spawn()
    if (overtaken()) {
      started.kill()
      throw failure('trainer-ended', 'The training process was ended.')
    }
    this.#process = started
    started.channel.onClose(() => this.#lost(started))
    started.channel.onMessage((message) => {
      if (this.#process === started) this.#take?.(message as FromTrainer)
    })
    let ready: Ready | undefined
    const timer = setTimeout(
      () => this.#fail?.(failure('trainer-silent', 'The trainer did not start in time.')),
      this.#times.startMs
    )
    try {
      await this.listen((event) => {
        if (event.type === 'unusable') throw new NormscopeError(event.error)
        if (event.type === 'ready') ready = event
        return ready !== undefined
      })
    } finally {
      clearTimeout(timer)
    }
    this.ready = ready!
    this.#rest()
    this.#onChange()
    return this.ready
  }

  /** Ends the process after a while without work. */
  #rest(): void {
    clearTimeout(this.#idle)
    if (this.#busy || !this.ready) return
    this.#idle = setTimeout(() => this.close(), this.#times.idleMs)
    this.#idle.unref()
  }

  #lost(process: TrainerProcess): void {
    if (this.#process !== process) return
    this.#crashes++
    const fail = this.#fail
    this.close()
    fail?.(
      failure(
        'trainer-lost',
        'The training process ended unexpectedly (killed, out of memory, or a fault in the native library).'
      )
    )
  }
}

function failure(code: string, message: string): NormscopeError {
  return new NormscopeError({ code, message, hint: 'Start the run again; the other runs go on.' })
}
