// Runs one part: `part.mjs NAME [--rounds N] [--quick] [--only TEXT] [--dry] [its own options]`, as
// index.mjs starts it. The peers come in NORMSCOPE_PEERS; what was found goes to the file of
// NORMSCOPE_FOUND for the table at the end.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measured, roundLine, rowLine, rowsOf } from './measure.mjs'
import { ORDER } from './parts.mjs'
import { inBench } from './paths.mjs'
import { keep, machine } from './record.mjs'
import { exitCodeOf } from './rows.mjs'
import { WrongCall } from './run.mjs'
import { table } from './table.mjs'

const OPTIONS = {
  rounds: { type: 'string' },
  quick: { type: 'boolean', default: false },
  only: { type: 'string' },
  dry: { type: 'boolean', default: false }
}

const [name, ...args] = process.argv.slice(2)
const { default: part } = await import(`./${name}.mjs`)
const folder = mkdtempSync(join(tmpdir(), `normscope-${name}-`))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130))
try {
  process.exitCode = await runPart(contextOf())
} catch (error) {
  const wrong = error instanceof WrongCall || error.code?.startsWith('ERR_PARSE_ARGS')
  console.error(`${name}: ${wrong ? error.message : error.stack}`)
  process.exitCode = wrong ? 2 : 1
}

/** What the part is told; `whole` is a run of every row as usual, `full` one of all rounds too. */
function contextOf() {
  const { values } = parseArgs({ args, options: { ...OPTIONS, ...part.options } })
  const { quick, only, dry } = values
  const usual = part.rounds ?? 3
  const rounds = Number(values.rounds ?? (quick ? (part.quickRounds ?? Math.min(usual, 3)) : usual))
  if (!(Number.isInteger(rounds) && rounds >= 1)) {
    throw new WrongCall(`--rounds expects a whole number of at least 1, not "${values.rounds}".`)
  }
  const own = Object.keys(part.options ?? {})
  const options = Object.fromEntries(own.map((option) => [option, values[option]]))
  const asUsual = own.every((option) => values[option] === part.options[option].default)
  const whole = !quick && !only && asUsual
  const peers = JSON.parse(process.env.NORMSCOPE_PEERS ?? '{}')
  return { rounds, quick, only, dry, options, peers, folder, whole, full: whole && rounds >= usual }
}

async function runPart(context) {
  const { rounds, only, whole, full, dry } = context
  const on = await machine()
  console.log(`${name}: ${on}`)
  const has = (text) => text?.includes(only)
  const wanted = rowsOf(part, context).filter(
    ({ what, against }) => !only || has(what) || has(against)
  )
  if (wanted.length === 0) throw new WrongCall(`No row is about "${only}".`)
  const outcome = await measured(part, context, wanted, {
    everyone: full && part.result,
    tell: (...told) => console.log(roundLine(...told))
  })
  const date = new Date().toISOString().slice(0, 10)
  const found = { title: part.title, date, machine: on, rounds, rows: outcome.rows }
  console.log(`\n${outcome.rows.map(rowLine).join('\n')}`)
  if (whole && !dry) {
    keep(name, found, ORDER)
    if (full && part.result && Object.keys(outcome.troubles).length === 0) {
      const text = await part.result(outcome.found, { ...context, machine: on, table })
      if (text) writeFileSync(inBench('results', `${name}.md`), text)
    }
  }
  const file = process.env.NORMSCOPE_FOUND
  if (file) writeFileSync(file, JSON.stringify(found))
  return exitCodeOf(outcome.rows)
}
