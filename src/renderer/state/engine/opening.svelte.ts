import type { EngineEvents } from '../../../contract/engine'
import type { ErrorFacts } from '../../../core/error'

export type OpenProgress = Readonly<Parameters<EngineEvents['openProgress']>[0]>

/** The data set that is being opened, whoever asked for it: this window, another one, a shell. */
export class Opening {
  #progress = $state.raw<OpenProgress | undefined>(undefined)
  #error = $state.raw<ErrorFacts | undefined>(undefined)

  /** undefined while nothing is being opened */
  get progress(): OpenProgress | undefined {
    return this.#progress
  }
  /** why the last opening failed */
  get error(): ErrorFacts | undefined {
    return this.#error
  }

  progressed(progress: OpenProgress): void {
    this.#progress = progress
    this.#error = undefined
  }

  /** Every opening ends here, with an error or without; one that another overtook says nothing. */
  ended(path: string, error?: ErrorFacts): void {
    const other = this.#progress !== undefined && this.#progress.path !== path
    if (other || error?.code === 'overtaken') return
    this.#progress = undefined
    // whoever cancelled knows
    this.#error = error?.code === 'cancelled' ? undefined : error
  }

  /** The engine that was opening is gone: no end will be told. */
  abandoned(): void {
    this.#progress = undefined
  }
}
