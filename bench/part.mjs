// Runs one part: `part.mjs NAME [--rounds N] [--quick] [--only TEXT] [--dry] [its own options]`, as
// scripts/bench.mjs starts it. The peers come in NORMSCOPE_PEERS; what was found goes to the file of
// NORMSCOPE_FOUND for the table at the end.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { inBench } from './paths.mjs'
import { ORDER } from './parts.mjs'
import { keep, machine } from './record.mjs'
import { interleaved } from './rounds.mjs'
import { exitCodeOf, judged } from './rows.mjs'
import { table } from './table.mjs'

const [name, ...args] = process.argv.slice(2)
const { default: part } = await import(`./${name}.mjs`)
const context = contextOf()
const scratch = mkdtempSync(join(tmpdir(), `normscope-${name}-`))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130))
process.exitCode = await runPart({ ...context, folder: scratch })

function contextOf() {
  try {
    const { values } = parseArgs({
      args,
      options: {
        rounds: { type: 'string' },
        quick: { type: 'boolean', default: false },
        only: { type: 'string' },
        dry: { type: 'boolean', default: false },
        ...part.options
      }
    })
    const usual = part.rounds ?? 3
    const rounds = Number(values.rounds ?? (values.quick ? Math.min(usual, 3) : usual))
    if (!(Number.isInteger(rounds) && rounds >= 1)) {
      throw new Error(`--rounds expects a whole number of at least 1, not "${values.rounds}".`)
    }
    const peers = JSON.parse(process.env.NORMSCOPE_PEERS ?? '{}')
    const { quick, only, dry, ...more } = values
    const options = Object.fromEntries(Object.entries(more).filter(([one]) => one !== 'rounds'))
    const asUsual = Object.entries(options).every(
      ([option, value]) => value === part.options[option].default
    )
    const whole = !quick && !only && asUsual
    return { rounds, quick, only, dry, options, peers, whole, full: whole && rounds >= usual }
  } catch (error) {
    console.error(error.message)
    process.exit(2)
  }
}

async function runPart(given) {
  const { rounds, only, peers, whole, full, dry } = given
  const on = machine()
  console.log(`${name}: ${on}`)
  const listed = typeof part.rows === 'function' ? part.rows(given) : part.rows
  const has = (text) => text?.includes(only)
  const rows = listed.filter(({ what, against }) => !only || has(what) || has(against))
  if (rows.length === 0) {
    console.error(`No row of ${name} is about "${only}".`)
    return 2
  }
  const wanted = new Set(rows.flatMap(({ of, against }) => [of, against]))
  const contestants = Object.fromEntries(
    Object.entries(await prepared(given)).filter(
      ([one]) => wanted.has(one) || (full && part.result)
    )
  )
  const outcome = await interleaved(rounds, contestants, peers, tell)
  const all = rows.map((row) => judged(row, outcome, part.measures))
  const date = new Date().toISOString().slice(0, 10)
  const found = { title: part.title, date, machine: on, rounds, rows: all }
  console.log('')
  for (const { state, what, against, ratio, goal, why } of all) {
    const told = why ?? (ratio ? `${ratio} (${goal})` : 'no goal')
    console.log(
      `${state.padEnd(8)} ${what}${against === '-' ? '' : ` against ${against}`}: ${told}`
    )
  }
  if (whole && !dry) {
    keep(name, found, ORDER)
    if (full && part.result && Object.keys(outcome.troubles).length === 0) {
      const text = part.result(outcome.found, { ...given, machine: on, table })
      writeFileSync(inBench('results', `${name}.md`), text)
    }
  }
  if (process.env.NORMSCOPE_FOUND) {
    writeFileSync(process.env.NORMSCOPE_FOUND, JSON.stringify(found))
  }
  return exitCodeOf(all)
}

/** Contestants; a wrong call of the part's own options ends here. */
async function prepared(given) {
  try {
    return await part.prepare(given)
  } catch (error) {
    console.error(`${name}: ${error.message}`)
    process.exit(2)
  }
}

function tell(round, contestant, outcome, error) {
  const told = outcome
    ? Object.entries(outcome)
        .filter(([, value]) => typeof value === 'number')
        .map(([key, value]) => `${key} ${Number(value.toPrecision(5))}`)
        .join('   ')
    : `failed: ${error.message}`
  console.log(`round ${round}  ${contestant.padEnd(30)} ${told}`)
}
