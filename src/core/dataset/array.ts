import { NormscopeError } from '../error'
import { NUMBER_TYPES, numbersOf, zerosLike } from './number-type'
import type { NumberArray, NumberTypeId } from './number-type'
import type { ImageChunk } from './opened'
import type { ImageShape } from './shape'
import type { ByteReader } from './source'
import { baseName, truncated } from './source'

/** An array whose header has been read; the reader stands at its first number. */
export interface OpenedArray {
  readonly path: string
  readonly reader: ByteReader
  readonly type: NumberTypeId
  readonly littleEndian: boolean
  readonly dims: readonly number[]
  /** bytes from the start of the file to the first number */
  readonly offset: number
}

const CHUNK = 1 << 20
/** bytes of an array that is read as a whole: labels, Fortran order */
export const LARGEST_WHOLE = 2 ** 31 - 1

export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1)
}

/** Throws where a file of known size cannot hold exactly the array; for gzip the size is unknown. */
export function checkSize(array: Omit<OpenedArray, 'reader'>, fileSize: number | undefined): void {
  const bytes = sizeOf(array.dims) * NUMBER_TYPES[array.type].bytes
  if (!Number.isSafeInteger(bytes + array.offset)) {
    throw new NormscopeError({
      code: 'implausible-shape',
      message: `${baseName(array.path)} claims the shape ${array.dims.join(' × ')}, more than any file holds; its header is damaged.`,
      path: array.path,
      actual: array.dims.join(' × ')
    })
  }
  if (fileSize === undefined) return
  const expected = `${bytes + array.offset} bytes (${array.dims.join(' × ')} of ${NUMBER_TYPES[array.type].name})`
  if (fileSize < bytes + array.offset) throw truncated(array.path, expected, `${fileSize} bytes`)
  if (fileSize > bytes + array.offset) throw tooLong(array.path, expected, `${fileSize} bytes`)
}

/** The images of a C-order array in pieces of about 1 MiB; reads to the very end of the stream. */
export async function* imagesOf(array: OpenedArray, shape: ImageShape): AsyncGenerator<ImageChunk> {
  const bytesPerImage = shape.height * shape.width * shape.stored * NUMBER_TYPES[array.type].bytes
  const perChunk = Math.max(1, Math.floor(CHUNK / bytesPerImage))
  try {
    for (let done = 0; done < shape.count;) {
      const count = Math.min(perChunk, shape.count - done)
      const bytes = await array.reader.take(count * bytesPerImage)
      if (bytes.length < count * bytesPerImage) throw endsInImage(array, shape, bytesPerImage)
      done += count
      const values = numbersOf(bytes, array.type, array.littleEndian)
      yield {
        values: arranged(values, shape),
        channels: shape.channels,
        fraction: done / shape.count
      }
    }
    await expectEnd(array)
  } finally {
    await array.reader.close()
  }
}

/** All numbers of a small array, labels for example. */
export async function allNumbers(array: OpenedArray): Promise<NumberArray> {
  const bytes = sizeOf(array.dims) * NUMBER_TYPES[array.type].bytes
  try {
    if (bytes > LARGEST_WHOLE) throw tooLarge(array)
    const taken = await array.reader.take(bytes)
    if (taken.length < bytes) {
      throw truncated(array.path, `${bytes} bytes of numbers`, `${taken.length} bytes`)
    }
    await expectEnd(array)
    return numbersOf(taken, array.type, array.littleEndian)
  } finally {
    await array.reader.close()
  }
}

function tooLarge(array: OpenedArray): NormscopeError {
  return new NormscopeError({
    code: 'implausible-shape',
    message: `${baseName(array.path)} claims ${array.dims.join(' × ')} numbers, more than can be held at once (${LARGEST_WHOLE} bytes).`,
    path: array.path,
    expected: `at most ${LARGEST_WHOLE} bytes`,
    actual: array.dims.join(' × ')
  })
}

async function expectEnd(array: OpenedArray): Promise<void> {
  const extra = await array.reader.drain(1)
  if (extra > 0) {
    throw tooLong(array.path, `the end after ${array.dims.join(' × ')} numbers`, 'more bytes')
  }
}

function endsInImage(array: OpenedArray, shape: ImageShape, bytesPerImage: number): NormscopeError {
  const whole = Math.floor((array.reader.position - array.offset) / bytesPerImage)
  return truncated(array.path, `${shape.count} images`, `${whole} whole images`)
}

function tooLong(path: string, expected: string, actual: string): NormscopeError {
  return new NormscopeError({
    code: 'size-mismatch',
    message: `${baseName(path)} is longer than its header says: ${expected} expected, ${actual} found. The header or the file is damaged.`,
    path,
    expected,
    actual
  })
}

/** Row, column, channel order, without a dropped channel. */
export function arranged(values: NumberArray, shape: ImageShape): NumberArray {
  const { channels, stored, channelsFirst } = shape
  if (channels === stored && (!channelsFirst || channels === 1)) return values
  const pixels = shape.height * shape.width
  const count = values.length / (pixels * stored)
  const out = zerosLike(values, count * pixels * channels)
  for (let image = 0; image < count; image++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let channel = 0; channel < channels; channel++) {
        const from = channelsFirst ? channel * pixels + pixel : pixel * stored + channel
        out[(image * pixels + pixel) * channels + channel] = values[image * pixels * stored + from]!
      }
    }
  }
  return out
}
