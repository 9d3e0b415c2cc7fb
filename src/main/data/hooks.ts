import { NormscopeError } from '../../core/error'

/** Who is told how far an opening is, and what ends it. */
export interface OpenHooks {
  readonly onProgress: (stage: string, fraction?: number) => void
  /** throws NormscopeError 'cancelled', or what the opening was ended for, once that is asked for */
  readonly check: () => void
}

/** Throws what the signal was ended for; NormscopeError 'cancelled' where that is no error of ours. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return
  if (signal.reason instanceof NormscopeError) throw signal.reason
  throw new NormscopeError({ code: 'cancelled', message: 'Reading the data set was cancelled.' })
}
