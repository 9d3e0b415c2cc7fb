// Rows of a benchmark: what was measured, against what, what had to be reached and whether it was.
import { median } from './rounds.mjs'

/** What contestants tell, by name: `more` is better where it is set. A part adds measures of its own. */
const MEASURES = {
  seconds: { unit: 's', digits: 3 },
  milliseconds: { unit: 'ms', digits: 1 },
  rate: { unit: 'images/s', digits: 0, more: true },
  megabytes: { unit: 'MB', digits: 0 },
  more: { unit: 'MB more', digits: 0 },
  accuracy: { unit: '', digits: 4, more: true }
}

export function number(value, digits) {
  if (value !== 0 && Math.abs(value) < 10 ** -digits) return value.toExponential(1)
  return value.toLocaleString('en-GB', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits
  })
}

const withUnit = (text, unit) => (unit ? `${text} ${unit}` : text)

/**
 * Goals that a row can have: the figure that counts, from the medians of Normscope and of its peer,
 * how it reads, and whether `least` or `most` of it is asked for.
 */
const GOALS = {
  faster: {
    side: 'least',
    of: (own, peer, { more }) => (more ? own / peer : peer / own),
    text: (value) => `${number(value, 2)} times`
  },
  share: {
    side: 'most',
    of: (own, peer) => own / peer,
    text: (value) => `${number(value, 2)} of it`
  },
  more: {
    side: 'most',
    of: (own, peer) => own - peer,
    text: (value, { unit, digits }) => `${withUnit(number(value, digits), unit)} more`
  },
  most: { side: 'most', of: (own) => own, text: textOf },
  least: { side: 'least', of: (own) => own, text: textOf }
}

function textOf(value, { unit, digits }) {
  return withUnit(number(value, digits), unit)
}

export const goalOf = (row) => Object.keys(GOALS).find((goal) => row[goal] !== undefined)

/** How a goal reads: `at least 25 times`. */
function goalText(goal, asked, measure) {
  const { side, text } = GOALS[goal]
  const digits = Math.max(0, (String(asked).split('.')[1] ?? '').length)
  const exact = goal === 'faster' || goal === 'share' ? String(asked) : number(asked, digits)
  const words = { faster: `${exact} times`, share: `${exact} of it` }
  return `at ${side} ${words[goal] ?? text(asked, { ...measure, digits })}`
}

/** Figures of a row that can count; the median does unless the row says otherwise. */
const FIGURES = ['min', 'median', 'max']

/** Min, median, max of a measure over the rounds. */
function spreadOf(outcomes, name) {
  const values = outcomes.map((outcome) => outcome[name])
  if (!values.every(Number.isFinite)) throw new Error(`no number of ${name} in every round`)
  return [Math.min(...values), median(values), Math.max(...values)]
}

/**
 * A row as it is written down: `state` is reached, short, shown (nothing asked for), missing (a peer
 * is not there) or failed, the last two with `why`.
 */
export function judged(row, { found, troubles }, measures = {}) {
  const { what, of, against, figure = 'median', measure: name = 'seconds' } = row
  const { peerMeasure = name } = row
  const all = { ...MEASURES, ...measures }
  const measure = { unit: '', digits: 2, ...all[name] }
  const peerUnit = { unit: '', digits: 2, ...all[peerMeasure] }
  const goal = goalOf(row)
  const known = {
    what,
    against: against ?? '-',
    goal: goal ? goalText(goal, row[goal], measure) : '-'
  }
  const show = (spread, { unit, digits }) => {
    const texts = spread.map((one) => number(one, digits))
    const [least, , most] = spread
    return withUnit(least === most ? texts[0] : texts.join(', '), unit)
  }
  const trouble = troubles[of] ?? troubles[against]
  const sides = [
    ['own', of, name, measure],
    ['peer', against, peerMeasure, peerUnit]
  ]
  const spreads = {}
  try {
    for (const [side, contestant, told, shown] of sides) {
      if (!contestant || !found[contestant]) continue
      const spread = spreadOf(found[contestant], told)
      known[side] = show(spread, shown)
      spreads[side] = spread[FIGURES.indexOf(figure)]
    }
  } catch (error) {
    return { ...known, state: 'failed', why: error.message }
  }
  if (trouble) return { ...known, ...trouble }
  if (spreads.own === undefined || (against && spreads.peer === undefined)) {
    return { ...known, state: 'failed', why: 'no such contestant' }
  }
  if (!goal) return { ...known, state: 'shown' }
  const value = GOALS[goal].of(spreads.own, spreads.peer, measure)
  const met = GOALS[goal].side === 'least' ? value >= row[goal] : value <= row[goal]
  const ratio = GOALS[goal].text(value, measure)
  return { ...known, ratio, value, state: met ? 'reached' : 'short' }
}

/** Exit code of rows: 1 where one falls short or failed. */
export const exitCodeOf = (rows) =>
  rows.some(({ state }) => state === 'short' || state === 'failed') ? 1 : 0
