import { errorFacts } from '../../core/error'
import type { ErrorFacts } from '../../core/error'

/** A part of the window that lies in a script of its own, so that the first pictures need not wait for it. */
export class Later<T> {
  readonly #read: () => Promise<T>
  #value = $state.raw<T | undefined>(undefined)
  #error = $state.raw<ErrorFacts | undefined>(undefined)
  #reading: Promise<void> | undefined

  /** `value`: what is there from the beginning */
  constructor(read: () => Promise<T>, value?: T) {
    this.#read = read
    this.#value = value
    if (value !== undefined) this.#reading = Promise.resolve()
  }

  get value(): T | undefined {
    return this.#value
  }
  /** why it could not be loaded the last time */
  get error(): ErrorFacts | undefined {
    return this.#error
  }

  /** Settles once it is there, or has failed, after which it can be loaded again. */
  load(): Promise<void> {
    return (this.#reading ??= this.#once())
  }

  async #once(): Promise<void> {
    this.#error = undefined
    try {
      this.#value = await this.#read()
    } catch (thrown) {
      this.#reading = undefined
      this.#error = {
        code: 'part-not-loaded',
        message: `A part of the window could not be loaded: ${errorFacts(thrown).message}`,
        hint: 'Try again. If it fails again, reload the window.'
      }
    }
  }
}
