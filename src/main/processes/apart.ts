import type { ChildProcess } from 'node:child_process'

const apart = new Set<ChildProcess>()

/** Ctrl-Z reaches the terminal's session alone: a child with a session of its own stands still, and goes on, with this process. */
export function standStillTogether(child: ChildProcess): void {
  if (apart.size === 0) {
    process.on('SIGTSTP', stop)
    process.on('SIGCONT', goOn)
  }
  apart.add(child)
  child.once('exit', () => {
    apart.delete(child)
    if (apart.size > 0) return
    process.off('SIGTSTP', stop)
    process.off('SIGCONT', goOn)
  })
}

function stop(): void {
  for (const child of apart) child.kill('SIGSTOP')
  process.kill(process.pid, 'SIGSTOP')
}

function goOn(): void {
  for (const child of apart) child.kill('SIGCONT')
}
