import { NormscopeError } from '../../core/error'

/** Throws what the signal was ended for; NormscopeError 'cancelled' where that is no error of ours. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return
  if (signal.reason instanceof NormscopeError) throw signal.reason
  throw new NormscopeError({ code: 'cancelled', message: 'Reading the data set was cancelled.' })
}
