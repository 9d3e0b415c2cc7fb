import { featuresOf } from '../../dataset/dataset'
import type { ImageSums } from '../image-sums'
import type { Kernels } from '../kernels/kernels'
import type { Summary } from '../summary-types'

/**
 * Sums of whole numbers are exact in a double up to 2^53: any image, and features of
 * 16-bit images up to two million images.
 */
export function countBytes(
  summary: Summary,
  pixels: Uint8Array,
  target: ImageSums,
  kernels: Kernels
): void {
  const features = featuresOf(summary.shape)
  const { sum, squares, std, min, max } = kernels.sumBytes(pixels, features)
  target.sum.set(sum)
  target.sumOfSquares.set(squares)
  target.std.set(std)
  target.min.set(min)
  target.max.set(max)
  // images are added to counts of 32 bits alone, see `addImages`
  kernels.countBytes(pixels, features, summary.featureCounts as Uint32Array)
}

/** Bytes without counts per feature, and 16-bit values; `levels` of them there can be. */
export function countWhole(
  summary: Summary,
  pixels: Uint8Array | Uint16Array,
  count: number,
  target: ImageSums,
  levels: number
): void {
  const { channels } = summary.shape
  const features = featuresOf(summary.shape)
  const table = summary.channelCounts!
  const sums = summary.featureSums!
  let at = 0
  for (let image = 0; image < count; image++) {
    let total = 0
    let totalSquares = 0
    let least = levels
    let most = 0
    for (let feature = 0; feature < features; feature++) {
      const value = pixels[at++]!
      const square = value * value
      const slot = (feature % channels) * levels + value
      table[slot] = table[slot]! + 1
      sums.sum[feature] = sums.sum[feature]! + value
      sums.sumOfSquares[feature] = sums.sumOfSquares[feature]! + square
      if (value < sums.min[feature]!) sums.min[feature] = value
      if (value > sums.max[feature]!) sums.max[feature] = value
      total += value
      totalSquares += square
      if (value < least) least = value
      if (value > most) most = value
    }
    writeImage(target, image, features, total, totalSquares, least, most)
  }
}

function writeImage(
  target: ImageSums,
  image: number,
  features: number,
  sum: number,
  squares: number,
  min: number,
  max: number
): void {
  target.sum[image] = sum
  target.sumOfSquares[image] = squares
  // the difference of whole numbers below 2^53 is exact, so there is no cancellation
  target.std[image] = Math.sqrt(Math.max(0, features * squares - sum * sum)) / features
  target.min[image] = min
  target.max[image] = max
}
