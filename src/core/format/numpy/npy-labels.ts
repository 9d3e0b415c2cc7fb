import { checkSize, itemsOf, sizeOf } from '../array'
import { arrayLabels, checkLabelDims, notLabels } from '../array-labels'
import { readNpyHeader } from './npy'
import type { NpyHeader } from './npy'
import { NUMBER_TYPES, numberType } from '../number-type'
import type { LabelValues } from '../opened'
import { ByteReader } from '../source'
import type { Warn } from '../source'

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
    checkLabelDims(header, images)
    const names = namesOf(header.descr)
    if (names !== undefined) {
      checkSize(header, names, fileSize)
      if ((header.dims[1] ?? 1) !== 1) throw notLabels(header)
      return await textLabels(header, reader, warn, names)
    }
    const array = { ...header, ...numberType(path, header.descr), reader, warn }
    checkSize(array, NUMBER_TYPES[array.type], fileSize)
    return await arrayLabels(array)
  } finally {
    await reader.close()
  }
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
