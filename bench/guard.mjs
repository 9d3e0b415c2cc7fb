// The regression guard of `npm test`: measures the rows of guarded.mjs in few rounds, a second time
// with more where one falls short, and writes {passed, failed, skipped} to the file of NORMSCOPE_FOUND.
// The peers come in NORMSCOPE_PEERS. Only ratios within one run count, so that a slow or busy machine does not fail.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GUARDED, heldRow } from './guarded.mjs'
import { measured, rowLine, rowsOf } from './measure.mjs'

const TRIES = [3, 5]

const peers = JSON.parse(process.env.NORMSCOPE_PEERS ?? '{}')
const folder = mkdtempSync(join(tmpdir(), 'normscope-guard-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130))

const tally = { passed: 0, failed: 0, skipped: 0 }
const COUNTED = { reached: 'passed', missing: 'skipped' }
for (const name of new Set(GUARDED.map(({ part }) => part))) {
  for (const row of await guard(name)) {
    tally[COUNTED[row.state] ?? 'failed']++
    console.log(rowLine(row))
  }
}
writeFileSync(process.env.NORMSCOPE_FOUND, JSON.stringify(tally))

/** Rows of one part, each from its first try that holds, or from its last. */
async function guard(name) {
  const { default: part } = await import(`./${name}.mjs`)
  const held = GUARDED.filter((one) => one.part === name)
  const options = Object.fromEntries(
    Object.entries(part.options ?? {}).map(([option, given]) => [option, given.default])
  )
  for (const one of held) Object.assign(options, one.options)
  let left = held.map((one) => {
    const context = { options, peers, quick: true }
    const row = rowsOf(part, context).find(
      ({ what, against }) => what === one.what && against === one.against
    )
    if (!row) throw new Error(`${name} has no row "${one.what}" against ${one.against}`)
    return heldRow(row, one)
  })
  if (!process.env.NORMSCOPE_FASHION_MNIST) {
    const why = 'Fashion-MNIST is not there'
    return left.map(({ what, against }) => ({ what, against, state: 'missing', why }))
  }
  const done = []
  for (const rounds of TRIES) {
    if (left.length === 0) break
    const context = { options, peers, quick: true, rounds, folder }
    const { rows } = await measured(part, context, left)
    const last = rounds === TRIES.at(-1)
    const settled = (at) => last || rows[at].state === 'reached' || rows[at].state === 'missing'
    done.push(...rows.filter((_, at) => settled(at)))
    left = left.filter((_, at) => !settled(at))
  }
  return done
}
