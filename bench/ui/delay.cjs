// Loaded into every process of the served shell: keeps how late the timers of its event loop come, in a file of its
// own in NORMSCOPE_BENCH_DELAYS, named after the program; anew from when `reset` is there.
const { existsSync, writeFileSync } = require('node:fs')
const { basename, join } = require('node:path')
const { monitorEventLoopDelay } = require('node:perf_hooks')
const { isMainThread } = require('node:worker_threads')

/** Milliseconds between two timers, which are part of each delay. */
const RESOLUTION = 2
const folder = process.env.NORMSCOPE_BENCH_DELAYS
const program = basename(process.argv[1] ?? '', '.cjs')

if (folder && isMainThread && (program === 'engine' || program === 'cli')) {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION })
  delays.enable()
  let anew = false
  setInterval(() => {
    if (!anew && existsSync(join(folder, 'reset'))) {
      anew = true
      delays.reset()
    }
    const late = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION)
    const told = { p99: late(delays.percentile(99)), max: late(delays.max) }
    writeFileSync(join(folder, `${program}.json`), JSON.stringify(told))
  }, 250).unref()
}
