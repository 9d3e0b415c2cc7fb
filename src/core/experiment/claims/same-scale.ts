import { percent, points } from '../../numbers'
import {
  accuracyAt,
  claim,
  compared,
  divisionOf,
  doubtOf,
  NO_DIVISION,
  RAW,
  undecided,
  UNFINISHED,
  UNIT
} from './claim'
import { barsFigure } from './figures'

const CLIPPED = { loss: 'clipped' } as const

export const SAME_SCALE = claim({
  id: 'same-scale',
  quote: 'All pixels are on the same scale already, so there is no need to normalise.',
  cells: () => [RAW, UNIT, { ...RAW, ...CLIPPED }, { ...UNIT, ...CLIPPED }],
  judge(bench) {
    if (divisionOf(bench) === undefined) return NO_DIVISION
    const [raw, unit] = [accuracyAt(bench, RAW), accuracyAt(bench, UNIT)]
    const rawClipped = accuracyAt(bench, { ...RAW, ...CLIPPED })
    const unitClipped = accuracyAt(bench, { ...UNIT, ...CLIPPED })
    if (!raw || !unit || !rawClipped || !unitClipped) return UNFINISHED
    const results = [
      { loss: 'exact', result: compared(unit, raw) },
      { loss: 'clipped', result: compared(unitClipped, rawClipped) }
    ]
    const told = `Pixels divided by their greatest value reach ${percent(unit.mean)} where the stored ones reach ${percent(raw.mean)} (${gapText(unit.mean - raw.mean)}); under the clipped loss ${percent(unitClipped.mean)} and ${percent(rawClipped.mean)} (${gapText(unitClipped.mean - rawClipped.mean)}).`
    const rows = [
      { name: 'As stored, exact loss', colour: RAW, accuracy: raw },
      { name: '[0, 1], exact loss', colour: UNIT, accuracy: unit },
      { name: 'As stored, clipped loss', colour: RAW, accuracy: rawClipped },
      { name: '[0, 1], clipped loss', colour: UNIT, accuracy: unitClipped }
    ].map(({ colour, ...row }) => ({ ...row, colour: { choice: colour.choice.id } }))
    const figure = barsFigure(bench, {
      ...{ claim: 'same-scale', name: 'Accuracy on stored and on divided pixels', rows },
      of: 'The same network on stored pixels and on pixels divided by their greatest value, under two losses.'
    })
    const rest = { figures: [figure] }
    const doubt = doubtOf(...results.map(({ result }) => result))
    if (doubt) return undecided(doubt, told, rest)
    const learned = results.filter(({ result }) => result !== 'untrained')
    const better = learned.filter(({ result }) => result === 'more')
    const only =
      learned.length < results.length
        ? ` Under the other loss no network has learned anything, so this is of the ${learned[0]!.loss} loss alone.`
        : ''
    if (better.length === learned.length) {
      return { verdict: 'false', sentence: `${told}${only}`, ...rest }
    }
    if (better.length === 0) {
      const alike = learned.every(({ result }) => result === 'alike')
      const none = alike
        ? 'No difference is seen: this network does as well without dividing.'
        : 'Dividing does not help this network here.'
      return { verdict: 'true', sentence: `${told} ${none}${only}`, ...rest }
    }
    return {
      verdict: 'depends',
      sentence: `${told} It helps under the ${better[0]!.loss} loss only.`,
      ...rest
    }
  }
})

function gapText(gap: number): string {
  return `${gap < 0 ? '−' : '+'}${points(Math.abs(gap))}`
}
