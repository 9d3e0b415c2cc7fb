import { countMismatch } from '../labels'
import type { LabelValues } from '../opened'
import type { ByteSource, DataTools, Warn } from '../source'
import { baseName } from '../source'
import { isLabelName } from '../named-labels'
import { csvRows, isNumber, isWord } from './table'

/**
 * Labels from a CSV: its column named label, its only column, or the last of several. A first row
 * is a header where it names the column, where numbers follow a word, or where it is the one row
 * more than there are images. Throws NormscopeError 'count-mismatch' as soon as there are more.
 */
export async function readCsvLabels(
  source: ByteSource,
  tools: DataTools,
  warn: Warn,
  images = Infinity
): Promise<LabelValues> {
  const labels: string[] = []
  let header: string | undefined
  let column: number | undefined
  for await (const row of csvRows(source, tools, warn)) {
    if (column === undefined) {
      const named = row.findIndex(isLabelName)
      column = named >= 0 ? named : row.length - 1
      if (named >= 0) {
        header = row[column]
        continue
      }
    }
    const label = row[column] ?? ''
    if (labels.length === 1 && header === undefined && isWord(labels[0]!) && isNumber(label)) {
      header = labels.pop()
    }
    labels.push(label)
    if (labels.length > images + 1) throw countMismatch(source.name, images, `more than ${images}`)
  }
  if (
    header === undefined &&
    labels.length === images + 1 &&
    labels.lastIndexOf(labels[0]!) === 0
  ) {
    warn(`The first row of ${baseName(source.name)}, “${labels[0]}”, was taken for a header.`)
    return labels.slice(1)
  }
  // a label may be called 'y' as a column may
  return header !== undefined && labels.length === images - 1 ? [header, ...labels] : labels
}
