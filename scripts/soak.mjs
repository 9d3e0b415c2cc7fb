#!/usr/bin/env node
// `npm run soak`: trainers, engine and shell are killed at random moments, many times.
import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { endChildrenWithUs, track } from './setup/command.mjs'
import { provideParts, useEnvironment } from './setup/parts.mjs'
import { inProject } from './setup/paths.mjs'
import { Report } from './setup/report.mjs'

const help = `Usage: npm run soak -- [--kills 100] [--seed N]

Trains in the served app, whose trainer, engine or shell is killed with kill -9 at random moments.
Every run must end with the weights of one that was not disturbed; no process, temporary file or
file that cannot be read may be left. The same seed kills the same processes.`

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    help: { type: 'boolean', default: false }
  }
})
const { kills, seed } = values

if (values.help || !/^\d+$/.test(kills) || !/^\d+$/.test(seed)) {
  console.log(help)
  process.exitCode = values.help ? 0 : 2
} else {
  endChildrenWithUs()
  await provideParts(['packages', 'tensorflow', 'build'], new Report(process.stderr))
  useEnvironment()
  console.log(`${kills} kills, seed ${seed}`)
  const vitest = inProject('node_modules', 'vitest', 'vitest.mjs')
  const child = spawn(
    process.execPath,
    [vitest, 'run', '--project', 'e2e', 'tests/served/kill.test.ts'],
    {
      cwd: inProject(),
      stdio: 'inherit',
      env: { ...process.env, NORMSCOPE_KILLS: kills, NORMSCOPE_SEED: seed }
    }
  )
  track(child)
  process.exitCode = await new Promise((resolve) =>
    child.once('exit', (code) => resolve(code ?? 1))
  )
}
