#!/usr/bin/env node
// `npm run soak`: the served app in use for a long time, and killed many times.
import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { provideTestSystem } from './setup/browser.mjs'
import { endChildrenWithUs, track } from './setup/command.mjs'
import { provideParts, useEnvironment } from './setup/parts.mjs'
import { inProject } from './setup/paths.mjs'
import { Report } from './setup/report.mjs'
import { startDisplay } from './testing/display.mjs'

const help = `Usage: npm run soak -- [--minutes N] [--kills N] [--seed N]

  --minutes N  data sets are opened, runs queued and cancelled, statistics begun and broken off,
               reports made and views changed for so long; heaps, memory, nodes, tensors, handles,
               processes and temporary files must be flat: see tests/soak/flat.ts; slow leaks
               take 20 minutes to be told from noise
  --kills N    trainer, engine, window, shell or all of the app, the served or the desktop one by
               turns that the seed decides, is killed with kill -9 so often at random moments;
               every run must end with the weights of one that was not disturbed, and no process,
               temporary file or file that cannot be read may be left
  --seed N     the same seed does the same, as far as the machine does

Without --minutes and --kills: 20 minutes, then 100 kills. Exits 1 where something is not so.`

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    kills: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    help: { type: 'boolean', default: false }
  }
})
const { seed } = values
const usual = values.minutes === undefined && values.kills === undefined
const minutes = Number(values.minutes ?? (usual ? 20 : 0))
const kills = Number(values.kills ?? (usual ? 100 : 0))

if (values.help || !(minutes >= 0) || ![kills, Number(seed)].every(Number.isSafeInteger)) {
  console.log(help)
  process.exitCode = values.help ? 0 : 2
} else {
  endChildrenWithUs()
  const report = new Report(process.stderr)
  const { found } = await provideParts(['packages', 'tensorflow', 'electron', 'build'], report)
  useEnvironment()
  const system = await provideTestSystem(report, found.electron?.executable)
  if (system.chromium) process.env.NORMSCOPE_CHROMIUM = system.chromium
  const codes = []
  if (minutes > 0) {
    console.log(`${minutes} minutes, seed ${seed}`)
    codes.push(await vitest('soak', 'tests/soak/soak.test.ts', { NORMSCOPE_MINUTES: minutes }))
  }
  if (kills > 0) {
    console.log(`${kills} kills, seed ${seed}`)
    const display =
      process.platform === 'linux' && system.display ? await startDisplay() : undefined
    const env = { NORMSCOPE_KILLS: kills, ...(display && { DISPLAY: display.name }) }
    codes.push(await vitest('e2e', 'tests/served/kill.test.ts', env))
    display?.stop()
  }
  process.exitCode = Math.max(...codes)
}

/** Exit code of a file of tests. */
function vitest(project, file, env) {
  const program = inProject('node_modules', 'vitest', 'vitest.mjs')
  const child = spawn(
    process.execPath,
    [program, 'run', '--disable-console-intercept', '--project', project, file],
    {
      cwd: inProject(),
      stdio: 'inherit',
      env: { ...process.env, ...env, NORMSCOPE_SEED: seed }
    }
  )
  track(child)
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
}
