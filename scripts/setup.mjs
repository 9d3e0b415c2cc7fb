#!/usr/bin/env node
// Everything the app and its tests need, provided once. See README.md.
import { parseArgs } from 'node:util'
import { provideTestSystem } from './setup/browser.mjs'
import { endChildrenWithUs } from './setup/command.mjs'
import { provideParts } from './setup/parts.mjs'
import { cacheFolder } from './setup/paths.mjs'
import { SetupProblem } from './setup/problem.mjs'
import { Report } from './setup/report.mjs'
import { readState, shellExports, updateState } from './setup/state.mjs'

const help = `Usage: npm run setup            provide everything, also what the tests need
       node scripts/setup.mjs --env   print what the last set-up found as shell commands:
                                      eval "$(node scripts/setup.mjs --env)"`

const { values } = parseArgs({
  options: { env: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } }
})

if (values.help) console.log(help)
else if (values.env) console.log(shellExports(readState().environment))
else process.exitCode = await setUp()

async function setUp() {
  endChildrenWithUs()
  const report = new Report()
  const started = performance.now()
  report.line(`Set-up; downloads are kept in ${cacheFolder()}`)
  try {
    const names = ['packages', 'tensorflow', 'electron', 'fashionMnist', 'build']
    const { found, failures } = await provideParts(names, report, { retry: true })
    const system = await provideTestSystem(report, found.electron?.executable)
    updateState({ environment: { NORMSCOPE_CHROMIUM: system.chromium } })
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    const missing = Object.keys(failures).length + system.lacking.length
    report.line(
      missing
        ? `Set-up ended with ${missing} parts missing (${seconds} s)`
        : `Set-up complete (${seconds} s)`
    )
    return missing ? 1 : 0
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error
    return 1
  }
}
