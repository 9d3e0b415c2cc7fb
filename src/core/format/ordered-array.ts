import { NormscopeError } from '../error'
import { allNumbers, arranged, imagesOf, sizeOf } from './array'
import type { OpenedArray } from './array'
import { NUMBER_TYPES, zerosLike } from './number-type'
import type { NumberArray } from './number-type'
import type { ImageChunk, OpenedSplit } from './opened'
import { imageShape } from './shape'
import type { ImageShape } from './shape'
import { baseName } from './source'
import type { Warn } from './source'

/** An array as other software keeps it: the last index fastest, or the first (Fortran order). */
export interface OrderedArray extends OpenedArray {
  readonly fortran: boolean
}

/** bytes of an array in Fortran order, which is held as a whole */
const MAX_FORTRAN_BYTES = 2 ** 30

/** An array of images with its labels; `original` is the file that holds it as it is. */
export async function arrayImages(
  array: OrderedArray,
  labels: OpenedSplit['labels'],
  original: string | undefined,
  warn: Warn
): Promise<OpenedSplit> {
  try {
    const shape = imageShape(array.path, array.dims, warn)
    const { count, channels } = shape
    const own = original !== undefined && storable(array, shape)
    return {
      height: shape.height,
      width: shape.width,
      minType: NUMBER_TYPES[array.type].minType,
      type: NUMBER_TYPES[array.type].name,
      count,
      inPlace: own ? { path: original, offset: array.offset, count, channels } : undefined,
      chunks: () => orderedImages(array, shape),
      labels
    }
  } catch (thrown) {
    await array.reader.close()
    throw thrown
  }
}

/** Where the array's bytes are what the store would hold: C order, little-endian, a pixel type. */
export function storable(array: OrderedArray, shape: ImageShape): boolean {
  return (
    ['u1', 'u2', 'f4'].includes(array.type) &&
    (array.littleEndian || array.type === 'u1') &&
    !array.fortran &&
    shape.stored === shape.channels &&
    (!shape.channelsFirst || shape.channels === 1)
  )
}

/** The images of an array of either order. */
export function orderedImages(array: OrderedArray, shape: ImageShape): AsyncIterable<ImageChunk> {
  return array.fortran ? fortranImages(array, shape) : imagesOf(array, shape)
}

/** Fortran order has the first image's numbers all over the file, so it is held as a whole. */
async function* fortranImages(array: OrderedArray, shape: ImageShape): AsyncGenerator<ImageChunk> {
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

function tooLarge({ path, dims }: OrderedArray): NormscopeError {
  return new NormscopeError({
    code: 'implausible-shape',
    message: `${baseName(path)} claims ${dims.join(' × ')} numbers in Fortran order, more than can be held at once (${MAX_FORTRAN_BYTES} bytes). Save it in C order: numpy.ascontiguousarray(array).`,
    path,
    expected: `at most ${MAX_FORTRAN_BYTES} bytes`,
    actual: dims.join(' × ')
  })
}
