import { NormscopeError } from '../error'
import { MAX_PIXELS } from './pictures'
import { baseName, type Warn } from './source'

/** How an array of numbers is to be read as images. */
export interface ImageShape {
  /** images */
  readonly count: number
  readonly height: number
  readonly width: number
  /** channels to keep: 1 grey, 3 RGB */
  readonly channels: number
  /** channels in the file; 4 where an alpha channel is dropped */
  readonly stored: number
  /** the file has channel, row, column in place of row, column, channel */
  readonly channelsFirst: boolean
}

const PLAIN = { channels: 1, stored: 1, channelsFirst: false }

/**
 * Reads dimensions as images: (N, H, W), (N, H, W, C), (N, C, H, W) where only C can be 1 or 3,
 * (N, D) where D is a square or three times a square. Throws NormscopeError 'not-images',
 * 'empty-dataset' or 'image-too-large'.
 */
export function imageShape(path: string, dims: readonly number[], warn: Warn): ImageShape {
  const [count = 0, a = 0, b = 0, c = 0] = dims
  if (dims.length >= 2 && dims.some((size) => size === 0)) throw empty(path, dims)
  const shape = shapeOf(path, dims, warn, count, a, b, c)
  if (shape.height * shape.width > MAX_PIXELS) {
    throw new NormscopeError({
      code: 'image-too-large',
      message: `${baseName(path)} has images of ${shape.height} × ${shape.width} pixels, more than ${MAX_PIXELS}; the header may be damaged.`,
      path,
      actual: dims.join(' × ')
    })
  }
  return shape
}

function shapeOf(
  path: string,
  dims: readonly number[],
  warn: Warn,
  count: number,
  a: number,
  b: number,
  c: number
): ImageShape {
  if (dims.length === 3) return { ...PLAIN, count, height: a, width: b }
  if (dims.length === 2) return { count, ...flatShape(path, a, warn), channelsFirst: false }
  if (dims.length === 4) {
    if (c === 1 || c === 3) {
      return { count, height: a, width: b, channels: c, stored: c, channelsFirst: false }
    }
    if (a === 1 || a === 3) {
      warn(`The shape ${dims.join(' × ')} was read as images, channels, rows, columns.`)
      return { count, height: b, width: c, channels: a, stored: a, channelsFirst: true }
    }
    if (c === 4) {
      warn('The fourth channel was taken for alpha and dropped; colours are as stored.')
      return { count, height: a, width: b, channels: 3, stored: 4, channelsFirst: false }
    }
  }
  throw new NormscopeError({
    code: 'not-images',
    message: `${baseName(path)} has the shape ${dims.join(' × ') || 'of a single number'}; images are N × H × W, N × H × W × C (C is 1 or 3) or N × D.`,
    path,
    expected: 'N × H × W, N × H × W × 1 or 3, or N × D',
    actual: dims.join(' × ')
  })
}

/** Sides of images that come as D numbers each. */
export function flatShape(
  path: string,
  features: number,
  warn: Warn
): Pick<ImageShape, 'height' | 'width' | 'channels' | 'stored'> {
  const side = Math.round(Math.sqrt(features))
  if (features > 0 && side * side === features) {
    return { height: side, width: side, channels: 1, stored: 1 }
  }
  const colourSide = Math.round(Math.sqrt(features / 3))
  if (features > 0 && colourSide * colourSide * 3 === features) {
    warn(
      `${features} values per image were read as ${colourSide} × ${colourSide} pixels with red, green, blue side by side.`
    )
    return { height: colourSide, width: colourSide, channels: 3, stored: 3 }
  }
  throw new NormscopeError({
    code: 'not-square',
    message: `${baseName(path)} has ${features} values per image, which is neither a square (28 × 28 = 784) nor three times one (32 × 32 × 3 = 3072), so the height and width of the images cannot be told. Save it as N × H × W instead.`,
    path,
    expected: 'a square number, or three times one',
    actual: String(features),
    hint: 'Save the images as N × H × W (NPZ or IDX), or remove the extra columns.'
  })
}

function empty(path: string, dims: readonly number[]): NormscopeError {
  return new NormscopeError({
    code: 'empty-dataset',
    message: `${baseName(path)} has the shape ${dims.join(' × ')}: there is no image in it.`,
    path,
    expected: 'at least one image',
    actual: dims.join(' × ')
  })
}
