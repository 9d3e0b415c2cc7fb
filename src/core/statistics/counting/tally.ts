import { NormscopeError } from '../../error'
import { binEdges, binOf } from './bins'
import { addAt } from '../compensated'
import type { Counts } from '../summary-types'

/** First pass over transformed values: extent, means, and the sum of squares of each feature. */
export interface Extent {
  min: number
  max: number
  /** values per channel */
  readonly counts: Float64Array
  readonly sums: Float64Array
  readonly sumErrors: Float64Array
  /** D; sum of y^2 */
  readonly squares: Float64Array
  /** D; sums of y - o and its square, where o is the first value: the variance without cancellation */
  readonly origins: Float64Array
  readonly shifts: Float64Array
  readonly shiftSquares: Float64Array
}

/** Second pass: bins, deviations from the mean, and how many values are the least. */
export interface Tally {
  readonly edges: Float64Array
  readonly counts: Float64Array
  /** per channel, sum of (y - mean)^2 */
  readonly deviations: Float64Array
  readonly mean: readonly number[]
  readonly min: number
  atMinimum: number
}

export function createExtent(features: number, channels: number): Extent {
  return {
    min: Infinity,
    max: -Infinity,
    counts: new Float64Array(channels),
    sums: new Float64Array(channels),
    sumErrors: new Float64Array(channels),
    squares: new Float64Array(features),
    origins: new Float64Array(features),
    shifts: new Float64Array(features),
    shiftSquares: new Float64Array(features)
  }
}

/** D; population variance of each feature; `images`: how many were seen. */
export function featureVariances({ shifts, shiftSquares }: Extent, images: number): Float64Array {
  return shifts.map((sum, f) => Math.max(0, shiftSquares[f]! / images - (sum / images) ** 2))
}

/** Takes in values of which two have all others between them. */
export function extendByEnds(extent: Extent, first: number, last: number): void {
  extent.min = Math.min(extent.min, first, last)
  extent.max = Math.max(extent.max, first, last)
}

/** Takes in so many values of a channel by their mean. */
export function extendByMean(extent: Extent, mean: number, count: number, channel: number): void {
  addAt(extent.sums, extent.sumErrors, channel, mean * count)
  extent.counts[channel] = extent.counts[channel]! + count
}

/** Values of one channel with how often each occurs; `feature` where they are all of one feature's. */
export function extendByLevels(
  extent: Extent,
  values: Float64Array,
  counts: Counts,
  channel: number,
  feature?: number
): void {
  const origin = values[0]!
  let { min, max } = extent
  let sum = extent.sums[channel]!
  let sumError = extent.sumErrors[channel]!
  let [squares, shifts, shiftSquares, total] = [0, 0, 0, 0]
  for (let i = 0; i < values.length; i++) {
    const times = counts[i]!
    const value = values[i]!
    const shift = value - origin
    if (value < min) min = value
    if (value > max) max = value
    // as addAt does
    const added = value * times
    const after = sum + added
    const part = after - sum
    sumError += sum - (after - part) + (added - part)
    sum = after
    total += times
    squares += value * value * times
    shifts += shift * times
    shiftSquares += shift * shift * times
  }
  Object.assign(extent, { min, max })
  extent.sums[channel] = sum
  extent.sumErrors[channel] = sumError
  extent.counts[channel] = extent.counts[channel]! + total
  if (feature === undefined) return
  extent.squares[feature] = squares
  extent.shifts[feature] = shifts
  extent.shiftSquares[feature] = shiftSquares
}

/** One transformed image. */
export function extendByImage(extent: Extent, values: Float64Array, channels: number): void {
  const { squares, origins, shifts, shiftSquares } = extent
  if (extent.counts[0] === 0) origins.set(values)
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0
    for (let f = channel; f < values.length; f += channels) {
      const value = values[f]!
      if (value < extent.min) extent.min = value
      if (value > extent.max) extent.max = value
      sum += value
      squares[f] = squares[f]! + value * value
      const shift = value - origins[f]!
      shifts[f] = shifts[f]! + shift
      shiftSquares[f] = shiftSquares[f]! + shift * shift
    }
    addAt(extent.sums, extent.sumErrors, channel, sum)
    extent.counts[channel] = extent.counts[channel]! + values.length / channels
  }
}

/** Adds what was seen of further images. */
export function absorbExtent(extent: Extent, other: Extent): void {
  extent.min = Math.min(extent.min, other.min)
  extent.max = Math.max(extent.max, other.max)
  const features = extent.squares.length
  const channels = extent.counts.length
  const images = (other.counts[0]! * channels) / features
  if (extent.counts[0] === 0) extent.origins.set(other.origins)
  for (let f = 0; f < features; f++) {
    // y - o = (y - p) + (p - o)
    const apart = other.origins[f]! - extent.origins[f]!
    const shifts = other.shifts[f]!
    extent.squares[f] = extent.squares[f]! + other.squares[f]!
    extent.shifts[f] = extent.shifts[f]! + shifts + images * apart
    extent.shiftSquares[f] =
      extent.shiftSquares[f]! + other.shiftSquares[f]! + apart * (2 * shifts + images * apart)
  }
  for (let channel = 0; channel < channels; channel++) {
    addAt(extent.sums, extent.sumErrors, channel, other.sums[channel]!)
    addAt(extent.sums, extent.sumErrors, channel, other.sumErrors[channel]!)
    extent.counts[channel] = extent.counts[channel]! + other.counts[channel]!
  }
}

/** Adds what was counted in the same bins of further images. */
export function absorbTally(tally: Tally, other: Tally): void {
  other.counts.forEach((count, bin) => (tally.counts[bin] = tally.counts[bin]! + count))
  other.deviations.forEach((sum, c) => (tally.deviations[c] = tally.deviations[c]! + sum))
  tally.atMinimum += other.atMinimum
}

/** The means of an extent, and empty bins over it. Throws `no-images`, `non-finite-value`. */
export function createTally(extent: Extent, bins: number): Tally {
  if (extent.counts[0] === 0) {
    throw new NormscopeError({
      code: 'no-images',
      message: 'There are no images to count the values of.',
      expected: 'at least one image',
      actual: '0'
    })
  }
  const mean = Array.from(extent.sums, (sum, c) => (sum + extent.sumErrors[c]!) / extent.counts[c]!)
  if (!mean.every(Number.isFinite) || !Number.isFinite(extent.min + extent.max)) {
    throw new NormscopeError({
      code: 'non-finite-value',
      message:
        'The choice turns some of these pixels into values that are not finite numbers. The logarithm does so for pixels of -1 and less, which the training images did not have.',
      hint: 'Use a choice without a logarithm for these images.'
    })
  }
  return {
    edges: binEdges(extent.min, extent.max, bins),
    counts: new Float64Array(bins),
    deviations: new Float64Array(mean.length),
    mean,
    min: extent.min,
    atMinimum: 0
  }
}

export function tallyLevels(
  tally: Tally,
  values: Float64Array,
  counts: Counts,
  channel: number
): void {
  const { edges, min } = tally
  const last = edges.length - 2
  const mean = tally.mean[channel]!
  let [deviations, atMinimum] = [0, 0]
  let before = Infinity
  let bin = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    const times = counts[i]!
    // values mostly rise: then the bin is that of the value before, or little above it
    if (value < before) bin = binOf(value, edges)
    while (bin < last && value >= edges[bin + 1]!) bin++
    before = value
    tally.counts[bin] = tally.counts[bin]! + times
    deviations += (value - mean) * (value - mean) * times
    if (value === min) atMinimum += times
  }
  tally.atMinimum += atMinimum
  tally.deviations[channel] = tally.deviations[channel]! + deviations
}

export function tallyImage(tally: Tally, values: Float64Array, channels: number): void {
  const { edges, counts } = tally
  for (let channel = 0; channel < channels; channel++) {
    const mean = tally.mean[channel]!
    let deviations = 0
    for (let f = channel; f < values.length; f += channels) {
      const value = values[f]!
      const bin = binOf(value, edges)
      counts[bin] = counts[bin]! + 1
      deviations += (value - mean) * (value - mean)
      if (value === tally.min) tally.atMinimum++
    }
    tally.deviations[channel] = tally.deviations[channel]! + deviations
  }
}
