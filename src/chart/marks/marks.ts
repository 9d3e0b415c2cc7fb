import type { Mark } from '../../core/figure/figure'
import { BARS } from './bars'
import { CELLS } from './cells'
import { LINE } from './line'
import { POINTS } from './points'
import type { MarkOf, MarkRecord } from './record'
import { RULE } from './rule'
import { SPAN } from './span'
import { STEPS } from './steps'
import { TILES } from './tiles'

/** Every kind of mark. */
export const MARKS: { readonly [K in Mark['kind']]: MarkRecord<MarkOf<K>> } = {
  steps: STEPS,
  line: LINE,
  points: POINTS,
  cells: CELLS,
  tiles: TILES,
  bars: BARS,
  rule: RULE,
  span: SPAN
}

/** The record of a mark. */
export function recordOf(mark: Mark): MarkRecord {
  return MARKS[mark.kind] as unknown as MarkRecord
}
