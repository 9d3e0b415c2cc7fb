import { deviation, mean as meanOf } from 'd3-array'
import { listText } from '../../../figure/words'
import { grouped, percent, points } from '../../../numbers'
import { unfinishedText } from '../../ends'
import { chanceText, isSeen } from '../../results'
import type { Trial } from './cells'
import type { Result, Row, Share } from './result'

/** In percentage points, with its sign: '−1.2'. */
export const signed = (share: number): string => grouped(share * 100, 1)

/** What the runs say, in one sentence. */
export function sentenceOf(trial: Trial, rows: readonly Row[], result: Result | undefined): string {
  const { switches, seeds, names } = trial
  if (switches.length === 0) {
    return 'The two settings are the same training on these images: there is nothing to explain.'
  }
  const unfinished = unfinishedText(rows.flatMap(({ ends }) => ends))
  if (unfinished !== undefined || !result) return unfinished ?? ''
  const [from, to] = [meanOf(result.from)!, meanOf(result.to)!]
  const both = `${names[0]} (${percent(from)}) and ${names[1]} (${percent(to)})`
  const chance = chanceText(seeds.length)
  if (result.gap === 0 || !isSeen(result.gap, result.gapSpread)) {
    const why =
      result.gapSpread === undefined
        ? ''
        : `: the gap of ${points(result.gap)} is no larger than its spread over seeds, ${points(result.gapSpread)}`
    return `No difference is seen between ${both}${why}${chance}.`
  }
  return `${gapText(names, from, to)}: ${sharesText(trial, result)}${chance}.`
}

function gapText([a, b]: Trial['names'], from: number, to: number): string {
  const way = to > from ? 'rises' : 'falls'
  return `Accuracy ${way} by ${points(to - from)}, from ${percent(from)} (${a}) to ${percent(to)} (${b})`
}

interface Named extends Share {
  readonly noun: string
}

function sharesText({ switches, design }: Trial, { gap, shares }: Result): string {
  const named: Named[] = shares.map((share, at) => ({ ...share, noun: switches[at]!.noun }))
  const seen = named
    .filter(({ share, spread }) => share !== 0 && isSeen(share, spread))
    .sort((a, b) => Math.sign(gap) * (b.share - a.share))
  const [first, ...rest] = seen
  if (!first || Math.sign(first.share) !== Math.sign(gap)) {
    return 'no switch has a share of it that is larger than its spread over seeds'
  }
  const estimated = design.kind === 'full' ? '' : 'by estimate, '
  const tied = rest.filter((other) => !toldApart(first, other))
  const others = rest.filter((other) => !tied.includes(other))
  const main = shareText(first, ' points', ORDER)
  const head =
    tied.length === 0
      ? `the largest share, ${main}, comes from ${first.noun}`
      : `the largest shares, which the seeds do not tell apart, are ${listText([`${main} from ${first.noun}`, ...tied.map(fromText)])}`
  const then = others.map(fromText)
  const unseen = named.filter((share) => !seen.includes(share)).map(({ noun }) => noun)
  return [
    `${estimated}${head}${then.length > 0 ? `, then ${listText(then)}` : ''}`,
    ...(unseen.length > 0 ? [`no difference is seen for ${listText(unseen)}`] : [])
  ].join('; ')
}

/** With one seed nothing says that they are not. */
function toldApart(a: Share, b: Share): boolean {
  const differences = a.bySeed.map((share, at) => share - b.bySeed[at]!)
  return isSeen(meanOf(differences)!, deviation(differences))
}

const fromText = (share: Named): string => `${shareText(share)} from ${share.noun}`

const ORDER = ' depending on the order of switching'

/** '36.0 points (12.1 to 65.0 depending on the order of switching)', '36.0 points (12.1 switched first, 65.0 last)' */
function shareText({ share, range, ends }: Share, unit = '', order = ''): string {
  const about = range
    ? range[0] !== range[1] && ` (${signed(range[0])} to ${signed(range[1])}${order})`
    : ends && ` (${signed(ends[0])} switched first, ${signed(ends[1])} last)`
  return `${signed(share)}${unit}${about || ''}`
}
