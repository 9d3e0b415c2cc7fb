import type { PixelType } from '../dataset/dataset'
import { NormscopeError } from '../error'
import { baseName } from './source'

/** Numbers as a reader hands them on. */
export type NumberArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array

/** A type of number in a file. */
interface NumberType {
  readonly name: string
  readonly bytes: number
  /** narrowest pixel type it is stored as; values that do not fit widen it */
  readonly minType: PixelType
  /** the numbers of `bytes` (little-endian, aligned; a whole number of them) */
  view(bytes: Uint8Array): NumberArray
}

const over = <T>(
  make: new (buffer: ArrayBufferLike, offset: number, length: number) => T,
  size: number
): ((bytes: Uint8Array) => T) => {
  return (bytes) => new make(bytes.buffer, bytes.byteOffset, bytes.byteLength / size)
}

/** Keyed as NumPy spells them, without the byte order. */
export const NUMBER_TYPES = {
  u1: { name: 'uint8', bytes: 1, minType: 'uint8', view: over(Uint8Array, 1) },
  b1: { name: 'bool', bytes: 1, minType: 'uint8', view: booleans },
  i1: { name: 'int8', bytes: 1, minType: 'float32', view: over(Int8Array, 1) },
  u2: { name: 'uint16', bytes: 2, minType: 'uint16', view: over(Uint16Array, 2) },
  i2: { name: 'int16', bytes: 2, minType: 'uint16', view: over(Int16Array, 2) },
  u4: { name: 'uint32', bytes: 4, minType: 'uint16', view: over(Uint32Array, 4) },
  i4: { name: 'int32', bytes: 4, minType: 'uint16', view: over(Int32Array, 4) },
  u8: { name: 'uint64', bytes: 8, minType: 'uint16', view: wide(over(BigUint64Array, 8)) },
  i8: { name: 'int64', bytes: 8, minType: 'uint16', view: wide(over(BigInt64Array, 8)) },
  f2: { name: 'float16', bytes: 2, minType: 'float32', view: halves },
  f4: { name: 'float32', bytes: 4, minType: 'float32', view: over(Float32Array, 4) },
  f8: { name: 'float64', bytes: 8, minType: 'float32', view: over(Float64Array, 8) }
} as const satisfies Readonly<Record<string, NumberType>>

export type NumberTypeId = keyof typeof NUMBER_TYPES

function booleans(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes, (byte) => (byte === 0 ? 0 : 1))
}

function wide(view: (bytes: Uint8Array) => BigInt64Array | BigUint64Array) {
  return (bytes: Uint8Array): Float64Array => Float64Array.from(view(bytes), Number)
}

/** IEEE 754 half precision: every value is a float32 exactly. */
function halves(bytes: Uint8Array): Float32Array {
  return Float32Array.from(over(Uint16Array, 2)(bytes), (half) => {
    const sign = half & 0x8000 ? -1 : 1
    const exponent = (half >>> 10) & 31
    const fraction = half & 1023
    if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25))
  })
}

/**
 * The numbers that lie in `bytes`, of either byte order: a view of single bytes, else a copy.
 * Never a Buffer, whose `slice` is a view where a Uint8Array's is a copy.
 * Every platform the app runs on is little-endian.
 */
export function numbersOf(bytes: Uint8Array, id: NumberTypeId, littleEndian: boolean): NumberArray {
  const type: NumberType = NUMBER_TYPES[id]
  if (type.bytes === 1) return type.view(bytes)
  const own = new Uint8Array(bytes.subarray(0, bytes.length - (bytes.length % type.bytes)))
  if (!littleEndian) swap(own, type.bytes)
  return type.view(own)
}

/** An array of zeros of the same type of number. */
export function zerosLike(values: NumberArray, length: number): NumberArray {
  return new (values.constructor as new (length: number) => NumberArray)(length)
}

function swap(bytes: Uint8Array, size: number): void {
  for (let start = 0; start < bytes.length; start += size) {
    for (let low = start, high = start + size - 1; low < high; low++, high--) {
      const kept = bytes[low]!
      bytes[low] = bytes[high]!
      bytes[high] = kept
    }
  }
}

/** A type as NumPy writes it, '<f4'. Throws NormscopeError 'unsupported-dtype'. */
export function numberType(
  path: string,
  descr: string
): { readonly type: NumberTypeId; readonly littleEndian: boolean } {
  const match = /^([<>|=]?)([a-zA-Z?]\d*)$/.exec(descr)
  const id = match?.[2] === '?' ? 'b1' : match?.[2]
  if (match === null || id === undefined || !isNumberType(id)) throw unsupported(path, descr)
  return { type: id, littleEndian: match[1] !== '>' }
}

function isNumberType(id: string): id is NumberTypeId {
  return Object.hasOwn(NUMBER_TYPES, id)
}

export function unsupported(path: string, descr: string): NormscopeError {
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
