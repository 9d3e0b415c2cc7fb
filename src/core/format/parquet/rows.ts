import { NormscopeError } from '../../error'
import type { ImageRecord, RecordedPixels } from '../records'
import { flatShape } from '../shape'
import { baseName } from '../source'
import type { ColumnTable, Warn } from '../source'

/** Names that columns go by, the most specific first. */
const IMAGES = ['image', 'img', 'images', 'picture', 'pixels', 'x', 'data']
const LABELS = ['label', 'labels', 'fine_label', 'class', 'target', 'y', 'digit', 'coarse_label']

/** The columns of a table that are read. */
export interface Columns {
  /** one that holds each image whole, or one for each pixel */
  readonly images: readonly string[]
  readonly label?: string
}

/** Throws NormscopeError 'not-images'. */
export function columnsOf(path: string, { columns }: ColumnTable): Columns {
  const byLower = new Map(columns.map(({ name }) => [name.toLowerCase(), name]))
  const find = (names: readonly string[]): string | undefined =>
    names.map((name) => byLower.get(name)).find((name) => name !== undefined)
  const label = find(LABELS)
  const isWhole = ({ isNumber, name }: ColumnTable['columns'][number]): boolean =>
    !isNumber && name !== label
  const named = find(IMAGES)
  const image = columns.find((one) => one.name === named && isWhole(one))
  const whole = image ?? columns.find(isWhole)
  const pixels = columns.filter(({ name, isNumber }) => isNumber && name !== label)
  // an index or an identifier beside the images is no pixel
  if (image !== undefined || pixels.length < 4) {
    if (whole !== undefined) return { images: [whole.name], label }
    throw notImages(path, columns.map(({ name }) => name).join(', ') || 'no columns')
  }
  return { images: pixels.map(({ name }) => name), label }
}

/** Names of the classes as Hugging Face notes them; undefined where it notes none. */
export function classNamesIn({ notes }: ColumnTable, label: string): string[] | undefined {
  try {
    const noted = JSON.parse(notes.get('huggingface') ?? '{}') as {
      info?: { features?: Readonly<Record<string, { names?: unknown }>> }
    }
    const names = noted.info?.features?.[label]?.names
    const isNames = Array.isArray(names) && names.every((name) => typeof name === 'string')
    return isNames ? (names as string[]) : undefined
  } catch {
    return undefined // not noted by Hugging Face
  }
}

/** The rows of a table as images with their labels, group by group. */
export async function* rowImages(
  path: string,
  table: ColumnTable,
  warn: Warn
): AsyncGenerator<readonly ImageRecord[]> {
  const { images, label } = columnsOf(path, table)
  let number = 0
  const read = label === undefined ? images : [...images, label]
  for await (const group of table.groups(read)) {
    yield group.map((row) => {
      const name = `row ${number++} of ${baseName(path)}`
      const image =
        images.length === 1
          ? imageIn(path, name, row[images[0]!], warn)
          : flat(
              path,
              name,
              images.map((column) => row[column]),
              warn
            )
      return { name, image, label: label === undefined ? undefined : labelIn(name, row[label]) }
    })
  }
}

function labelIn(name: string, value: unknown): number | string {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value)
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value)
  if (typeof value === 'number' || typeof value === 'string') return value
  throw new NormscopeError({
    code: 'bad-label',
    message: `The label of ${name} is ${value === null || value === undefined ? 'missing' : 'neither a number nor a name'}. Repair or remove the row.`,
    expected: 'a number or a name',
    actual: String(value)
  })
}

/** Bytes of a picture, alone or as Hugging Face keeps them ({bytes, path}); or lists of pixels. */
function imageIn(
  path: string,
  name: string,
  value: unknown,
  warn: Warn
): Uint8Array | RecordedPixels {
  if (value instanceof Uint8Array) return value
  if (Array.isArray(value)) return listed(path, name, value, warn)
  const bytes = (value as { readonly bytes?: unknown } | null | undefined)?.bytes
  if (bytes instanceof Uint8Array) return bytes
  throw notImages(path, `${name} without the bytes of an image`)
}

/** Rows of columns, of channels where there are some; or all values side by side. */
function listed(path: string, name: string, rows: readonly unknown[], warn: Warn): RecordedPixels {
  const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)
  if (!rows.every(isList)) return flat(path, name, rows, warn)
  const cells = rows.flat()
  const values = cells.every(isList) ? cells.flat() : cells
  const [height, width] = [rows.length, rows[0]?.length ?? 0]
  const channels = values.length / (height * width)
  const even = rows.every(({ length }) => length === width)
  if (!even || (channels !== 1 && channels !== 3)) throw notImages(path, `${name} with uneven rows`)
  return { height, width, channels, values: numbers(path, name, values) }
}

function flat(path: string, name: string, values: readonly unknown[], warn: Warn): RecordedPixels {
  return { ...flatShape(path, values.length, warn), values: numbers(path, name, values) }
}

function numbers(path: string, name: string, values: readonly unknown[]): Float64Array {
  return Float64Array.from(values, (value) => {
    if (typeof value === 'number') return value
    if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value)
    throw notImages(path, `${name} with a value that is no number`)
  })
}

function notImages(path: string, actual: string): NormscopeError {
  return new NormscopeError({
    code: 'not-images',
    message: `${baseName(path)} has ${actual}; images are in a column of picture files, of lists of pixels, or in a column for each pixel.`,
    path,
    expected: 'a column named image, or a column for each pixel',
    actual
  })
}
