/**
 * Ctrl-C and a closed terminal reach every process of the terminal. Those that a shell forks leave it
 * to the shell to end them, so that runs are cancelled and kept, and not lost.
 */
export function leaveCtrlCToShell(): void {
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
}

/**
 * Heard until the process ends, not once: write-file-atomic listens too while it writes, and where
 * nobody else seems to, it ends the process at once, before runs are kept.
 */
export function onTerminate(end: () => void): void {
  process.on('SIGTERM', end)
}
