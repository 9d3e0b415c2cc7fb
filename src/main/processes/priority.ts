import { existsSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'

/** Lower than the window's, so that it stays quick while all cores compute. */
const NICENESS = 10
/** Linux takes one change of a group in 100 ms, of all users but root. */
const GROUP_AGAIN_MS = 150
const GROUP_TRIES = 40

/** Lets others go first who want the processor too: this process, or this thread where `thread` and the system has that (Linux). */
export function goLast({ thread = false } = {}): void {
  try {
    setPriority(thread ? threadId() : process.pid, NICENESS)
  } catch {
    // Some systems forbid it or have it for processes alone: this is then only less polite.
  }
  if (!thread && process.platform === 'linux' && leadsSession()) groupGoesLast(GROUP_TRIES)
}

/**
 * Where Linux shares the processor out to sessions first (autogroups), niceness counts within a session alone: a
 * process with a session of its own lets the others go first by the niceness of its group.
 */
function groupGoesLast(tries: number): void {
  try {
    writeFileSync('/proc/self/autogroup', String(NICENESS))
  } catch (thrown) {
    const busy = (thrown as NodeJS.ErrnoException).code === 'EAGAIN'
    if (busy && tries > 1) setTimeout(() => groupGoesLast(tries - 1), GROUP_AGAIN_MS).unref()
  }
}

function leadsSession(): boolean {
  // a system without /proc has no such groups either
  if (!existsSync('/proc/self/stat')) return false
  // what follows the name, which may hold anything: state, parent, group, session
  const [, , , session] = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return Number(session) === process.pid
}

function threadId(): number {
  return Number(/\d+$/.exec(readlinkSync('/proc/thread-self'))![0])
}
