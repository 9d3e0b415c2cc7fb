import { writeFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'

/** Bytes: a picture of most pixels as 32-bit floats takes 400 MB, and is held up to three times. */
const MAX_BYTES = 2 * 2 ** 30
/** milliseconds between two looks */
const INTERVAL = 50
/** How a process ends that takes more: not as one that the system or a person kills, where there is another way. */
export const TOO_MUCH_MEMORY = process.platform === 'win32' ? 'SIGKILL' : 'SIGUSR2'

/** Looks from a thread beside, since native code that allocates lets no event of this one through. */
const WATCH = `
const { workerData: { most, interval, signal } } = require('node:worker_threads')
setInterval(() => {
  if (process.memoryUsage.rss() > most) process.kill(process.pid, signal)
}, interval)`

/**
 * Ends this process where a file makes it take more memory than any may; where the system itself
 * has none left, Linux is to end this process first.
 */
export function limitMemory(most = Number(process.env.NORMSCOPE_DECODER_BYTES ?? MAX_BYTES)): void {
  const workerData = { most, interval: INTERVAL, signal: TOO_MUCH_MEMORY }
  new Worker(WATCH, { eval: true, workerData }).unref()
  if (process.platform !== 'linux') return
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000')
  } catch {
    // a container may forbid it; the limit above holds
  }
}
