import { NormscopeError } from '../../core/error'

/** Throws NormscopeError 'cancelled' once the signal asks for it. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return
  throw new NormscopeError({ code: 'cancelled', message: 'Reading the data set was cancelled.' })
}
