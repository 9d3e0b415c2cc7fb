import { errorFacts } from '../../../core/error'
import type { ErrorFacts } from '../../../core/error'
import { latest } from './latest'

/** What is asked, so that it need not be asked twice. */
export interface Question {
  readonly of: string
  /** what the answer depends on besides, compared one by one: the images, the engine, how far runs are */
  readonly at: readonly unknown[]
}

function isSame(one: Question | undefined, other: Question): boolean {
  return one?.of === other.of && other.at.every((each, i) => each === one.at[i])
}

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
  /** the newest, unless it failed */
  #question: Question | undefined
  #opening = false
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

  /** A view opens on it: a kept answer is shown where it is to what the view asks first. */
  opened(): this {
    this.#opening = true
    return this
  }

  /** Like `ask`, unless the same was asked last and is answered or under way. */
  async askOnce(question: Question, work: () => Promise<T>): Promise<void> {
    const [opening, before] = [this.#opening, this.#question]
    this.#opening = false
    if (isSame(before, question)) return
    if (opening && before?.of !== question.of) this.#value = undefined
    await this.ask(work, question)
  }

  async ask(work: () => Promise<T>, question?: Question): Promise<void> {
    const mine = ++this.#asked
    this.#question = question
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => (this.#slow = true), SLOW_AFTER)
    try {
      await this.#newest.run(work, (value) => {
        this.#value = value
        this.#error = undefined
      })
    } catch (thrown) {
      this.#error = errorFacts(thrown)
      this.#question = undefined
    } finally {
      if (mine === this.#asked) this.#settle()
    }
  }

  /** Forgets the answer, and what is under way. */
  clear(): void {
    this.#asked++
    this.#question = undefined
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
