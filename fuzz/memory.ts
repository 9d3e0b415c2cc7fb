import { readdirSync, readFileSync } from 'node:fs'

/** Bytes that this process takes, and the most that any decoder of it has taken since it started. */
export interface Memory {
  readonly rss: number
  /** 0 where the system does not tell (only Linux does), or there is no decoder */
  readonly decoder: number
}

export function memory(): Memory {
  const { rss } = process.memoryUsage()
  return { rss, decoder: Math.max(0, ...children().map(mostOf)) }
}

function children(): string[] {
  try {
    return readdirSync('/proc/self/task').flatMap((thread) =>
      readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' ').filter(Boolean)
    )
  } catch {
    return [] // no Linux, or a thread that has just ended
  }
}

/** Linux's high-water mark of resident memory. */
function mostOf(pid: string): number {
  try {
    const said = /VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return Number(said?.[1] ?? 0) * 1024
  } catch {
    return 0 // it has just ended
  }
}
