#!/usr/bin/env node
// `npm run bench`: every part of the benchmark, one after the other, with one table at the end;
// `npm run bench -- NAME… [options]` runs only the named ones. A part is bench/NAME.mjs; what it needs
// is provided here. Exits 1 where a ratio falls short or a part fails, which does not stop the others.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endChildrenWithUs, track } from '../scripts/setup/command.mjs'
import { provideParts } from '../scripts/setup/parts.mjs'
import { inProject, projectFolder } from '../scripts/setup/paths.mjs'
import { providePeers } from '../scripts/setup/peers.mjs'
import { SetupProblem } from '../scripts/setup/problem.mjs'
import { Report } from '../scripts/setup/report.mjs'
import { readJson } from '../scripts/setup/stamp.mjs'
import { available } from './parts.mjs'
import { summaryOf } from './record.mjs'

const given = process.argv.slice(2)
const options = given.findIndex((word) => word.startsWith('-'))
const names = options < 0 ? given : given.slice(0, options)
const args = options < 0 ? [] : given.slice(options)
const unknown = names.filter((name) => !available.includes(name))

const help = `Usage: npm run bench -- [NAME…] [--rounds N] [--quick] [--only TEXT] [--dry]

NAME is one of: ${available.join(', ')}; without one, all are run.
  --rounds N   how often each is measured, in turns
  --quick      fewer rounds; --only TEXT: rows whose words have TEXT; neither is written down
  --dry        writes nothing down`

if (args.includes('--help')) {
  console.log(help)
} else if (unknown.length > 0) {
  console.error(`${help}\n\nThere is no part ${unknown.join(', ')}.`)
  process.exitCode = 2
} else {
  endChildrenWithUs()
  process.exitCode = await bench(names.length > 0 ? names : available)
}

async function bench(parts) {
  const report = new Report(process.stderr)
  try {
    await provideParts(['packages', 'tensorflow', 'electron', 'fashionMnist', 'build'], report)
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error
    return 1
  }
  const folder = mkdtempSync(join(tmpdir(), 'normscope-bench-'))
  try {
    const outcomes = []
    for (const name of parts) outcomes.push(await runPart(name, folder, report))
    const told = outcomes.filter(({ found }) => found).map(({ name, found }) => [name, found])
    const without = outcomes.filter(({ found }) => !found).map(({ name }) => name)
    if (told.length > 0) console.log(`\n${summaryOf(told)}`)
    if (without.length > 0) console.log(`\nWithout a result: ${without.join(', ')}`)
    return outcomes.every(({ code }) => code === 0)
      ? 0
      : Math.max(...outcomes.map(({ code }) => code))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Runs one part in a process of its own, so that what it leaves behind is not the next one's. */
async function runPart(name, folder, report) {
  const { default: part } = await import(`./${name}.mjs`)
  const peers = await providePeers(part.needs ?? [], report)
  const foundFile = join(folder, `${name}.json`)
  const child = track(
    spawn(process.execPath, [inProject('bench', 'part.mjs'), name, ...args], {
      cwd: projectFolder,
      stdio: 'inherit',
      env: { ...process.env, NORMSCOPE_PEERS: JSON.stringify(peers), NORMSCOPE_FOUND: foundFile }
    })
  )
  const code = await new Promise((resolve) => child.on('exit', (value) => resolve(value ?? 1)))
  return { name, code, found: readJson(foundFile) }
}
