import { errorFacts } from '../../../core/error'
import type { ErrorFacts } from '../../../core/error'
import { latest } from './latest'

/** Work that takes longer than this shows that it is under way, milliseconds. */
const SLOW_AFTER = 200

/**
 * The newest answer to a question that is asked again and again. While the next answer is under way
 * the last good one stays; an overtaken answer is never written.
 */
export class Answer<T> {
  readonly #newest = latest()
  #value = $state.raw<T | undefined>(undefined)
  #error = $state.raw<ErrorFacts | undefined>(undefined)
  #slow = $state(false)
  #asked = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  /** the last good answer */
  get value(): T | undefined {
    return this.#value
  }
  /** why the newest question has no answer */
  get error(): ErrorFacts | undefined {
    return this.#error
  }
  /** an answer has been under way for more than 200 ms */
  get slow(): boolean {
    return this.#slow
  }

  async ask(work: () => Promise<T>): Promise<void> {
    const mine = ++this.#asked
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => (this.#slow = true), SLOW_AFTER)
    try {
      await this.#newest.run(work, (value) => {
        this.#value = value
        this.#error = undefined
      })
    } catch (thrown) {
      this.#error = errorFacts(thrown)
    } finally {
      if (mine === this.#asked) this.#settle()
    }
  }

  /** Forgets the answer, and what is under way. */
  clear(): void {
    this.#asked++
    this.#newest.cancel()
    this.#value = undefined
    this.#error = undefined
    this.#settle()
  }

  #settle(): void {
    clearTimeout(this.#timer)
    this.#slow = false
  }
}
