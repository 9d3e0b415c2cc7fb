import { featuresOf } from '../../dataset/dataset'
import { addAt } from '../compensated'
import type { ImageSums } from '../image-sums'
import type { Summary } from '../summary-types'
import { addToTable } from './value-table'
import type { ValueTable } from './value-table'

/** Adds float images: compensated sums, the table of distinct values, and counts by leading bits. */
export function countFloats(
  summary: Summary,
  pixels: Float32Array,
  count: number,
  target: ImageSums
): void {
  const features = featuresOf(summary.shape)
  for (let image = 0; image < count; image++) {
    const start = image * features
    sumImage(pixels, start, features, target, image)
    sumFeatures(summary, pixels, start, features)
  }
  countValues(summary, pixels)
}

function sumImage(
  pixels: Float32Array,
  start: number,
  features: number,
  target: ImageSums,
  image: number
): void {
  let sum = 0
  let squares = 0
  let min = Infinity
  let max = -Infinity
  for (let i = start; i < start + features; i++) {
    const value = pixels[i]!
    sum += value
    squares += value * value
    if (value < min) min = value
    if (value > max) max = value
  }
  const mean = sum / features
  let deviations = 0
  for (let i = start; i < start + features; i++) {
    const deviation = pixels[i]! - mean
    deviations += deviation * deviation
  }
  target.sum[image] = sum
  target.sumOfSquares[image] = squares
  // a constant image has std 0 even where its mean is rounded
  target.std[image] = min === max ? 0 : Math.sqrt(deviations / features)
  target.min[image] = min
  target.max[image] = max
}

function sumFeatures(
  summary: Summary,
  pixels: Float32Array,
  start: number,
  features: number
): void {
  const sums = summary.featureSums!
  for (let feature = 0; feature < features; feature++) {
    const value = pixels[start + feature]!
    addAt(sums.sum, sums.sumError, feature, value)
    // the square of a float32 has at most 48 bits: exact
    addAt(sums.sumOfSquares, sums.sumOfSquaresError, feature, value * value)
    if (value < sums.min[feature]!) sums.min[feature] = value
    if (value > sums.max[feature]!) sums.max[feature] = value
  }
}

function countValues(summary: Summary, pixels: Float32Array): void {
  const { channels } = summary.shape
  const leading = summary.leadingCounts!
  const bits = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length)
  let tables: readonly ValueTable[] | undefined = summary.values
  for (let i = 0; i < bits.length; i++) {
    const channel = i % channels
    const value = bits[i] === NEGATIVE_ZERO ? 0 : bits[i]!
    const slot = channel * 65536 + (orderedKey(value) >>> 16)
    leading[slot] = leading[slot]! + 1
    if (tables && !addToTable(tables[channel]!, value, 1)) tables = undefined
  }
  summary.values = tables
}

const NEGATIVE_ZERO = 0x80000000

/** A whole number that sorts as the float of these bits does. */
function orderedKey(bits: number): number {
  return (bits & NEGATIVE_ZERO) !== 0 ? ~bits >>> 0 : (bits | NEGATIVE_ZERO) >>> 0
}

/** The smallest float whose key has these leading 16 bits; NaN for keys of no number. */
export function lowestOfKey(leading: number): number {
  const key = (leading << 16) >>> 0
  const bits = (key & NEGATIVE_ZERO) !== 0 ? (key ^ NEGATIVE_ZERO) >>> 0 : ~key >>> 0
  return new Float32Array(Uint32Array.of(bits).buffer)[0]!
}
