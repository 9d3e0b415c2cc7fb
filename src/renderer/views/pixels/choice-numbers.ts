import type { ChoiceRow } from '../../../contract/engine'
import { csvText } from '../../../core/csv'
import type { CsvCell } from '../../../core/csv'
import { grouped, percent, plain } from '../../../core/numbers'

/** A row of the table, with the split that it is of. */
export interface SplitRow {
  readonly row: ChoiceRow
  /** 'train', 'test', 'train and test' */
  readonly split: string
}

/** A range a little under a power of ten counts as one: 0.92 keeps the decimals of 1. */
const NEARLY = 0.2

/** Decimals at which a thousandth of the range still shows, two at least for wide ranges. */
function decimalsOf(row: ChoiceRow): number {
  const span = row.max - row.min
  if (!(span > 0)) return 3
  return span >= 10 ? 2 : Math.min(8, Math.max(3, 3 - Math.floor(Math.log10(span) + NEARLY)))
}

/** Mean or std, one text per channel; '0.000' keeps its decimals so that columns line up. */
export function channelTexts(values: readonly number[], row: ChoiceRow): string[] {
  return values.map((value) => grouped(value, decimalsOf(row)))
}

/** An end of the range: at most as many decimals, none that say nothing. */
export function endText(value: number, row: ChoiceRow): string {
  return plain(Number(value.toFixed(Math.max(0, decimalsOf(row) - 1))))
}

export function shareText(row: ChoiceRow): string {
  return percent(row.shareAtMinimum)
}

const HEAD =
  'choice,split,channel,mean,std,min,max,share_at_minimum,effective_features,effective_features_by_variance,approximation'

/** The table at full precision: one line per choice, split and channel. */
export function tableCsv(rows: readonly SplitRow[]): string {
  const lines = rows.flatMap(({ row, split }) =>
    row.mean.map((mean, channel): CsvCell[] => [
      row.choice.id,
      split,
      channel,
      mean,
      row.std[channel],
      row.min,
      row.max,
      row.shareAtMinimum,
      row.effectiveFeatures,
      row.varyingFeatures,
      row.approximation
    ])
  )
  return csvText([HEAD.split(','), ...lines])
}
