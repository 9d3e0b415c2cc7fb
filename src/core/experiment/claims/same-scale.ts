import { percent, points } from '../../numbers'
import {
  accuracyAt,
  claim,
  compared,
  divisionOf,
  NO_DIVISION,
  RAW,
  UNFINISHED,
  UNIT
} from './claim'

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
    const exact = compared(unit, raw)
    const clipped = compared(unitClipped, rawClipped)
    const told = `Pixels divided by their greatest value reach ${percent(unit.mean)} where the stored ones reach ${percent(raw.mean)} (${gapText(unit.mean - raw.mean)}); under the clipped loss ${percent(unitClipped.mean)} and ${percent(rawClipped.mean)} (${gapText(unitClipped.mean - rawClipped.mean)}).`
    const better = [exact, clipped].filter((one) => one === 'more').length
    if (better === 2) return { verdict: 'false', sentence: told }
    if (better === 0) {
      return { verdict: 'true', sentence: `${told} Dividing does not help this network here.` }
    }
    const which = exact === 'more' ? 'exact' : 'clipped'
    return { verdict: 'depends', sentence: `${told} It helps under the ${which} loss only.` }
  }
})

function gapText(gap: number): string {
  return `${gap < 0 ? '−' : '+'}${points(Math.abs(gap))}`
}
