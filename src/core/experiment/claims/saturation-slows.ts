import { listText } from '../../figure/words'
import { percent } from '../../numbers'
import { lastEpoch } from '../../explanation/finding'
import type { RunRecord } from '../../study/run'
import type { OverSeeds } from '../results'
import {
  accuracyAt,
  claim,
  compared,
  divisionOf,
  measured,
  NO_DIVISION,
  RAW,
  UNFINISHED,
  UNIT
} from './claim'
import type { Bench, Change } from './claim'

const BOUNDED = ['sigmoid', 'tanh'] as const
const STANDARDISED = { choice: { id: 'standardised' } } as const satisfies Change
/** Shares of saturated unit-samples further apart than this are different: our convention. */
const APART = 0.1
/** Most of the units are saturated: our convention. */
const MOST = 0.5

const atStart = ({ epochs }: RunRecord): number | undefined => epochs[0]?.saturatedFraction
const atEnd = (run: RunRecord): number | undefined => lastEpoch(run)?.saturatedFraction

interface Measured {
  readonly accuracy: OverSeeds
  readonly start: number
  readonly end: number
}

function at(bench: Bench, change: Change): Measured | undefined {
  const accuracy = accuracyAt(bench, change)
  const [start, end] = [measured(bench, change, atStart), measured(bench, change, atEnd)]
  return accuracy && start && end && { accuracy, start: start.mean, end: end.mean }
}

export const SATURATION_SLOWS = claim({
  id: 'saturation-slows',
  quote: 'Outside some range the derivatives of sigmoid and tanh vanish, and steps become slow.',
  cells: () =>
    BOUNDED.flatMap((activation) =>
      [RAW, UNIT, STANDARDISED].map((choice) => ({ ...choice, activation }))
    ),
  judge(bench) {
    if (divisionOf(bench) === undefined) return NO_DIVISION
    if (bench.config.layers.length === 0) {
      return { verdict: 'open', sentence: 'This network has no hidden layer.' }
    }
    const rows = BOUNDED.flatMap((activation) => {
      const [raw, unit, standardised] = [RAW, UNIT, STANDARDISED].map((choice) =>
        at(bench, { ...choice, activation })
      )
      return raw && unit && standardised ? [{ activation, raw, unit, standardised }] : []
    })
    if (rows.length < BOUNDED.length) return UNFINISHED
    const costs = rows.filter(
      ({ raw, unit }) =>
        raw.start - unit.start > APART && compared(raw.accuracy, unit.accuracy) === 'less'
    )
    const harmless = rows.filter(
      ({ standardised, unit }) =>
        standardised.end > MOST && compared(standardised.accuracy, unit.accuracy) !== 'less'
    )
    const told = rows
      .map(
        ({ activation, raw, unit }) =>
          `With ${activation}, ${percent(raw.start)} of the unit-samples are saturated at the start on stored pixels and ${percent(unit.start)} on divided ones; the networks end at ${percent(raw.accuracy.mean)} and ${percent(unit.accuracy.mean)}.`
      )
      .join(' ')
    const but =
      harmless.length === 0
        ? ''
        : ` Saturation alone does not decide: on standardised pixels ${listText(
            harmless.map(
              ({ activation, standardised }) =>
                `${percent(standardised.end)} of the ${activation} unit-samples (accuracy ${percent(standardised.accuracy.mean)})`
            )
          )} are saturated at the end.`
    const sentence = `${told}${but}`
    if (costs.length === 0) return { verdict: 'false', sentence }
    const always = costs.length === rows.length && harmless.length === 0
    return { verdict: always ? 'true' : 'depends', sentence }
  }
})
