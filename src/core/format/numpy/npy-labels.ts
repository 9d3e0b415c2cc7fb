import { NormscopeError } from '../../error'
import { allNumbers, checkSize, itemsOf, numbersIn, sizeOf } from '../array'
import { checkCounts } from '../labels'
import { numberType, readNpyHeader } from './npy'
import type { NpyHeader } from './npy'
import { NUMBER_TYPES } from '../number-type'
import type { LabelValues } from '../opened'
import { baseName, ByteReader } from '../source'
import type { Warn } from '../source'

/** Columns of one-hot rows that are read. */
const MAX_COLUMNS = 10_000

/**
 * Labels of shape (N) or (N, 1), for so many `images`: whole numbers of any type, or names
 * (NumPy's types U and S). One-hot rows (N, C) are read as the place of their 1. `fileSize` is
 * undefined where it cannot be told. Throws NormscopeError as `openNpy`, 'not-labels' or 'count-mismatch'.
 */
export async function readNpyLabels(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  fileSize: number | undefined,
  warn: Warn,
  images?: number
): Promise<LabelValues> {
  const reader = new ByteReader(chunks)
  try {
    const header = await readNpyHeader(path, reader)
    const { dims } = header
    const [count = 0, columns = 1, ...more] = dims
    if (dims.length === 0 || more.length > 0 || columns > MAX_COLUMNS) throw notLabels(header)
    checkCounts(path, images ?? count, count)
    const names = namesOf(header.descr)
    if (names !== undefined) {
      checkSize(header, names, fileSize)
      if (columns !== 1) throw notLabels(header)
      return await textLabels(header, reader, warn, names)
    }
    const array = { ...header, ...numberType(path, header.descr), reader, warn }
    checkSize(array, NUMBER_TYPES[array.type], fileSize)
    if (columns === 1) return await allNumbers(array)
    return await hotPlaces(header, numbersIn(array), count, columns)
  } finally {
    await reader.close()
  }
}

async function hotPlaces(
  header: NpyHeader,
  numbers: AsyncIterable<ArrayLike<number>>,
  count: number,
  columns: number
): Promise<Int32Array> {
  const places = new Int32Array(count).fill(-1)
  let at = 0
  for await (const some of numbers) {
    for (let index = 0; index < some.length; index++, at++) {
      if (some[index] === 0) continue
      const row = header.fortran ? at % count : Math.floor(at / columns)
      if (some[index] !== 1 || places[row] !== -1) throw notLabels(header)
      places[row] = header.fortran ? Math.floor(at / count) : at % columns
    }
  }
  if (places.includes(-1)) throw notLabels(header)
  return places
}

interface NameType {
  readonly name: string
  readonly bytes: number
  /** the letters that one name's bytes stand for, zeros at the end included */
  decode(bytes: Uint8Array): string
}

/** NumPy's texts of fixed length: U has four bytes a letter (UCS-4), S one. */
function namesOf(descr: string): NameType | undefined {
  const match = /^([<>|=]?)([US])(\d{1,9})$/.exec(descr)
  if (match === null || Number(match[3]) === 0) return undefined
  const letters = Number(match[3])
  const utf8 = new TextDecoder()
  if (match[2] === 'S') {
    return {
      name: `text of ${letters} bytes`,
      bytes: letters,
      decode: (bytes) => utf8.decode(bytes)
    }
  }
  const littleEndian = match[1] !== '>'
  return {
    name: `text of ${letters} letters`,
    bytes: 4 * letters,
    decode: (bytes) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      const codes = Array.from({ length: letters }, (_, at) => view.getUint32(4 * at, littleEndian))
      return codes.map((code) => String.fromCodePoint(code > 0x10ffff ? 0xfffd : code)).join('')
    }
  }
}

async function textLabels(
  { path, dims }: NpyHeader,
  reader: ByteReader,
  warn: Warn,
  { bytes: size, decode }: NameType
): Promise<string[]> {
  const labels: string[] = []
  for await (const bytes of itemsOf({
    path,
    reader,
    warn,
    count: sizeOf(dims),
    size,
    word: 'labels'
  })) {
    for (let at = 0; at < bytes.length; at += size) {
      const name = decode(bytes.subarray(at, at + size))
      labels.push(name.slice(0, name.search(/\0*$/)))
    }
  }
  return labels
}

function notLabels({ path, dims }: NpyHeader): NormscopeError {
  return new NormscopeError({
    code: 'not-labels',
    message: `${baseName(path)} has the shape ${dims.join(' × ')}; labels are one number or name per image (N, N × 1), or one-hot rows.`,
    path,
    expected: 'one label per image',
    actual: dims.join(' × ')
  })
}
