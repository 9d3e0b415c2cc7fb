/** A child of Node or a utility process of Electron. */
interface Endable {
  readonly pid?: number
  kill(): unknown
  once(event: 'exit', listener: () => void): unknown
}

/** Time for last lines to be written; commands are left behind 0.9 s after Ctrl-C. */
const GRACE_MS = 600

/**
 * Asks a process to end, and ends it by force when it has not within the grace: one that is frozen
 * hears nothing. Resolves once it is gone.
 */
export function endProcess(child: Endable, graceMs = GRACE_MS): Promise<void> {
  const { pid } = child
  if (pid === undefined || hasEnded(child)) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(() => killNow(pid), graceMs)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
    child.kill()
  })
}

/** Ends a process that cannot refuse. */
export function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it ended meanwhile
  }
}

function hasEnded(child: object): boolean {
  const { exitCode = null, signalCode = null } = child as Record<string, unknown>
  return exitCode !== null || signalCode !== null
}
