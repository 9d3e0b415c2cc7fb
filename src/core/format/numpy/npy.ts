import { NormscopeError } from '../../error'
import { checkSize } from '../array'
import { NUMBER_TYPES, numberType, unsupported } from '../number-type'
import type { OrderedArray } from '../ordered-array'
import { SNIFF_LENGTH } from '../sniff'
import { baseName, ByteReader, truncated } from '../source'
import type { Warn } from '../source'
import { refuseStandIn } from '../stand-in'

const MAX_HEADER_BYTES = 1 << 20

/**
 * Reads the header of an NPY file, versions 1 to 3 (numpy.lib.format). `fileSize` is undefined where
 * it cannot be told. Throws NormscopeError 'wrong-magic', 'truncated-file', 'unsupported-dtype',
 * 'corrupt-header' or 'implausible-shape'.
 */
export async function openNpy(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  fileSize: number | undefined,
  warn: Warn
): Promise<OrderedArray> {
  const reader = new ByteReader(chunks)
  try {
    const { descr, ...header } = await readNpyHeader(path, reader)
    const array = { ...header, ...numberType(path, descr) }
    checkSize(array, NUMBER_TYPES[array.type], fileSize)
    return { ...array, reader, warn }
  } catch (thrown) {
    await reader.close()
    throw thrown
  }
}

export interface NpyHeader extends Pick<OrderedArray, 'path' | 'offset' | 'fortran' | 'dims'> {
  /** the type as NumPy writes it, for example <f4 */
  readonly descr: string
}

export async function readNpyHeader(path: string, reader: ByteReader): Promise<NpyHeader> {
  refuseStandIn(path, await reader.peek(SNIFF_LENGTH))
  const start = await reader.take(8)
  if (start.length < 8)
    throw truncated(path, 'a header of at least 10 bytes', `${start.length} bytes`)
  const major = start[6]!
  const isNumpy = start[0] === 0x93 && String.fromCharCode(...start.subarray(1, 6)) === 'NUMPY'
  if (!isNumpy || major < 1 || major > 3) {
    throw new NormscopeError({
      code: 'wrong-magic',
      message: `${baseName(path)} does not begin as an NPY file of version 1 to 3.`,
      path,
      expected: '\\x93NUMPY and version 1, 2 or 3',
      actual: [...start].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    })
  }
  const lengthBytes = await reader.take(major === 1 ? 2 : 4)
  if (lengthBytes.length < (major === 1 ? 2 : 4)) {
    throw truncated(path, 'the length of the header', `${lengthBytes.length} bytes of it`)
  }
  const length = lengthBytes.reduce((sum, byte, index) => sum + byte * 256 ** index, 0)
  if (length > MAX_HEADER_BYTES) throw corrupt(path, `a header of ${length} bytes`)
  const text = await reader.take(length)
  if (text.length < length) {
    throw truncated(path, `a header of ${length} bytes`, `${text.length} bytes`)
  }
  return { path, offset: reader.position, ...parseDict(path, new TextDecoder().decode(text)) }
}

/** The header is a Python dictionary with three known keys; that much of Python is read here. */
function parseDict(path: string, text: string): Pick<NpyHeader, 'descr' | 'fortran' | 'dims'> {
  const descr = /['"]descr['"]\s*:\s*['"]([^'"]*)['"]/.exec(text)?.[1]
  const fortran = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text)?.[1]
  const shape = /['"]shape['"]\s*:\s*\(([^)]*)\)/.exec(text)?.[1]
  if (/['"]descr['"]\s*:\s*\[/.test(text)) throw unsupported(path, 'a record type')
  if (descr === undefined || fortran === undefined || shape === undefined) {
    throw corrupt(path, text.trim().slice(0, 80))
  }
  const sizes = shape.split(',').map((part) => part.trim().replace(/L$/, ''))
  if (sizes.at(-1) === '') sizes.pop()
  if (!sizes.every((size) => /^\d{1,15}$/.test(size))) throw corrupt(path, `the shape (${shape})`)
  return { descr, fortran: fortran === 'True', dims: sizes.map(Number) }
}

function corrupt(path: string, actual: string): NormscopeError {
  return new NormscopeError({
    code: 'corrupt-header',
    message: `The header of ${baseName(path)} cannot be understood: ${actual}.`,
    path,
    expected: "a dictionary with 'descr', 'fortran_order' and 'shape'",
    actual
  })
}
