import { NormscopeError } from '../../error'
import { allNumbers, checkSize, imagesOf, sizeOf, arranged } from '../array'
import type { OpenedArray } from '../array'
import { NUMBER_TYPES, zerosLike } from '../number-type'
import type { NumberArray, NumberTypeId } from '../number-type'
import type { ImageChunk } from '../opened'
import { imageShape } from '../shape'
import type { ImageShape } from '../shape'
import { SNIFF_LENGTH } from '../sniff'
import { baseName, ByteReader, truncated } from '../source'
import type { Warn } from '../source'
import { refuseStandIn } from '../stand-in'

/** A NumPy array whose header has been read. */
export interface OpenedNpy extends OpenedArray {
  readonly fortran: boolean
}

const MAX_HEADER_BYTES = 1 << 20
/** bytes of an array in Fortran order, which is held as a whole */
const MAX_FORTRAN_BYTES = 2 ** 30

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
): Promise<OpenedNpy> {
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

export interface NpyHeader extends Pick<OpenedNpy, 'path' | 'offset' | 'fortran' | 'dims'> {
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

/** Throws NormscopeError 'unsupported-dtype'. */
export function numberType(path: string, descr: string): Pick<OpenedNpy, 'type' | 'littleEndian'> {
  const match = /^([<>|=]?)([a-zA-Z?]\d*)$/.exec(descr)
  const id = match?.[2] === '?' ? 'b1' : match?.[2]
  if (match === null || id === undefined || !isNumberType(id)) throw unsupported(path, descr)
  return { type: id, littleEndian: match[1] !== '>' }
}

function isNumberType(id: string): id is NumberTypeId {
  return Object.hasOwn(NUMBER_TYPES, id)
}

/** Where the array's bytes are what the store would hold: C order, little-endian, a pixel type. */
export function storable(array: OpenedNpy, shape: ImageShape): boolean {
  return (
    ['u1', 'u2', 'f4'].includes(array.type) &&
    (array.littleEndian || array.type === 'u1') &&
    !array.fortran &&
    shape.stored === shape.channels &&
    (!shape.channelsFirst || shape.channels === 1)
  )
}

/** How the array is read as images. */
export function npyShape(array: OpenedNpy, warn: Warn): ImageShape {
  return imageShape(array.path, array.dims, warn)
}

export function npyImages(array: OpenedNpy, shape: ImageShape): AsyncIterable<ImageChunk> {
  return array.fortran ? fortranImages(array, shape) : imagesOf(array, shape)
}

/** Fortran order has the first image's numbers all over the file, so it is held as a whole. */
async function* fortranImages(array: OpenedNpy, shape: ImageShape): AsyncGenerator<ImageChunk> {
  if (sizeOf(array.dims) * NUMBER_TYPES[array.type].bytes > MAX_FORTRAN_BYTES) {
    await array.reader.close()
    throw tooLarge(array)
  }
  const all = cOrder(await allNumbers(array), array.dims)
  const perImage = shape.height * shape.width * shape.stored
  const perChunk = Math.max(1, Math.floor((1 << 18) / perImage))
  for (let done = 0; done < shape.count;) {
    const count = Math.min(perChunk, shape.count - done)
    const values = all.subarray(done * perImage, (done + count) * perImage)
    done += count
    yield {
      values: arranged(values, shape),
      channels: shape.channels,
      fraction: done / shape.count
    }
  }
}

/** First index fastest -> last index fastest. */
function cOrder(values: NumberArray, dims: readonly number[]): NumberArray {
  const out = zerosLike(values, values.length)
  const index = dims.map(() => 0)
  const strides = dims.map((_, axis) => sizeOf(dims.slice(axis + 1)))
  let at = 0
  for (let from = 0; from < values.length; from++) {
    out[at] = values[from]!
    for (let axis = 0; axis < dims.length; axis++) {
      index[axis]!++
      at += strides[axis]!
      if (index[axis]! < dims[axis]!) break
      at -= strides[axis]! * dims[axis]!
      index[axis] = 0
    }
  }
  return out
}

function tooLarge({ path, dims }: OpenedNpy): NormscopeError {
  return new NormscopeError({
    code: 'implausible-shape',
    message: `${baseName(path)} claims ${dims.join(' × ')} numbers in Fortran order, more than can be held at once (${MAX_FORTRAN_BYTES} bytes). Save it in C order: numpy.ascontiguousarray(array).`,
    path,
    expected: `at most ${MAX_FORTRAN_BYTES} bytes`,
    actual: dims.join(' × ')
  })
}

function unsupported(path: string, descr: string): NormscopeError {
  if (/^[<>|=]?O/.test(descr)) {
    return new NormscopeError({
      code: 'pickled-objects',
      message: `${baseName(path)} holds Python objects, not numbers. To read them would run a program that is in the file, so they are refused. Where all have one size, numpy.stack(array) makes numbers of them.`,
      path,
      expected: 'numbers',
      actual: 'pickled Python objects (object)',
      hint: 'Save it as numbers: numpy.save(path, numpy.stack(array)).'
    })
  }
  return new NormscopeError({
    code: 'unsupported-dtype',
    message: `${baseName(path)} holds values of type ${descr}; plain integers, floats of 16 to 64 bits and booleans can be read. Convert it with array.astype('float32').`,
    path,
    expected: 'u1, u2, u4, u8, i1, i2, i4, i8, f2, f4, f8 or bool',
    actual: descr
  })
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
