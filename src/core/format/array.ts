import { NormscopeError } from '../error'
import { NUMBER_TYPES, numbersOf, zerosLike } from './number-type'
import type { NumberArray, NumberTypeId } from './number-type'
import type { ImageChunk } from './opened'
import type { ImageShape } from './shape'
import type { ByteReader } from './source'
import { baseName, truncated } from './source'
import type { Warn } from './source'

/** An array whose header has been read; the reader stands at its first number. */
export interface OpenedArray {
  readonly path: string
  readonly reader: ByteReader
  /** told of what follows the last number */
  readonly warn: Warn
  readonly type: NumberTypeId
  readonly littleEndian: boolean
  readonly dims: readonly number[]
  /** bytes from the start of the file to the first number */
  readonly offset: number
}

const CHUNK = 1 << 20

export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1)
}

/** Bytes of a file that holds the array and nothing else. */
export function wholeSize({
  dims,
  type,
  offset
}: Pick<OpenedArray, 'dims' | 'type' | 'offset'>): number {
  return sizeOf(dims) * NUMBER_TYPES[type].bytes + offset
}

/** Throws where a file of known size cannot hold the array; for gzip the size is unknown. */
export function checkSize(
  array: Pick<OpenedArray, 'path' | 'dims' | 'offset'>,
  type: { readonly name: string; readonly bytes: number },
  fileSize: number | undefined
): void {
  const bytes = sizeOf(array.dims) * type.bytes
  if (!Number.isSafeInteger(bytes + array.offset)) {
    throw new NormscopeError({
      code: 'implausible-shape',
      message: `${baseName(array.path)} claims the shape ${array.dims.join(' × ')}, more than any file holds; its header is damaged. Copy or download it again.`,
      path: array.path,
      actual: array.dims.join(' × ')
    })
  }
  if (fileSize === undefined) return
  const expected = `${bytes + array.offset} bytes (${array.dims.join(' × ')} of ${type.name})`
  if (fileSize < bytes + array.offset) throw truncated(array.path, expected, `${fileSize} bytes`)
}

/** Equal items that follow each other. */
interface Items {
  readonly path: string
  readonly reader: ByteReader
  readonly warn: Warn
  readonly count: number
  /** bytes of one */
  readonly size: number
  /** what errors call them */
  readonly word: string
}

/**
 * Whole items in pieces of about 1 MiB, so that no more memory is asked for than bytes have come. What
 * follows the last one is warned about and not read.
 */
export async function* itemsOf(items: Items): AsyncGenerator<Uint8Array> {
  const { path, reader, warn, count, size, word } = items
  const perChunk = Math.max(1, Math.floor(CHUNK / size))
  try {
    for (let done = 0; done < count;) {
      const wanted = Math.min(perChunk, count - done)
      const bytes = await reader.takeItems(size, wanted)
      const found = Math.floor(bytes.length / size)
      if (bytes.length === 0 || found * size < bytes.length) {
        throw truncated(path, `${count} ${word}`, `${done + found} whole ${word}`)
      }
      done += found
      yield bytes
    }
    if ((await reader.drain(1)) > 0) {
      warn(
        `${baseName(path)} goes on after ${count} ${word}, as many as its header says; what follows was left out. If something is missing, the header is damaged.`
      )
    }
  } finally {
    await reader.close()
  }
}

/** The images of a C-order array; reads to the very end of the stream. */
export async function* imagesOf(array: OpenedArray, shape: ImageShape): AsyncGenerator<ImageChunk> {
  const { path, reader, warn, type, littleEndian } = array
  const { count, channels } = shape
  const numbers = shape.height * shape.width * shape.stored
  const size = numbers * NUMBER_TYPES[type].bytes
  let done = 0
  for await (const bytes of itemsOf({ path, reader, warn, count, size, word: 'images' })) {
    const values = numbersOf(bytes, type, littleEndian)
    done += values.length
    yield { values: arranged(values, shape), channels, fraction: done / (count * numbers) }
  }
}

/** All numbers of an array, in the order of the file. */
export async function* numbersIn(array: OpenedArray): AsyncGenerator<NumberArray> {
  const { path, reader, warn, type, littleEndian } = array
  const count = sizeOf(array.dims)
  const size = NUMBER_TYPES[type].bytes
  for await (const bytes of itemsOf({ path, reader, warn, count, size, word: 'numbers' })) {
    yield numbersOf(bytes, type, littleEndian)
  }
}

/** All numbers of an array at once: labels, as many as there are images, or Fortran order. */
export async function allNumbers(array: OpenedArray): Promise<NumberArray> {
  const pieces: NumberArray[] = []
  let length = 0
  for await (const numbers of numbersIn(array)) {
    pieces.push(numbers)
    length += numbers.length
  }
  if (pieces.length === 1) return pieces[0]!
  const all = pieces[0] === undefined ? new Uint8Array(0) : zerosLike(pieces[0], length)
  let at = 0
  for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) {
    all.set(piece, at)
    at += piece.length
  }
  return all
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
