import { NormscopeError } from '../../../core/error'
import type { TrainerProcess } from '../../processes/channel'
import type { FromTrainer, ToTrainer } from '../../trainer/protocol'

export type Ready = Extract<FromTrainer, { type: 'ready' }>

/** Who waits for something the process tells. */
interface Listener {
  take(event: FromTrainer): void
  fail(thrown: unknown): void
}

/** One process that trains, from its start to its end, with whoever listens to it. */
export class LiveTrainer {
  /** its first words, once they were heard */
  ready: Ready | undefined
  /** tensors that it held after its last run */
  tensors: number | undefined
  readonly #process: TrainerProcess
  readonly #listeners = new Set<Listener>()
  readonly #onLost: () => void
  /** why it is gone */
  #end: NormscopeError | undefined

  /** `onLost` is called when the process ends without having been told to. */
  constructor(process: TrainerProcess, onLost: () => void) {
    this.#process = process
    this.#onLost = onLost
    process.channel.onMessage((message) => {
      const event = message as FromTrainer
      if (event.type === 'rested') this.tensors = event.tensors
      for (const listener of this.#listeners) listener.take(event)
    })
    process.channel.onClose(() => this.#lost())
  }

  get gone(): boolean {
    return this.#end !== undefined
  }

  /** Throws why the process is gone where it is. */
  post(message: ToTrainer): void {
    if (this.#end) throw this.#end
    this.#process.channel.post(message)
  }

  /**
   * Hands every event to `take` until it returns true; rejects with what `take` throws, or with
   * facts when the process is gone before.
   */
  listen(take: (event: FromTrainer) => boolean): Promise<void> {
    if (this.#end) return Promise.reject(this.#end)
    return new Promise((resolve, reject) => {
      const listener: Listener = {
        take: (event) => {
          try {
            if (!take(event)) return
            this.#listeners.delete(listener)
            resolve()
          } catch (thrown) {
            listener.fail(thrown)
          }
        },
        fail: (thrown) => {
          this.#listeners.delete(listener)
          reject(thrown)
        }
      }
      this.#listeners.add(listener)
    })
  }

  /** Waits for its first words. */
  async greeted(): Promise<this> {
    await this.listen((event) => {
      if (event.type === 'unusable') throw new NormscopeError(event.error)
      if (event.type === 'ready') this.ready = event
      return event.type === 'ready'
    })
    return this
  }

  /** Ends the process at once, and with it what it was at. */
  end(): void {
    if (this.#end) return
    this.#fail(trainerFailure('trainer-ended', 'The training process was ended.'))
  }

  #lost(): void {
    if (this.#end) return
    this.#fail(
      trainerFailure(
        'trainer-lost',
        'The training process ended unexpectedly (killed, out of memory, or a fault in the native library).'
      )
    )
    this.#onLost()
  }

  #fail(end: NormscopeError): void {
    this.#end = end
    // also one whose line broke: nobody could reach it any more
    this.#process.kill()
    for (const listener of [...this.#listeners]) listener.fail(end)
  }
}

export function trainerFailure(code: string, message: string): NormscopeError {
  return new NormscopeError({ code, message, hint: 'Start the run again; the other runs go on.' })
}
