import { SNIFF_LENGTH } from '../sniff'
import { ByteReader, contentOf } from '../source'
import type { ByteSource, DataTools, Warn } from '../source'
import { refuseStandIn } from '../stand-in'
import { headText, inUtf8, separatorOf } from '../text'

export type Row = readonly string[]

/** The records of a CSV, whatever it is packed in, encoded and separated by. */
export async function* csvRows(
  source: ByteSource,
  tools: DataTools,
  warn: Warn
): AsyncGenerator<Row> {
  const content = await contentOf(source, tools, warn)
  const reader = new ByteReader(inUtf8(source.name, content.chunks(), warn))
  try {
    const head = await reader.peek(SNIFF_LENGTH)
    refuseStandIn(source.name, head)
    const separator = separatorOf(headText(head))
    for await (const row of tools.csvRecords(source.name, reader.rest(), separator)) {
      // several blanks are one
      yield separator === ' ' ? row.filter((field) => field !== '') : row
    }
  } finally {
    await reader.close()
  }
}

/**
 * A first row of names: only words; or a word where the row below has a number; or one word
 * beside numbers that count the columns, unless the row below counts too. A word alone may be the label of an image: 'shoe,0,0,255'.
 */
export function headerOf([first, second]: readonly Row[]): Row | undefined {
  if (first === undefined) return undefined
  const words = first.filter(isWord).length
  const named = first.some((field, at) => isWord(field) && isNumber(second?.[at] ?? ''))
  const onlyWords = words > 1 && first.every((field) => !isNumber(field))
  return named || onlyWords || (words === 1 && countsColumns(first) && !countsColumns(second ?? []))
    ? first
    : undefined
}

/** 0, 1, 2, … or 1, 2, 3, … as data frames without names are written. */
function countsColumns(row: Row): boolean {
  const numbers = row.filter(isNumber)
  const first = Number(numbers[0])
  const counts = numbers.every((field, at) => Number(field) === first + at)
  return counts && numbers.length > 3 && (first === 0 || first === 1)
}

const DECIMAL = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i
/** Number() would also take '', '0x10' and 'Infinity'. */
export const numberOf = (field: string): number => (DECIMAL.test(field) ? Number(field) : NaN)
export const isNumber = (field: string): boolean => Number.isFinite(numberOf(field))
export const isWord = (field: string): boolean => field !== '' && !isNumber(field)
