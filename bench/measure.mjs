// Rows of a part, measured: its contestants that they need, in turns.
import { interleaved } from './rounds.mjs'
import { judged } from './rows.mjs'

export const rowsOf = (part, context) =>
  typeof part.rows === 'function' ? part.rows(context) : part.rows

/**
 * @param context what the part's `prepare` is given, with `rounds` and `peers`
 * @param wanted rows of the part; its other contestants rest unless `everyone` takes part
 * @returns `{rows, found, troubles}`: rows as they are written down, and what interleaved found
 */
export async function measured(part, context, wanted, { everyone = false, tell } = {}) {
  const names = new Set(wanted.flatMap(({ of, against }) => [of, against]))
  const contestants = Object.fromEntries(
    Object.entries(await part.prepare(context)).filter(([name]) => everyone || names.has(name))
  )
  const outcome = await interleaved(context.rounds, contestants, context.peers, tell)
  return { ...outcome, rows: wanted.map((row) => judged(row, outcome, part.measures)) }
}

/** A line about one round. */
export function roundLine(round, contestant, outcome, error) {
  const told = outcome
    ? Object.entries(outcome)
        .filter(([, value]) => typeof value === 'number')
        .map(([key, value]) => `${key} ${Number(value.toPrecision(5))}`)
        .join('   ')
    : `failed: ${error.message}`
  return `round ${round}  ${contestant.padEnd(30)} ${told}`
}

/** A line about one row. */
export function rowLine({ state, what, against, ratio, goal, why }) {
  const told = why ?? (ratio ? `${ratio} (${goal})` : 'no goal')
  return `${state.padEnd(8)} ${what}${against === '-' ? '' : ` against ${against}`}: ${told}`
}
