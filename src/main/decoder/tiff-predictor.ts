import type { BaseDecoder, Pool } from 'geotiff'
import { Damage } from './damage'

type DecoderParameters = BaseDecoder['parameters']

/** How a TIFF file keeps differences in place of values: between neighbours, or between bytes of floats. */
const PREDICTOR = { none: 1, horizontal: 2, float: 3 } as const

/** Numbers of one value's bytes, which add up without an end. */
const NUMBERS = {
  1: Uint8Array,
  2: Uint16Array,
  4: Uint32Array,
  8: BigUint64Array
} as const

/** A strip or tile that was unpacked, with differences in it. */
interface Block {
  readonly bytes: Uint8Array
  /** the order of its values' bytes */
  readonly little: boolean
  /** values of a pixel */
  readonly stride: number
  /** bytes of a value */
  readonly size: keyof typeof NUMBERS
  /** values of a row, those of a tile beyond the picture's edge too */
  readonly row: number
}

/**
 * What geotiff unpacks strips and tiles with. It adds up the differences of little-endian values alone,
 * so that is done here for all.
 */
export function unpacker(
  getDecoder: (compression: number, parameters: DecoderParameters) => Promise<BaseDecoder>,
  little: boolean
): Pool {
  const own: Pick<Pool, 'bindParameters'> = {
    bindParameters: (compression: number, parameters: DecoderParameters) => ({
      async decode(packed: ArrayBufferLike): Promise<ArrayBufferLike> {
        const decoder = await getDecoder(compression, { ...parameters, predictor: PREDICTOR.none })
        const unpacked = await decoder.decode(packed)
        const { predictor, tileWidth, planarConfiguration, bitsPerSample } = parameters
        if (predictor === PREDICTOR.none) return unpacked
        const bits = typeof bitsPerSample === 'number' ? [bitsPerSample] : Array.from(bitsPerSample)
        const stride = planarConfiguration === 2 ? 1 : bits.length
        const size = bits[0]! / 8
        if (!isSize(size) || bits.some((one) => one !== bits[0])) {
          throw new Damage(
            `TIFF with a predictor for values of ${bits.join(', ')} bits is not supported`
          )
        }
        const bytes = new Uint8Array(unpacked)
        const undo = UNDO[predictor]
        if (undo === undefined)
          throw new Damage(`TIFF with the predictor ${predictor} is not supported`)
        undo({ bytes, little, stride, size, row: stride * tileWidth })
        return unpacked
      }
    })
  }
  return own as Pool
}

const isSize = (bytes: number): bytes is keyof typeof NUMBERS => bytes in NUMBERS

const UNDO: Readonly<Record<number, (block: Block) => void>> = {
  [PREDICTOR.horizontal]: (block) => {
    const { bytes, little, size, stride, row } = block
    if (!little) swap(bytes, size)
    const whole = Math.floor(bytes.length / size)
    const values = new NUMBERS[size](bytes.buffer as ArrayBuffer, bytes.byteOffset, whole)
    for (let from = 0; from < whole; from += row) {
      addUp(values.subarray(from, from + row) as Uint8Array, stride)
    }
    if (!little) swap(bytes, size)
  },
  // the bytes of a row, the first of all values first, each the difference from that `stride` before it
  [PREDICTOR.float]: ({ bytes, little, size, stride, row }) => {
    const room = new Uint8Array(Math.min(row * size, bytes.length))
    for (let from = 0; from < bytes.length; from += row * size) {
      const some = bytes.subarray(from, from + row * size)
      addUp(some, stride)
      const values = Math.floor(some.length / size)
      room.set(some)
      for (let at = 0; at < values; at++) {
        for (let byte = 0; byte < size; byte++) {
          some[at * size + (little ? size - 1 - byte : byte)] = room[byte * values + at]!
        }
      }
    }
  }
}

/** Of each number the one `stride` before it is added to it; all of one width. */
function addUp(values: Uint8Array, stride: number): void {
  for (let at = stride; at < values.length; at++) values[at]! += values[at - stride]!
}

function swap(bytes: Uint8Array, size: number): void {
  for (let from = 0; from + size <= bytes.length; from += size) {
    bytes.subarray(from, from + size).reverse()
  }
}
