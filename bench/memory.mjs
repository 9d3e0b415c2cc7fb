import { readFileSync } from 'node:fs'

/** The system keeps the most itself; whoever looks seldom takes no time from what is measured. */
const EVERY_MS = 200

/** Bytes of memory that a process has held at most; undefined where the system does not tell (Linux does). */
function peakOf(pid) {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return Number(kilobytes) * 1024
  } catch {
    return undefined
  }
}

function childrenOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
  } catch {
    return []
  }
}

/** The most that any child of a process holds until the process ends, in `peak.bytes`. */
export function watchChildren(child, peak) {
  const look = () => {
    for (const pid of childrenOf(child.pid)) {
      const bytes = peakOf(pid)
      if (bytes !== undefined && bytes > (peak.bytes ?? 0)) peak.bytes = bytes
    }
  }
  const timer = setInterval(look, EVERY_MS)
  child.on('close', () => clearInterval(timer))
}
