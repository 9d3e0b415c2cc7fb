import { activationOf } from '../../network/activations'
import { lastEpoch } from '../../explanation/finding'
import { listText } from '../../figure/words'
import { hasBatchNorm } from '../../network/layers/first-layer'
import { percent, plain } from '../../numbers'
import { choiceRecord } from '../../preprocessing/choices'
import type { RunRecord } from '../../study/run'
import { upperFirst } from '../../text'
import type { ResultTable } from '../kind'
import {
  accuracyAt,
  claim,
  compared,
  divisionOf,
  doubtOf,
  inputOf,
  measured,
  noActivation,
  NO_DIVISION,
  undecided,
  UNFINISHED
} from './claim'
import type { Bench, Measured, Verdict } from './claim'
import { spreadText } from './figures'
import { levelOf, lossFigure, speedCompared, speedOf, speedText, stepsText } from './speed'
import type { Speed } from './speed'

const BOUNDED = ['sigmoid', 'tanh'] as const
const CHOICES = ['raw', 'unit', 'standardised'] as const
/** Shares of saturated unit-samples further apart than this are different: our convention. */
const APART = 0.1
/** Most of the units are saturated: our convention. */
const MOST = 0.5

type Activation = (typeof BOUNDED)[number]
type Choice = (typeof CHOICES)[number]

const changeOf = (activation: Activation, id: Choice) => ({ choice: { id }, activation })
const atStart = ({ epochs }: RunRecord): number | undefined => epochs[0]?.saturatedFraction
const atEnd = (run: RunRecord): number | undefined => lastEpoch(run)?.saturatedFraction

interface Cell {
  readonly choice: Choice
  readonly accuracy: Measured
  /** shares of saturated unit-samples */
  readonly start: number
  readonly end: number
  readonly speed: Speed
  /** norm of the first layer's gradient before training, divided by the root mean square of its input */
  readonly gradient?: number
}

type Row = { readonly activation: Activation } & Readonly<Record<Choice, Cell>>

function cellOf(bench: Bench, activation: Activation, choice: Choice, level: number): Cell[] {
  const change = changeOf(activation, choice)
  const accuracy = accuracyAt(bench, change)
  const [start, end] = [measured(bench, change, atStart), measured(bench, change, atEnd)]
  const speed = speedOf(bench, change, level)
  if (!accuracy || !start || !end || !speed) return []
  const norm = measured(bench, change, ({ epochs }) => epochs[0]?.gradientNorms[0])
  const input = inputOf(bench, choice)
  const size = input && Math.hypot(input.mean, input.std)
  const gradient = norm && size ? norm.mean / size : undefined
  return [
    {
      ...{ choice, accuracy, start: start.mean, end: end.mean, speed },
      ...(gradient !== undefined && { gradient })
    }
  ]
}

function rowsOf(bench: Bench): Row[] {
  return BOUNDED.flatMap((activation) => {
    const level = levelOf(
      bench,
      CHOICES.map((choice) => changeOf(activation, choice))
    )
    const [raw, unit, standardised] = CHOICES.flatMap((choice) =>
      cellOf(bench, activation, choice, level)
    )
    return raw && unit && standardised ? [{ activation, raw, unit, standardised }] : []
  })
}

/** What saturation at the start goes with: more steps to the same accuracy, and a lower one at the end. */
function costOf({ raw, unit }: Row) {
  return {
    saturates: raw.start - unit.start > APART,
    slower: speedCompared(raw.speed, unit.speed),
    lower: compared(raw.accuracy, unit.accuracy)
  }
}

const isHarmless = ({ standardised, unit }: Row): boolean =>
  standardised.end > MOST &&
  standardised.accuracy.learned !== false &&
  ['more', 'alike'].includes(compared(standardised.accuracy, unit.accuracy)) &&
  speedCompared(standardised.speed, unit.speed) !== 'slower'

function toldOf({ activation, raw, unit }: Row): string {
  return `With ${activation}, ${percent(raw.start)} of the unit-samples are saturated at the start on stored pixels and ${percent(unit.start)} on divided ones. 95 % of the best accuracy in training ${speedText(raw.speed)} on stored pixels and ${speedText(unit.speed)} on divided ones; the networks end at ${percent(raw.accuracy.mean)} and ${percent(unit.accuracy.mean)}.`
}

/** Before training moving moments are nobody's: what is saturated with them is not what is so in the steps. */
const BATCH_NORMALISED: Verdict = {
  verdict: 'open',
  sentence:
    'Not asked of a network with batch normalisation: it is measured with moving moments, which before training are not those of any images, so the share that is saturated there is not that of its steps.'
}

export const SATURATION_SLOWS = claim({
  id: 'saturation-slows',
  quote: 'Outside some range the derivatives of sigmoid and tanh vanish, and steps become slow.',
  cells: () =>
    BOUNDED.flatMap((activation) => CHOICES.map((choice) => changeOf(activation, choice))),
  judge(bench) {
    if (divisionOf(bench) === undefined) return NO_DIVISION
    const inactive = noActivation(bench)
    if (inactive) return inactive
    if (hasBatchNorm(bench.config)) return BATCH_NORMALISED
    const rows = rowsOf(bench)
    if (rows.length < BOUNDED.length) return UNFINISHED
    const told = rows.map(toldOf).join(' ')
    const figure = lossFigure(bench, curvesOf(bench), told)
    const rest = {
      figures: figure ? [figure] : [],
      tables: [speedTable(rows)],
      data: { rows: rows.map(dataOf) }
    }
    const saturated = rows.map((row) => ({ ...row, ...costOf(row) })).filter((row) => row.saturates)
    if (saturated.length === 0) {
      return {
        verdict: 'open',
        sentence: `${told} Stored pixels saturate no more units than divided ones, so nothing follows.`,
        ...rest
      }
    }
    const judged = saturated.filter(({ lower }) => lower !== 'untrained')
    const unclear = judged.some(({ slower }) => slower === 'unclear')
    const doubt = doubtOf(...judged.map(({ lower }) => lower)) ?? (unclear ? 'spread' : undefined)
    if (doubt) return undecided(doubt, told, rest)
    const slow = judged.filter(({ slower }) => slower === 'slower')
    const both = slow.filter(({ lower }) => lower === 'less')
    const some = judged.filter(({ slower, lower }) => slower === 'slower' || lower === 'less')
    const harmless = rows.filter(isHarmless)
    const sentence = [told, partsText(judged), harmlessText(harmless)].filter(Boolean).join(' ')
    if (some.length === 0) return { verdict: 'false', sentence, ...rest }
    const always = both.length === rows.length && harmless.length === 0
    const verdict = always ? 'true' : 'depends'
    return { verdict, sentence: `${sentence} ${TOGETHER}`, ...rest }
  }
})

/** no switch is thrown here that changes saturation alone */
const TOGETHER =
  'These go together: stored and divided pixels differ in their scale too, so whether saturation is the cause is not shown by this.'

type Judged = Row & ReturnType<typeof costOf>

/** 'With sigmoid and tanh the saturated network is slower and ends lower.' */
function partsText(rows: readonly Judged[]): string {
  const byWords = new Map<string, Activation[]>()
  for (const { activation, slower, lower } of rows) {
    const speed = slower === 'alike' ? 'no slower' : slower
    const end = lower === 'less' ? 'lower' : lower === 'more' ? 'higher' : 'no lower'
    const words = `the saturated network is ${speed} and ends ${end}`
    byWords.set(words, [...(byWords.get(words) ?? []), activation])
  }
  const said = [...byWords].map(([words, activations]) => `with ${listText(activations)} ${words}`)
  return `${upperFirst(listText(said))}.`
}

function harmlessText(rows: readonly Row[]): string {
  if (rows.length === 0) return ''
  const parts = rows.map(
    ({ activation, standardised }) =>
      `${percent(standardised.end)} of the ${activation} unit-samples (accuracy ${percent(standardised.accuracy.mean)})`
  )
  return `Saturation alone does not decide: on standardised pixels ${listText(parts)} are saturated at the end.`
}

const cellsOf = (rows: readonly Row[]) =>
  rows.flatMap((row) => CHOICES.map((choice) => ({ activation: row.activation, ...row[choice] })))

const dataOf = (row: Row) => ({
  activation: row.activation,
  cells: CHOICES.map((choice) => {
    const { accuracy, speed, ...cell } = row[choice]
    return {
      ...cell,
      ...{ accuracy: accuracy.mean, std: accuracy.std, accuracyBySeed: accuracy.values },
      ...{ steps: speed.steps.mean, stepsBySeed: speed.steps.values, missed: speed.missed }
    }
  })
})

function speedTable(rows: readonly Row[]): ResultTable {
  const titles = [
    'saturated at the start',
    'saturated at the end',
    'gradient per input',
    'steps to 95 % of the best',
    'accuracy'
  ]
  return {
    title: 'Saturation, speed and accuracy of sigmoid and tanh',
    columns: [
      { title: 'activation' },
      { title: 'choice' },
      ...titles.map((title) => ({ title, right: true }))
    ],
    rows: cellsOf(rows).map(({ activation, choice, start, end, gradient, speed, accuracy }) => [
      activation,
      choiceRecord(choice).shortName,
      percent(start),
      percent(end),
      plain(gradient, 2),
      stepsText(speed),
      spreadText(accuracy)
    ])
  }
}

const curvesOf = ({ config }: Bench) =>
  BOUNDED.flatMap((activation) =>
    CHOICES.map((choice) => ({
      change: changeOf(activation, choice),
      name: `${activationOf(activation, config).name}, ${choiceRecord(choice).shortName}`,
      colour: { choice },
      dash: activation === 'tanh' ? ('solid' as const) : ('dashed' as const)
    }))
  )
