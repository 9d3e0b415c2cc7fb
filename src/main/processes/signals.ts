/**
 * Ctrl-C and a closed terminal reach every process of the terminal. Those that a shell forks leave it
 * to the shell to end them, so that runs are cancelled and kept, and not lost.
 */
export function leaveCtrlCToShell(): void {
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
}
