/**
 * One number per image. The arrays have as many elements as images were added, though they may
 * be views of longer buffers, so that adding is cheap.
 */
export interface ImageSums {
  /** of the image's D values; exact for whole numbers */
  sum: Float64Array
  sumOfSquares: Float64Array
  /** population std of the image's D values */
  std: Float64Array
  min: Float64Array
  max: Float64Array
}

const FIELDS = ['sum', 'sumOfSquares', 'std', 'min', 'max'] as const

export function createImageSums(): ImageSums {
  return {
    sum: new Float64Array(),
    sumOfSquares: new Float64Array(),
    std: new Float64Array(),
    min: new Float64Array(),
    max: new Float64Array()
  }
}

/** Takes the memory for `count` images at once, which threads can fill together. */
export function reserveImages(images: ImageSums, count: number): void {
  for (const field of FIELDS) {
    images[field] = new Float64Array(new SharedArrayBuffer(8 * count)).subarray(0, 0)
  }
}

/** The room for some images in memory that was reserved: what is added there is added in place. `count` of them are there already. */
export function roomOf(images: ImageSums, start: number, count = 0): ImageSums {
  const room = createImageSums()
  for (const field of FIELDS) room[field] = new Float64Array(images[field].buffer, 8 * start, count)
  return room
}

/** Makes room for `count` more images and returns views of just that room. */
export function appendImages(images: ImageSums, before: number, count: number): ImageSums {
  const target = createImageSums()
  for (const field of FIELDS) {
    images[field] = grown(images[field], before + count)
    target[field] = images[field].subarray(before)
  }
  return target
}

/** Puts the numbers of more images behind those of the first `before`. */
export function appendImageSums(images: ImageSums, before: number, more: ImageSums): void {
  const target = appendImages(images, before, more.sum.length)
  for (const field of FIELDS) target[field].set(more[field])
}

function grown(values: Float64Array, length: number): Float64Array {
  if (length * 8 <= values.buffer.byteLength - values.byteOffset) {
    return new Float64Array(values.buffer, values.byteOffset, length)
  }
  const larger = new Float64Array(Math.max(length, Math.ceil(values.length * 1.5)))
  larger.set(values)
  return larger.subarray(0, length)
}
