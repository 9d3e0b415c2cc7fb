// Running one stage and counting its outcome.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run, track } from '../setup/command.mjs'
import { inProject } from '../setup/paths.mjs'
import { readJson } from '../setup/stamp.mjs'
import { testFiles } from './stages.mjs'
import { nothing, ofCheck, ofVitest, sum } from './tally.mjs'

/** Runs one check; its output is shown only when it fails. */
export async function runCheck({ name, args }, report) {
  const started = performance.now()
  const { code, output, error } = await run(process.execPath, args, { cwd: inProject() })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  report.line(`${name} … ${code === 0 ? 'passed' : 'FAILED'} (${seconds} s)`)
  if (code !== 0) report.line(`${output.trimEnd()}${error ? `\n${error}` : ''}`)
  return ofCheck(code)
}

/**
 * Runs the regression guard of the benchmark, by itself: rows that it holds count one by one, those
 * whose peer is missing as skipped.
 */
export async function runSpeed(peers, report) {
  const started = performance.now()
  const folder = mkdtempSync(join(tmpdir(), 'normscope-test-'))
  const tallied = join(folder, 'tally.json')
  const { code, output, error } = await run(process.execPath, [inProject('bench', 'guard.mjs')], {
    cwd: inProject(),
    env: { NORMSCOPE_PEERS: JSON.stringify(peers), NORMSCOPE_FOUND: tallied },
    timeoutSeconds: 180
  })
  const tally = (code === 0 && readJson(tallied)) || ofCheck(1)
  rmSync(folder, { recursive: true, force: true })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  report.line(`speed … ${tally.failed === 0 ? 'passed' : 'FAILED'} (${seconds} s)`)
  const said = `${output.trimEnd()}${error ? `\n${error}` : ''}`
  for (const line of said.split('\n')) report.line(`    ${line}`)
  return tally
}

/** Runs vitest over test files of some of its projects, and shows what it says once it has ended. */
async function runVitest({ projects, coverage = false }, files, { env, workers }, report) {
  const folder = mkdtempSync(join(tmpdir(), 'normscope-test-'))
  const outcome = join(folder, 'report.json')
  const args = [inProject('node_modules', 'vitest', 'vitest.mjs'), 'run', ...files]
  for (const name of projects) args.push('--project', name)
  args.push('--reporter=default', '--reporter=json', `--outputFile.json=${outcome}`)
  args.push(`--maxWorkers=${workers}`)
  if (coverage) args.push('--coverage.enabled')
  const child = track(
    spawn(process.execPath, args, {
      cwd: inProject(),
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe']
    })
  )
  const said = []
  child.stdout.on('data', (chunk) => said.push(chunk))
  child.stderr.on('data', (chunk) => said.push(chunk))
  const code = await new Promise((resolve) => child.on('close', resolve))
  report.line(Buffer.concat(said).toString().trimEnd())
  const tally = ofVitest(readJson(outcome), code ?? 1)
  rmSync(folder, { recursive: true, force: true })
  return tally
}

/** Runs a stage of vitest without the folders whose needs are not met; those count as skipped. */
export async function runStage(stage, found, how, report) {
  const started = performance.now()
  const skipped = []
  const lines = []
  for (const [folder, reasonFor] of Object.entries(stage.needs)) {
    const reason = reasonFor(found)
    if (!reason) continue
    for (const file of testFiles(folder)) {
      skipped.push(file)
      lines.push(`skipped: ${file} (${reason})`)
    }
  }
  const elsewhere = new Set((stage.without ?? []).flatMap(testFiles))
  const left = stage.folders
    .flatMap(testFiles)
    .filter((file) => !skipped.includes(file) && !elsewhere.has(file))
  const tallies = [{ ...nothing, skipped: skipped.length }]
  const said = { line: (text) => lines.push(text) }
  if (left.length > 0 || skipped.length === 0) {
    tallies.push(await runVitest(stage, left, how, said))
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  report.line([`\n${stage.name} tests (${seconds} s)`, ...lines].join('\n'))
  return sum(tallies)
}
