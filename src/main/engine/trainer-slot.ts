import { NormscopeError } from '../../core/error'
import type { SpawnTrainer, TrainerProcess } from '../processes'
import type { FromTrainer, ToTrainer } from '../trainer/protocol'

type Ready = Extract<FromTrainer, { type: 'ready' }>

/** Time in which a started trainer must have loaded its backend. */
const START_MS = 60_000
/** Wait before a start after crashes in a row: doubled each time. */
const BACK_OFF_MS = 250
const LONGEST_BACK_OFF_MS = 8000

/** The place of one trainer: its process is started when needed and again after it ended. */
export class TrainerSlot {
  busy = false
  ready: Ready | undefined
  readonly #spawn: SpawnTrainer
  readonly #onChange: () => void
  #process: TrainerProcess | undefined
  #starting: Promise<Ready> | undefined
  #crashes = 0
  #fail: ((thrown: NormscopeError) => void) | undefined
  #take: ((event: FromTrainer) => void) | undefined

  constructor(spawn: SpawnTrainer, onChange: () => void) {
    this.#spawn = spawn
    this.#onChange = onChange
  }

  /** The trainer's first words; starts it unless it runs. */
  start(): Promise<Ready> {
    this.#starting ??= this.#start().catch((thrown: unknown) => {
      this.close()
      throw thrown
    })
    return this.#starting
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
        this.#crashes = 0
        resolve()
      }
    })
  }

  /** Ends the process at once; the next `start` makes a new one. */
  close(): void {
    const ended = this.#process
    this.#process = undefined
    this.#starting = undefined
    const wasReady = this.ready !== undefined
    this.ready = undefined
    ended?.kill()
    if (wasReady) this.#onChange()
  }

  async #start(): Promise<Ready> {
    if (this.#crashes > 0) {
      const wait = Math.min(LONGEST_BACK_OFF_MS, BACK_OFF_MS * 2 ** (this.#crashes - 1))
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
    const started = await this.#spawn()
    this.#process = started
    started.channel.onClose(() => this.#lost(started))
    started.channel.onMessage((message) => {
      if (this.#process === started) this.#take?.(message as FromTrainer)
    })
    let ready: Ready | undefined
    const timer = setTimeout(
      () => this.#fail?.(failure('trainer-silent', 'The trainer did not start within a minute.')),
      START_MS
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
    this.#onChange()
    return this.ready
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
