import { percent, points } from '../../../numbers'
import { mean } from 'd3-array'
import type { Axis, Figure, Mark } from '../../../figure/figure'
import { seedsText } from '../../results'
import type { Trial } from './cells'
import type { Result } from './result'
import { signed } from './sentence'

const DEFINITION =
  'Each combination of the switches is trained. The share of a switch is its Shapley value: the mean, over all orders in which the switches can be turned on, of what turning it on changes in the test accuracy. The shares sum to the gap.'
const ESTIMATE =
  'Some combinations of the switches are trained, a fraction of resolution IV. The share of a switch is its main effect, an estimate of its Shapley value: the mean test accuracy with it on less that with it off, over the combinations of the fraction. What is left of the gap is shared out equally, so that the shares sum to it.'
const SOURCES = {
  full: 'Shapley 1953, A value for n-person games',
  fractional: 'Box & Hunter 1961, The 2^(k−p) fractional factorial designs'
} as const

const change = (share: number): string => (share < 0 ? signed(share) : `+${signed(share)}`)

function rowsAxis(names: readonly string[]): Axis {
  return {
    label: 'switch',
    scale: 'linear',
    format: 'integer',
    names,
    min: -0.5,
    max: names.length - 0.5,
    reverse: true
  }
}

/** The largest share first. */
function ordered(trial: Trial, { gap, shares }: Result) {
  return shares
    .map((share, at) => ({ ...share, label: trial.switches[at]!.label }))
    .sort((a, b) => Math.sign(gap) * (b.share - a.share))
}

/** From one setting to the other, and how far the order of switching matters. */
export function figuresOf(trial: Trial, result: Result): Figure[] {
  return trial.switches.length === 1
    ? [waterfall(trial, result)]
    : [waterfall(trial, result), ranges(trial, result)]
}

function said(trial: Trial): string {
  const { design, seeds } = trial
  const cells = `${design.cells.length}${design.kind === 'full' ? '' : ` of ${2 ** design.switches}`} combinations`
  return `${cells} × ${seedsText(seeds.length)}`
}

const sourcesOf = ({ design }: Trial) => ({
  definition: design.kind === 'full' ? DEFINITION : ESTIMATE,
  source: SOURCES[design.kind]
})

function waterfall(trial: Trial, result: Result): Figure {
  const { names, design } = trial
  const shares = ordered(trial, result)
  const [from, to] = [mean(result.from)!, mean(result.to)!]
  const ends = shares.reduce<number[]>((made, { share }) => [...made, made.at(-1)! + share], [from])
  const what = design.kind === 'full' ? 'Shapley shares' : 'Estimated shares'
  const marks: Mark[] = [
    {
      kind: 'bars',
      label: 'test accuracy',
      colour: { role: 'muted' },
      rows: [0, shares.length + 1],
      from: [0, 0],
      to: [from, to],
      words: [percent(from), percent(to)]
    },
    {
      kind: 'bars',
      label: 'share',
      colour: { role: 'accent' },
      rows: shares.map((_, at) => at + 1),
      from: ends.slice(0, -1),
      to: ends.slice(1),
      words: shares.map(({ share }) => change(share))
    }
  ]
  const parts = shares.map(({ label, share }) => `${label} ${change(share)}`)
  return {
    id: 'switches',
    title: `Why ${percent(from)} becomes ${percent(to)}`,
    subtitle: `${what} of ${said(trial)}; they add up to the gap of ${points(result.gap)}`,
    ...sourcesOf(trial),
    summary: `${names[0]}: ${percent(from)}. ${parts.join('; ')} points. ${names[1]}: ${percent(to)}.`,
    x: { label: meanText(trial), scale: 'linear', format: 'percent', min: 0, max: 1 },
    y: rowsAxis([names[0], ...shares.map(({ label }) => label), names[1]]),
    marks
  }
}

const meanText = ({ seeds }: Trial): string =>
  seeds.length === 1 ? 'test accuracy, one seed' : `test accuracy, mean of ${seeds.length} seeds`

function ranges(trial: Trial, result: Result): Figure {
  const shares = ordered(trial, result)
  const full = trial.design.kind === 'full'
  const ends = shares.map(({ share, range, ends: found = [share, share] }) => range ?? found)
  const band = {
    low: ends.map((pair) => Math.min(...pair)),
    high: ends.map((pair) => Math.max(...pair))
  }
  const line = full
    ? 'line: the least and the most that a switch changes, over all orders'
    : 'line: between what a switch changes first of all and last of all'
  const parts = shares.map(({ label, share }, at) => {
    const [from, to] = ends[at]!
    const about = full
      ? `${change(from)} to ${change(to)}`
      : `${change(from)} switched first, ${change(to)} last`
    return `${label} ${change(share)}, ${about}`
  })
  return {
    id: 'switches-ranges',
    title: 'How much the order of switching matters',
    subtitle: `bar: share; ${line}`,
    definition: full
      ? 'Bar: the share, a mean over all orders of turning the switches on. Line: the smallest and the largest of these changes, each a mean over the seeds. Where the line is long, what a switch does depends on the others.'
      : `${ESTIMATE} Line: from what the switch changes where it is turned on before all others to what it changes after all others, each a mean over the seeds.`,
    source: SOURCES[trial.design.kind],
    summary: `${parts.join('; ')} points.`,
    x: { label: 'change of test accuracy', scale: 'linear', format: 'percent' },
    y: rowsAxis(shares.map(({ label }) => label)),
    marks: [
      { kind: 'rule', axis: 'x', at: 0, colour: { role: 'muted' } },
      {
        kind: 'bars',
        label: 'share',
        colour: { role: 'accent' },
        rows: shares.map((_, at) => at),
        from: shares.map(() => 0),
        to: shares.map(({ share }) => share),
        band,
        words: shares.map(({ share }) => change(share))
      }
    ]
  }
}
