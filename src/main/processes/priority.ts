import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'

/** Lower than the window's, so that it stays quick while all cores compute. */
const NICENESS = 10

/** Lets others go first who want the processor too: this process, or this thread where `thread` and the system has that (Linux). */
export function goLast({ thread = false } = {}): void {
  try {
    setPriority(thread ? threadId() : process.pid, NICENESS)
  } catch {
    // Some systems forbid it or have it for processes alone: this is then only less polite.
  }
}

function threadId(): number {
  return Number(/\d+$/.exec(readlinkSync('/proc/thread-self'))![0])
}
