// Runs that are healthy and runs with a scripted fault, live: what the main finding of each names.
// Some of them tuned the thresholds of the findings; the others only count. Prints a table of what
// was named for each fault, for both, and writes it to bench/results/findings.md.
// Usage: npm run bench -- findings [--half tune|count] [--only CODE]
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { GRID } from './findings/grid.mjs'
import { sets } from './findings/named-sets.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const program = join(here, '..', 'out', 'main', 'cli.cjs')
const { values } = parseArgs({
  options: { half: { type: 'string' }, only: { type: 'string' } }
})
const grid = GRID.filter(
  ({ half, code }) =>
    (!values.half || half === values.half) && (!values.only || code === values.only)
)
if (grid.length === 0) {
  console.error('--half is one of tune, count; --only is the code of a finding in the grid.')
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'normscope-findings-'))
const children = new Set()
const tidy = () => {
  for (const child of children) child.kill()
  rmSync(folder, { recursive: true, force: true })
}
process.on('exit', tidy)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130))
const placeOf = sets(folder, process.env.NORMSCOPE_FASHION_MNIST)

/** `train SET WORDS --json`, as a person would run it. */
function train({ set, words }) {
  const args = ['train', placeOf(set), ...words.split(' ').filter(Boolean), '--json']
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    children.add(child)
    const text = { out: '', err: '' }
    child.stdout.on('data', (chunk) => (text.out += chunk))
    child.stderr.on('data', (chunk) => (text.err += chunk))
    child.on('error', reject)
    child.on('close', (code) => {
      children.delete(child)
      if (code === 0) resolve(JSON.parse(text.out))
      else reject(new Error(`train ${set} ${words} ended with exit code ${code}: ${text.err}`))
    })
  })
}

const results = []
const queue = [...grid]
async function work() {
  for (let one = queue.shift(); one; one = queue.shift()) {
    const run = await train(one)
    const named = run.findings.map(({ code }) => code)
    const accuracy = run.epochs.at(-1)?.testAccuracy
    const right = named[0] === one.code
    results.push({ ...one, at: grid.indexOf(one), named, accuracy, right })
    const share = accuracy === undefined ? run.status : `${(accuracy * 100).toFixed(1)} %`
    console.log(
      `${right ? 'right' : 'WRONG'}  ${one.half.padEnd(5)} ${one.code.padEnd(28)} ${share.padStart(8)}  ${named.join(', ')}   [${one.set}: ${one.words}]`
    )
  }
}
await Promise.all(Array.from({ length: Math.max(1, availableParallelism()) }, work))
results.sort((a, b) => a.at - b.at)

/** Rows are what was scripted, columns what was named, as their numbers. */
function table(runs) {
  const codes = [
    ...new Set([...GRID.map(({ code }) => code), ...runs.map(({ named }) => named[0])])
  ]
  const count = (code, name) =>
    runs.filter((run) => run.code === code && run.named[0] === name).length
  const cell = (text) => String(text).padStart(3)
  const width = Math.max(...codes.map((code) => code.length)) + 4
  const lines = [`${'scripted'.padEnd(width)}${codes.map((_, c) => cell(c + 1)).join('')}`]
  codes.forEach((code, row) => {
    const cells = codes.map((name) => cell(count(code, name) || '.'))
    lines.push(`${`${String(row + 1).padStart(2)}  ${code}`.padEnd(width)}${cells.join('')}`)
  })
  return lines.join('\n')
}

function summary(half) {
  const runs = results.filter((run) => run.half === half)
  if (runs.length === 0) return ''
  const right = runs.filter((run) => run.right).length
  const healthy = runs.filter(({ code }) => code === 'none-found')
  const blamed = healthy.filter((run) => !run.right).length
  const share = ((100 * right) / runs.length).toFixed(1)
  const title = half === 'tune' ? 'The half that tuned the thresholds' : 'The half that only counts'
  const told = `${title}: ${right} of ${runs.length} main causes named right (${share} %); ${blamed} of ${healthy.length} healthy runs blamed.`
  const wrong = runs
    .filter((run) => !run.right)
    .map(({ code, named, set, words }) => `- ${code} was named ${named[0]}: ${set}, ${words}`)
  return [
    told,
    '',
    '```text',
    table(runs),
    '```',
    ...(wrong.length > 0 ? ['', ...wrong] : [])
  ].join('\n')
}

const told = ['tune', 'count'].map(summary).filter(Boolean).join('\n\n')
console.log(`\n${told}`)
if (!values.half && !values.only) {
  mkdirSync(join(here, 'results'), { recursive: true })
  const text = `# Findings of scripted runs\n\n\`npm run bench -- findings\`: each row is a scripted fault, each column what the main finding named, by the number of its row. Rules and thresholds were set by the runs that tune alone; the runs that count were written down before any of them was trained, with other seeds, settings and images. A count that showed a rule to be wrong counts no more: the rule was mended, the runs went to those that tune, and new ones were drawn. That happened twice (65 of 72 named right, then 69 of 72). The last count was made once.\n\n${told}\n`
  writeFileSync(join(here, 'results', 'findings.md'), text)
}
process.exitCode = results.every(({ code, right }) => right || code !== 'none-found') ? 0 : 1
