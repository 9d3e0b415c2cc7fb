#!/usr/bin/env node
// The command line: makes sure that what it needs is there, then runs the built commands in this
// very process, so that input, output, signals and the exit code are theirs without a go-between.
import Module from 'node:module'
import { endChildrenWithUs } from './setup/command.mjs'
import { commandReady, provideParts, useEnvironment } from './setup/parts.mjs'
import { inProject, userFolder } from './setup/paths.mjs'
import { SetupProblem } from './setup/problem.mjs'
import { Report } from './setup/report.mjs'

if (commandReady() || (await setUp())) {
  useEnvironment()
  process.chdir(userFolder('normscope'))
  process.argv[1] = inProject('out', 'main', 'cli.cjs')
  Module.runMain()
} else {
  process.exitCode = 1
}

/** Standard output belongs to the command's result: set-up speaks on standard error. */
async function setUp() {
  const release = endChildrenWithUs()
  try {
    const report = new Report(process.stderr)
    await provideParts(['packages', 'tensorflow', 'fashionMnist', 'build'], report)
    return true
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error
    // With --json a caller reads one object from standard output, whatever happens.
    if (process.argv.includes('--json')) {
      const { message, tried, remedy } = error
      console.log(JSON.stringify({ error: { code: 'setup', message, tried, hint: remedy } }))
    }
    return false
  } finally {
    release()
  }
}
