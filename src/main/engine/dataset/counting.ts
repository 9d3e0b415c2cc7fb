import type { EngineEvents } from '../../../contract/engine'
import { NormscopeError } from '../../../core/error'
import { watched } from './parts'

/** What a window's questions have computed: told as it goes on, and cancelled together. */
export class Counting {
  readonly #emit: Pick<EngineEvents, 'countingProgress'>
  #controller = new AbortController()

  constructor(emit: Pick<EngineEvents, 'countingProgress'>) {
    this.#emit = emit
  }

  of<T>(work: () => Promise<T>): Promise<T> {
    const { signal } = this.#controller
    const onProgress = (stage: string, fraction?: number): void => {
      if (!signal.aborted) this.#emit.countingProgress({ stage, fraction })
    }
    return watched({ signal, onProgress }, work)
  }

  cancel(): void {
    this.#controller.abort(
      new NormscopeError({
        code: 'cancelled',
        message: 'Computing was cancelled.',
        hint: 'Compute again when you want it.'
      })
    )
    this.#controller = new AbortController()
  }
}
