import { Answer } from './answer.svelte'

/** Answers that outlive the view that asked, which shows them at once when a person comes back to it. */
export class Answers {
  readonly #kept = new Map<string, Answer<unknown>>()

  /** The one of a name, for a view that opens. */
  of<T>(name: string): Answer<T> {
    let answer = this.#kept.get(name)
    if (!answer) this.#kept.set(name, (answer = new Answer<unknown>()))
    return answer.opened() as Answer<T>
  }

  /** Of other images nothing is shown again. */
  clear(): void {
    for (const answer of this.#kept.values()) answer.clear()
  }
}
