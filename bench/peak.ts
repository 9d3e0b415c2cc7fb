import { readFileSync } from 'node:fs'

/**
 * Megabytes that this process has held at most. `process.resourceUsage().maxRSS` would not do on Linux:
 * a process begins with its parent's there.
 */
export function peakMegabytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))!
  return Number(kilobytes) / 1024
}
