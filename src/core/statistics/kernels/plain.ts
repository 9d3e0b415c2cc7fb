import type { PixelArray } from '../../dataset/dataset'
import { addProducts, covarianceMatrix } from '../covariance'
import { inverseRootInSteps, stepsOfInverseRoot } from '../inverse-root'
import { completed } from '../steps'
import type { PlaceLevels } from '../counting/levels'
import { extendByImage, tallyImage, tallyLevels } from '../counting/tally'
import type { Tally } from '../counting/tally'
import { binOf } from '../counting/bins'
import { emptyMoments } from '../moment-rows'
import type { ImageSums } from '../image-sums'
import type { Moments, MomentRows } from '../moment-rows'
import type {
  ByteSumRows,
  ImageFrame,
  ImageRule,
  ImageTally,
  Kernels,
  ScaledImages
} from './kernels'

/** The kernels in plain TypeScript: the reference, and what runs where WebAssembly does not. */
export const PLAIN_KERNELS: Kernels = {
  kind: 'plain',
  room: (bytes) => new Uint8Array(bytes),
  counts: (length) => new Uint32Array(length),
  sumBytes,
  countBytes,
  scaleImages,
  tallyImages: (pixels, features, frames) =>
    frames.map((frame) => ({
      ...tallyBins(pixels, features, frame),
      ...sumShifts(pixels, features, frame)
    })),
  imageMoments: momentsOfImages,
  countWithin,
  addByteProducts: (covariance, pixels, count, band) =>
    addProducts(covariance, pixels, count, 1, band),
  covarianceMatrix,
  inverseRoot(matrix, n, epsilon, onStep) {
    const steps = stepsOfInverseRoot(n)
    let step = 0
    return completed(inverseRootInSteps(matrix, n, epsilon), () => onStep?.(++step / steps))
  },
  symmetricTimes,
  tallyPlaces,
  extendByImages(extent, values, channels) {
    const features = extent.squares.length
    for (let at = 0; at < values.length; at += features) {
      extendByImage(extent, values.subarray(at, at + features), channels)
    }
  },
  tallyValues(tally, values, images) {
    const features = values.length / images
    for (let at = 0; at < values.length; at += features) {
      tallyImage(tally, values.subarray(at, at + features), tally.mean.length)
    }
  }
}

function tallyPlaces(
  tally: Tally,
  { starts, bytes, counts }: PlaceLevels,
  centres: Float64Array,
  divisors: Float64Array
): void {
  const channels = tally.mean.length
  const room = new Float64Array(256)
  for (let f = 0; f < centres.length; f++) {
    const [from, to] = [starts[f]!, starts[f + 1]!]
    for (let i = from; i < to; i++) room[i - from] = (bytes[i]! - centres[f]!) / divisors[f]!
    tallyLevels(tally, room.subarray(0, to - from), counts.subarray(from, to), f % channels)
  }
}

function symmetricTimes(
  rows: PixelArray | Float64Array,
  means: Float64Array,
  matrix: Float32Array,
  products: Float64Array = new Float64Array(rows.length)
): Float64Array {
  const n = means.length
  const centred = new Float64Array(n)
  for (let start = 0; start < rows.length; start += n) {
    for (let j = 0; j < n; j++) centred[j] = rows[start + j]! - means[j]!
    for (let i = 0; i < n; i++) {
      let sum = 0
      for (let j = 0; j < n; j++) sum += matrix[i * n + j]! * centred[j]!
      products[start + i] = sum
    }
  }
  return products
}

function sumBytes(pixels: Uint8Array, features: number): ByteSumRows {
  const images = pixels.length / features
  const row = (): Float64Array => new Float64Array(images)
  const found: ByteSumRows = { sum: row(), squares: row(), std: row(), min: row(), max: row() }
  for (let image = 0, at = 0; image < images; image++) {
    let sum = 0
    let squares = 0
    let min = 255
    let max = 0
    for (const end = at + features; at < end; at++) {
      const value = pixels[at]!
      sum += value
      squares += Math.imul(value, value)
      if (value < min) min = value
      if (value > max) max = value
    }
    found.sum[image] = sum
    found.squares[image] = squares
    // the difference of whole numbers below 2^53 is exact, so there is no cancellation
    found.std[image] = Math.sqrt(Math.max(0, features * squares - sum * sum)) / features
    found.min[image] = min
    found.max[image] = max
  }
  return found
}

function countBytes(pixels: Uint8Array, features: number, table: Uint32Array): void {
  const end = features << 8
  for (let at = 0; at < pixels.length;) {
    for (let row = 0; row < end; row += 256) {
      const slot = (row + pixels[at++]!) | 0
      table[slot] = table[slot]! + 1
    }
  }
}

function scaleImages(
  { sum, sumOfSquares, std, min, max }: ImageSums,
  features: number,
  rule: ImageRule,
  { centres, divisors, moments }: ScaledImages
): Pick<Moments, 'min' | 'max'> {
  let [least, most] = [Infinity, -Infinity]
  for (let image = 0; image < sum.length; image++) {
    const mean = sum[image]! / features
    const centre = { mean, min: min[image]!, none: 0 }[rule.centre]
    const length = Math.sqrt(sumOfSquares[image]!)
    const spread = { std: std[image]!, range: max[image]! - min[image]!, length }[rule.divisor]
    const divisor = Math.max(spread, rule.least)
    const low = (min[image]! - centre) / divisor
    const high = (max[image]! - centre) / divisor
    centres[image] = centre
    divisors[image] = divisor
    moments.mean[image] = (mean - centre) / divisor
    moments.std[image] = std[image]! / divisor
    moments.min[image] = low
    moments.max[image] = high
    if (low < least) least = low
    if (high > most) most = high
  }
  return { min: least, max: most }
}

function tallyBins(
  pixels: Uint8Array,
  features: number,
  { centres, divisors, edges, min }: ImageFrame
): Pick<ImageTally, 'counts' | 'atMinimum'> {
  const counts = new Float64Array(edges.length - 1)
  let atMinimum = 0
  for (let at = 0; at < pixels.length; at++) {
    const image = Math.floor(at / features)
    const value = (pixels[at]! - centres[image]!) / divisors[image]!
    const bin = binOf(value, edges)
    counts[bin] = counts[bin]! + 1
    if (value === min) atMinimum++
  }
  return { counts, atMinimum }
}

/** Images whose shifts are added at once: each sum then is loaded and stored a quarter as often. */
const GROUP = 4

function sumShifts(
  pixels: Uint8Array,
  features: number,
  { centres, divisors, origins }: ImageFrame
): Pick<ImageTally, 'shifts' | 'shiftSquares'> {
  const shifts = new Float64Array(features)
  const shiftSquares = new Float64Array(features)
  const scales = divisors.map((divisor) => 1 / divisor)
  const offsets = centres.map((centre, image) => centre * scales[image]!)
  const shift = (image: number, f: number): number =>
    pixels[image * features + f]! * scales[image]! - offsets[image]! - origins[f]!
  const grouped = centres.length - (centres.length % GROUP)
  for (let f = 0; f < features; f++) {
    for (let image = 0; image < grouped; image += GROUP) {
      const a = shift(image, f)
      const b = shift(image + 1, f)
      const c = shift(image + 2, f)
      const d = shift(image + 3, f)
      shifts[f] = shifts[f]! + (a + b + (c + d))
      shiftSquares[f] = shiftSquares[f]! + (a * a + b * b + (c * c + d * d))
    }
    for (let image = grouped; image < centres.length; image++) {
      const one = shift(image, f)
      shifts[f] = shifts[f]! + one
      shiftSquares[f] = shiftSquares[f]! + one * one
    }
  }
  return { shifts, shiftSquares }
}

function countWithin(values: Float32Array, low: number, high: number, counts: Int32Array): void {
  const columns = counts.length
  for (let i = 0; i < values.length;) {
    for (let column = 0; column < columns; column++, i++) {
      const value = values[i]!
      // without a branch, which a processor would guess wrong
      counts[column]! += Number(value >= low) & Number(value <= high)
    }
  }
}

/** Each image in one pass: variances are of what differs from its first value, so nothing cancels. */
export function momentsOfImages(
  pixels: PixelArray,
  features: number,
  scales: Float64Array,
  offsets: Float64Array
): MomentRows {
  const images = pixels.length / features
  const moments = emptyMoments(images)
  const whole = features - (features % 4)
  for (let image = 0, start = 0; image < images; image++, start += features) {
    const first = pixels[start]! * scales[0]! - offsets[0]!
    const at = (f: number): number => pixels[start + f]! * scales[f]! - offsets[f]! - first
    // four sums by turns, so that one need not wait for the other
    const sums = [0, 0, 0, 0]
    const squareSums = [0, 0, 0, 0]
    let [least, most] = [0, 0]
    for (let f = 0; f < whole; f++) {
      const value = at(f)
      sums[f & 3]! += value
      squareSums[f & 3]! += value * value
      if (value < least) least = value
      if (value > most) most = value
    }
    let sum = sums[0]! + sums[1]! + (sums[2]! + sums[3]!)
    let squares = squareSums[0]! + squareSums[1]! + (squareSums[2]! + squareSums[3]!)
    for (let f = whole; f < features; f++) {
      const value = at(f)
      sum += value
      squares += value * value
      if (value < least) least = value
      if (value > most) most = value
    }
    const average = sum / features
    const variance = squares / features - average * average
    moments.mean[image] = first + average
    moments.std[image] = least === most ? 0 : Math.sqrt(Math.max(0, variance))
    moments.min[image] = first + least
    moments.max[image] = first + most
  }
  return moments
}
