import type { ChoiceRow } from '../../../contract/engine'
import type { ResultTable } from '../../../core/experiment/kind'
import { grouped, percent, plain } from '../../../core/numbers'
import { choiceRecord } from '../../../core/preprocessing/choices'

const TITLES = ['mean', 'std', 'min', 'max', 'at minimum', 'effective features', 'by variance']

/** To a millionth of the range or so: a mean that is 0 but for rounding reads as 0. */
function within(value: number, { min, max }: Pick<ChoiceRow, 'min' | 'max'>): string {
  const size = Math.floor(Math.log10(max - min))
  const step = 10 ** (size - 6)
  return plain(Number.isFinite(size) ? Math.round(value / step) * step : value, 6)
}

/** What the values of the images become under each choice, one row each. */
export function choiceTable(rows: readonly ChoiceRow[]): ResultTable {
  return {
    title: 'Values under each choice',
    columns: [{ title: 'choice' }, ...TITLES.map((title) => ({ title, right: true }))],
    rows: rows.map((row) => [
      choiceRecord(row.choice.id).name,
      row.mean.map((value) => within(value, row)).join(' '),
      row.std.map((value) => within(value, row)).join(' '),
      plain(row.min, 6),
      plain(row.max, 6),
      percent(row.shareAtMinimum),
      grouped(row.effectiveFeatures),
      grouped(row.varyingFeatures)
    ])
  }
}
