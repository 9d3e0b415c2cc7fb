import type { ChoiceRow } from '../../../contract/engine'
import { percent, plain } from '../../../core/numbers'

const MINUS = '−'

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

function signed(text: string): string {
  return text.startsWith('-') ? MINUS + text.slice(1) : text
}

/** Mean or std, one text per channel; '0.000' keeps its decimals so that columns line up. */
export function channelTexts(values: readonly number[], row: ChoiceRow): string[] {
  const decimals = decimalsOf(row)
  return values.map((value) => {
    const text = value.toFixed(decimals)
    return Number(text) === 0 ? text.replace('-', '') : signed(text)
  })
}

/** An end of the range: at most as many decimals, none that say nothing. */
export function endText(value: number, row: ChoiceRow): string {
  return plain(Number(value.toFixed(Math.max(0, decimalsOf(row) - 1))))
}

export function shareText(row: ChoiceRow): string {
  return percent(row.shareAtMinimum)
}

export function featuresText(row: ChoiceRow): string {
  return plain(Math.round(row.effectiveFeatures))
}

const quoted = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text

/** The table at full precision: one line per choice, split and channel. */
export function tableCsv(rows: readonly SplitRow[]): string {
  const lines = [
    'choice,split,channel,mean,std,min,max,share_at_minimum,effective_features,approximation'
  ]
  for (const { row, split } of rows) {
    row.mean.forEach((mean, channel) => {
      lines.push(
        [
          row.choice.id,
          split,
          channel,
          mean,
          row.std[channel] ?? '',
          row.min,
          row.max,
          row.shareAtMinimum,
          row.effectiveFeatures,
          quoted(row.approximation ?? '')
        ].join(',')
      )
    })
  }
  return lines.join('\r\n') + '\r\n'
}
