import type { DatasetSource, EngineEvents } from '../../../contract/engine'
import type { ErrorFacts } from '../../../core/error'

export type OpenProgress = Readonly<Parameters<EngineEvents['openProgress']>[0]>

/** Why something could not be opened; what it was, where this window asked for it. */
export interface OpenError extends ErrorFacts {
  readonly source?: DatasetSource
}

/** The data set that is being opened, whoever asked for it: this window, another one, a shell. */
export class Opening {
  #progress = $state.raw<OpenProgress | undefined>(undefined)
  #error = $state.raw<OpenError | undefined>(undefined)

  /** undefined while nothing is being opened */
  get progress(): OpenProgress | undefined {
    return this.#progress
  }
  /** why the last opening failed */
  get error(): OpenError | undefined {
    return this.#error
  }

  progressed(progress: OpenProgress): void {
    this.#progress = progress
    this.#error = undefined
  }

  /** Every opening ends here, with an error or without; one that another overtook says nothing. */
  ended(path: string, error?: OpenError): void {
    const other = this.#progress !== undefined && this.#progress.path !== path
    if (other || error?.code === 'overtaken') return
    this.#progress = undefined
    // whoever cancelled knows
    const cancelled = error?.code === 'cancelled'
    // the engine tells of it too, and does not know who asked
    this.#error = cancelled ? undefined : error && { source: this.#error?.source, ...error }
  }

  /** The engine that was opening is gone: no end will be told. */
  abandoned(): void {
    this.#progress = undefined
  }
}
