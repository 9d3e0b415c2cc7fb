import { readdirSync, readFileSync } from 'node:fs'

/** Resident megabytes of a process (Linux); 0 where it has ended. */
export function megabytesOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1024
}

/** Open file descriptors of a process (Linux). */
export function handlesOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length
  } catch {
    return 0
  }
}

/** A process and all below it (Linux). */
export function treeOf(pid: number): number[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      // the name in parentheses may have spaces and parentheses
      .map((name) => [Number(name), Number(/\) \S (\d+)/.exec(read(`/proc/${name}/stat`))?.[1])])
  )
  const below = (root: number): number[] =>
    [...parents].filter(([, parent]) => parent === root).flatMap(([each]) => [each, ...below(each)])
  return [pid, ...below(pid)]
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
