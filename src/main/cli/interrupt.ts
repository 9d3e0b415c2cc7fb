import { NormscopeError } from '../../core/error'

const FORCE_AFTER_MS = 900

/**
 * Ctrl-C, SIGTERM and a closed terminal as an AbortSignal. Work that has not ended 0.9 s later is left behind:
 * what it writes goes to temporary names, so no partial file stays.
 */
export function interruptSignal(onForce: () => void): AbortSignal {
  const controller = new AbortController()
  const stop = (): void => {
    if (controller.signal.aborted) return onForce()
    controller.abort(
      new NormscopeError({ code: 'interrupted', message: 'Interrupted; nothing was saved.' })
    )
    setTimeout(onForce, FORCE_AFTER_MS).unref()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  return controller.signal
}
