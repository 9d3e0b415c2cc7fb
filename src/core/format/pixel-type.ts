import { NormscopeError } from '../error'
import type { PixelArray, PixelType } from '../dataset/dataset'
import type { NumberArray } from './number-type'
import { baseName } from './source'

const RANK: Readonly<Record<PixelType, number>> = { uint8: 0, uint16: 1, float32: 2 }
const MAX_FLOAT32 = 3.4028234663852886e38

export function widest(a: PixelType, b: PixelType): PixelType {
  return RANK[a] >= RANK[b] ? a : b
}

/**
 * The narrowest pixel type that holds all values: uint8 and uint16 for whole numbers in range,
 * else float32. `first` is the index of the first value within its split, for the error
 * 'not-finite' ('value-too-large' where float32 has no such number).
 */
export function narrowest(values: NumberArray, path: string, first: number): PixelType {
  if (values instanceof Uint8Array) return 'uint8'
  if (values instanceof Uint16Array) return 'uint16'
  let type: PixelType = values instanceof Float32Array ? 'float32' : 'uint8'
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!
    if (type === 'float32' || !Number.isInteger(value) || value < 0 || value > 65535) {
      type = 'float32'
      if (!(Math.abs(value) <= MAX_FLOAT32)) throw notFinite(value, path, first + index)
    } else if (value > 255) type = 'uint16'
  }
  return type
}

/** The first value that float32 rounds; undefined where none is. */
export function firstRounded(values: NumberArray): number | undefined {
  if (!(
    values instanceof Float64Array ||
    values instanceof Int32Array ||
    values instanceof Uint32Array
  )) {
    return undefined
  }
  for (let index = 0; index < values.length; index++) {
    if (Math.fround(values[index]!) !== values[index]) return values[index]
  }
  return undefined
}

/** The values in another type; the same array where it has it already. */
export function converted(values: NumberArray, type: PixelType): PixelArray {
  if (type === 'uint8') return values instanceof Uint8Array ? values : Uint8Array.from(values)
  if (type === 'uint16') return values instanceof Uint16Array ? values : Uint16Array.from(values)
  return values instanceof Float32Array ? values : Float32Array.from(values)
}

function notFinite(value: number, path: string, index: number): NormscopeError {
  const finite = Number.isFinite(value)
  return new NormscopeError({
    code: finite ? 'value-too-large' : 'not-finite',
    message: finite
      ? `${baseName(path)}: value ${index} is ${value}, too large for a 32-bit float.`
      : `${baseName(path)}: value ${index} is ${value}; every pixel must be a finite number. Clean the data first, for example with numpy.nan_to_num.`,
    path,
    expected: 'finite numbers',
    actual: `${value} at index ${index}`
  })
}
