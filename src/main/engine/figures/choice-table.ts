import type { ChoiceRow } from '../../../contract/engine'
import type { ResultTable } from '../../../core/experiment/kind'
import { grouped, percent, plain } from '../../../core/numbers'
import { choiceRecord } from '../../../core/preprocessing/choices'

const TITLES = ['mean', 'std', 'min', 'max', 'at minimum', 'effective features', 'by variance']

/** What the values of the images become under each choice, one row each. */
export function choiceTable(rows: readonly ChoiceRow[]): ResultTable {
  return {
    title: 'Values under each choice',
    columns: [{ title: 'choice' }, ...TITLES.map((title) => ({ title, right: true }))],
    rows: rows.map((row) => [
      choiceRecord(row.choice.id).name,
      row.mean.map((value) => plain(value, 6)).join(' '),
      row.std.map((value) => plain(value, 6)).join(' '),
      plain(row.min, 6),
      plain(row.max, 6),
      percent(row.shareAtMinimum),
      grouped(row.effectiveFeatures),
      grouped(row.varyingFeatures)
    ])
  }
}
