import { NormscopeError } from '../../error'
import type { ImageChunk, LabelValues, OpenedSplit } from '../opened'
import { flatShape } from '../shape'
import { baseName } from '../source'
import type { ByteSource, DataTools, Warn } from '../source'
import { isLabelName } from '../named-labels'
import { csvRows, headerOf, isWord, numberOf } from './table'
import type { Row } from './table'

const ROWS_AT_ONCE = 256
/** fields */
const MAX_FIELDS = 1 << 20

/**
 * Images as rows of numbers. The label is in the column named 'label' (or class, target, y, digit);
 * without a header it is in the first column, or in the last where only that leaves a square
 * number of pixels or only that column holds nothing but a few whole numbers from 0.
 * Every column is a pixel where `labels` are given, and where all of them fill a square: then there
 * are no labels. Throws NormscopeError 'not-a-number', 'not-images', 'ragged-row', 'not-square', 'empty-dataset'.
 */
export async function openCsvSplit(
  source: ByteSource,
  labels: OpenedSplit['labels'],
  tools: DataTools,
  warn: Warn
): Promise<OpenedSplit> {
  let consumed = 0
  const counting: ByteSource = {
    name: source.name,
    size: source.size,
    read: (offset, length) => {
      consumed = Math.min(source.size, offset + length)
      return source.read(offset, length)
    }
  }
  const path = source.name
  const rows = csvRows(counting, tools, warn)
  try {
    const head: Row[] = []
    await fill(head, rows)
    const header = headerOf(head)
    const first = header === undefined ? 0 : 1
    if (head.length === first) throw empty(path)
    const columns = head[0]!.length
    const labelColumn =
      labels === undefined ? findLabel(path, header, head.slice(first), warn) : undefined
    const { height, width, channels } = flatShape(
      path,
      columns - (labelColumn === undefined ? 0 : 1),
      warn
    )
    const found: (string | number)[] = []
    const progress = (): number => consumed / source.size
    const layout = { path, columns, labelColumn, channels, found, progress }
    return {
      height,
      width,
      minType: 'uint8',
      chunks: () => images(head.slice(first), first, rows, layout, warn),
      labels:
        labels ??
        (labelColumn === undefined ? undefined : () => Promise.resolve(found as LabelValues))
    }
  } catch (thrown) {
    await rows.return?.(undefined)
    throw thrown
  }
}

/** Rows that are held at once: few where they are long. */
async function fill(held: Row[], rows: AsyncIterator<Row>): Promise<void> {
  while (held.length < 2 || held.length < Math.min(ROWS_AT_ONCE, MAX_FIELDS / held[0]!.length)) {
    const next = await rows.next()
    if (next.done) return
    held.push(next.value)
  }
}

function findLabel(
  path: string,
  header: Row | undefined,
  rows: readonly Row[],
  warn: Warn
): number | undefined {
  const named = header?.findIndex((field) => field.toLowerCase() === 'label') ?? -1
  if (named >= 0) return named
  const otherwise = header?.findIndex(isLabelName) ?? -1
  if (otherwise >= 0) return otherwise
  const last = rows[0]!.length - 1
  if (last === 0) throw oneColumn(path)
  const word = rows[0]!.findIndex(isWord)
  if (word === 0 || word === last) return word
  if (isPictureSize(rows[0]!.length)) return undefined
  const atEnd = couldBeLabels(rows, last) && !couldBeLabels(rows, 0)
  const place = atEnd ? last : 0
  const why = header === undefined ? 'There is no header' : 'No column is named label'
  warn(`${why}: the ${place === 0 ? 'first' : 'last'} column was taken as the labels.`)
  return place
}

function isPictureSize(count: number): boolean {
  const isSquare = (value: number): boolean => Number.isInteger(Math.sqrt(value))
  return isSquare(count) || isSquare(count / 3)
}

/** Whole numbers, at least two different ones, and few of them. */
function couldBeLabels(rows: readonly Row[], column: number): boolean {
  const values = new Set(rows.map((row) => row[column] ?? ''))
  const whole = [...values].every((value) => /^\d+(\.0*)?$/.test(value))
  return (
    whole && (values.size >= 2 || rows.length < 2) && values.size <= Math.max(2, rows.length / 2)
  )
}

interface Layout {
  readonly path: string
  readonly columns: number
  readonly labelColumn: number | undefined
  readonly channels: number
  readonly found: (string | number)[]
  /** share of the file's bytes taken so far */
  readonly progress: () => number
}

async function* images(
  head: readonly Row[],
  headerRows: number,
  rows: AsyncIterator<Row>,
  layout: Layout,
  warn: Warn
): AsyncGenerator<ImageChunk> {
  let line = headerRows
  let held: Row[] = [...head]
  try {
    for (;;) {
      await fill(held, rows)
      if (held.length === 0) return
      const chunk = chunkOf(held, line, layout)
      if (!(chunk.values instanceof Uint8Array)) {
        warn('Not all pixel values are whole numbers from 0 to 255; wider numbers are used.')
      }
      yield chunk
      line += held.length
      held = []
    }
  } finally {
    await rows.return?.(undefined)
  }
}

function chunkOf(rows: readonly Row[], linesBefore: number, layout: Layout): ImageChunk {
  const { path, columns, labelColumn, channels, found } = layout
  const features = columns - (labelColumn === undefined ? 0 : 1)
  const values = new Float64Array(rows.length * features)
  let at = 0
  rows.forEach((row, index) => {
    const line = linesBefore + index + 1
    if (row.length !== columns) throw ragged(path, line, columns, row.length)
    for (let column = 0; column < columns; column++) {
      const field = row[column]!
      if (column === labelColumn) found.push(field)
      else {
        const value = numberOf(field)
        if (!Number.isFinite(value)) throw notANumber(path, line, column + 1, field)
        values[at++] = value
      }
    }
  })
  return { values: narrowed(values), channels, fraction: layout.progress() }
}

/** Bytes where all are bytes: quicker from here on. */
function narrowed(values: Float64Array): Float64Array | Uint8Array {
  return values.every((value) => Number.isInteger(value) && value >= 0 && value <= 255)
    ? Uint8Array.from(values)
    : values
}

function ragged(path: string, line: number, expected: number, actual: number): NormscopeError {
  return new NormscopeError({
    code: 'ragged-row',
    message: `Row ${line} of ${baseName(path)} has ${actual} fields, the first row has ${expected}. Every row must have the same number. Repair or remove the row.`,
    path,
    expected: `${expected} fields`,
    actual: `${actual} fields in row ${line}`
  })
}

function notANumber(path: string, line: number, column: number, field: string): NormscopeError {
  const shown = field === '' ? 'empty' : `“${field.slice(0, 40)}”`
  return new NormscopeError({
    code: 'not-a-number',
    message: `Row ${line}, column ${column} of ${baseName(path)} is ${shown}; a pixel value is expected.`,
    path,
    expected: 'a number',
    actual: `${shown} in row ${line}, column ${column}`
  })
}

function oneColumn(path: string): NormscopeError {
  return new NormscopeError({
    code: 'not-images',
    message: `${baseName(path)} has one column: it may hold labels, but not images. Open the file with the images, one per row.`,
    path,
    expected: 'a column for each pixel',
    actual: '1 column'
  })
}

function empty(path: string): NormscopeError {
  return new NormscopeError({
    code: 'empty-dataset',
    message: `${baseName(path)} has no rows of numbers. As a table, it would have one image a row: its pixels, and its label first.`,
    path,
    expected: 'one row per image',
    actual: 'no rows'
  })
}
