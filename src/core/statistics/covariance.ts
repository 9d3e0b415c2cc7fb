import { featuresOf } from '../dataset/dataset'
import type { PixelArray } from '../dataset/dataset'
import { NormscopeError } from '../error'
import type { Covariance, Summary } from './summary-types'

/** Values an image may have for the D x D covariance and its eigenvectors to be affordable. */
export const MAX_FEATURES_FOR_COVARIANCE = 3072

/** Images from which the covariance is taken at most, unless a caller wants more. */
export const IMAGES_FOR_COVARIANCE = 10_000

/** Take every n-th image, so that at most `limit` of `count` are taken, spread over all of them. */
export function covarianceStride(count: number, limit = IMAGES_FOR_COVARIANCE): number {
  return Math.max(1, Math.ceil(count / limit))
}

/**
 * Adds every `every`-th of the images to the summary's covariance, and to nothing else of it:
 * the second pass that whitening needs. Throws `too-many-features`.
 */
export function addCovariance(
  summary: Summary,
  pixels: PixelArray,
  count: number,
  every = 1
): void {
  const features = featuresOf(summary.shape)
  checkFeatures(features)
  summary.covariance ??= emptyCovariance(features)
  addProducts(summary.covariance, pixels, count, every)
}

/** Some rows of the products: those of bands are one below the other those of the whole. */
export interface Band {
  readonly from: number
  readonly to: number
}

export function emptyCovariance(
  features: number,
  { from, to }: Band = { from: 0, to: features },
  products: Float64Array = new Float64Array(features * (to - from))
): Covariance {
  return {
    count: 0,
    offered: 0,
    sum: new Float64Array(features),
    products
  }
}

/** Bands of about equally many products; of four rows at least. */
export function covarianceBands(features: number, count: number): Band[] {
  const bands: Band[] = []
  let from = 0
  for (let at = 1; at <= count; at++) {
    // the rows above `to` have a share at / count of the upper triangle
    const rows = at === count ? features : features * (1 - Math.sqrt(1 - at / count))
    const to = Math.min(features, Math.round(rows / 4) * 4 || 4)
    if (at === count) bands.push({ from, to: features })
    else if (to > from) bands.push({ from, to })
    from = to
  }
  return bands.filter((band) => band.to > band.from)
}

/** Adds every `every`-th of so many images, whatever their values are: of the products, a band. */
export function addProducts(
  covariance: Covariance,
  values: ArrayLike<number>,
  count: number,
  every = 1,
  band: Band = { from: 0, to: covariance.sum.length }
): void {
  const features = covariance.sum.length
  const taken: number[] = []
  for (let image = 0; image < count; image++) {
    if ((covariance.offered + image) % every === 0) taken.push(image)
  }
  covariance.offered += count
  covariance.count += taken.length
  for (let from = 0; from < taken.length; from += BLOCK) {
    addBlock(covariance, values, features, taken.slice(from, from + BLOCK), band)
  }
}

export function checkFeatures(features: number): void {
  if (features <= MAX_FEATURES_FOR_COVARIANCE) return
  throw new NormscopeError({
    code: 'too-many-features',
    message: `Whitening needs the covariance of all ${features} values of an image with one another; the most it is offered for is ${MAX_FEATURES_FOR_COVARIANCE}. Use smaller images, or 'standardised-per-pixel', which scales each value alone.`,
    expected: `at most ${MAX_FEATURES_FOR_COVARIANCE} values an image`,
    actual: String(features)
  })
}

export function mergeCovariances(
  a: Covariance | undefined,
  b: Covariance | undefined
): Covariance | undefined {
  if (!a || !b) return undefined
  return {
    count: a.count + b.count,
    offered: a.offered + b.offered,
    sum: a.sum.map((value, f) => value + b.sum[f]!),
    products: a.products.map((value, i) => value + b.products[i]!)
  }
}

/** The population covariance, D x D, symmetric, of the images that were added. */
export function covarianceMatrix(covariance: Covariance): Float64Array {
  const { count, sum, products } = covariance
  const features = sum.length
  const matrix = new Float64Array(features * features)
  for (let i = 0; i < features; i++) {
    for (let j = i; j < features; j++) {
      const product = products[i * features + j]!
      const value = (product - (sum[i]! * sum[j]!) / count) / count
      matrix[i * features + j] = value
      matrix[j * features + i] = value
    }
  }
  return matrix
}

/** Images multiplied at once; their values stay in the processor's cache. */
const BLOCK = 128

/** products += X^T X for the block, four by four features at a time, so that loads are shared. */
function addBlock(
  covariance: Covariance,
  values: ArrayLike<number>,
  features: number,
  images: readonly number[],
  { from, to }: Band
): void {
  const { sum, products } = covariance
  const count = images.length
  const padded = Math.ceil(features / 4) * 4
  const columns = new Float64Array(padded * BLOCK)
  for (let k = 0; k < count; k++) {
    const start = images[k]! * features
    for (let f = 0; f < features; f++) {
      const value = values[start + f]!
      columns[f * BLOCK + k] = value
      sum[f] = sum[f]! + value
    }
  }
  const tile = new Float64Array(16)
  for (let i = from; i < to; i += 4) {
    for (let j = i; j < padded; j += 4) {
      multiplyTile(columns, i * BLOCK, j * BLOCK, count, tile)
      for (let a = 0; a < 4 && i + a < to; a++) {
        const row = (i + a - from) * features
        for (let b = 0; b < 4 && j + b < features; b++) {
          products[row + j + b] = products[row + j + b]! + tile[a * 4 + b]!
        }
      }
    }
  }
}

function multiplyTile(
  columns: Float64Array,
  i: number,
  j: number,
  count: number,
  tile: Float64Array
): void {
  for (let half = 0; half < 4; half += 2) {
    const first = i + half * BLOCK
    let a0 = 0
    let a1 = 0
    let a2 = 0
    let a3 = 0
    let b0 = 0
    let b1 = 0
    let b2 = 0
    let b3 = 0
    for (let k = 0; k < count; k++) {
      const x = columns[first + k]!
      const y = columns[first + BLOCK + k]!
      const p = columns[j + k]!
      const q = columns[j + BLOCK + k]!
      const r = columns[j + 2 * BLOCK + k]!
      const s = columns[j + 3 * BLOCK + k]!
      a0 += x * p
      a1 += x * q
      a2 += x * r
      a3 += x * s
      b0 += y * p
      b1 += y * q
      b2 += y * r
      b3 += y * s
    }
    const at = half * 4
    tile[at] = a0
    tile[at + 1] = a1
    tile[at + 2] = a2
    tile[at + 3] = a3
    tile[at + 4] = b0
    tile[at + 5] = b1
    tile[at + 6] = b2
    tile[at + 7] = b3
  }
}
