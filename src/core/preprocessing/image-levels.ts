import { featuresOf } from '../dataset/dataset'
import { binOf } from '../statistics/counting/bins'
import { byteCounter, byteSums } from '../statistics/counting/byte-counts'
import type { ByteSums } from '../statistics/counting/byte-counts'
import type { ImageSums } from '../statistics/image-sums'
import type { MomentRows } from '../statistics/moments'
import { applier } from './apply'
import { formRecord } from './forms/forms'
import type { FittedPreprocessing } from './preprocessing'

/*
 * Statistics of choices that turn a byte into a value that depends on its image's counts alone. The
 * bytes of an image are counted once for all such choices; what they become is looked up.
 */

/** Least and greatest value of some images after a choice. */
export interface LevelRange {
  readonly min: number
  readonly max: number
}

/** What the values of some images are counted against, the same for all images of a set. */
export interface LevelFrame {
  readonly fitted: FittedPreprocessing
  readonly edges: Float64Array
  readonly min: number
  /** D; the first image after the choice: variances are of what differs from it */
  readonly origins: Float64Array
}

/** Counts of some images after a choice. */
export interface LevelCounts {
  readonly images: number
  readonly counts: Float64Array
  /** values that equal the frame's least */
  atMinimum: number
  /** D; sums of y - origin and of its square */
  readonly shifts: Float64Array
  readonly shiftSquares: Float64Array
  /** of each image after the choice */
  readonly moments: MomentRows
}

/** Whether a choice's statistics can be had so. */
export function hasImageLevels({ form, after }: FittedPreprocessing): boolean {
  const { imageAffine, imageLevels } = formRecord(form)
  return after === undefined && (imageAffine !== undefined || imageLevels !== undefined)
}

export function levelFrame(
  fitted: FittedPreprocessing,
  first: ArrayLike<number>,
  { min }: LevelRange,
  edges: Float64Array
): LevelFrame {
  const origins = new Float64Array(featuresOf(fitted))
  applier(fitted)(first, origins)
  return { fitted, edges, min, origins }
}

/** From what is known of each image, where that is all the choice goes by; else undefined. */
export function knownLevelRange(
  fitted: FittedPreprocessing,
  images: ImageSums
): LevelRange | undefined {
  const constants = formRecord(fitted.form).imageAffine?.(fitted.form, fitted)
  if (!constants) return undefined
  const count = featuresOf(fitted)
  let least = Infinity
  let most = -Infinity
  for (let image = 0; image < images.sum.length; image++) {
    const [sum, squares] = [images.sum[image]!, images.sumOfSquares[image]!]
    const [min, max] = [images.min[image]!, images.max[image]!]
    const { centre, divisor } = constants({ count, sum, squares, min, max })
    least = Math.min(least, (min - centre) / divisor)
    most = Math.max(most, (max - centre) / divisor)
  }
  return { min: least, max: most }
}

export function levelRange(fitted: FittedPreprocessing, pixels: Uint8Array): LevelRange {
  let min = Infinity
  let max = -Infinity
  const looker = lookerOf(fitted)
  eachImage(fitted, pixels, (_, counts, sums) => {
    looker.look(counts, sums)
    for (let slot = 0; slot < counts.length; slot++) {
      if (counts[slot] === 0) continue
      const value = looker.levels[slot]!
      if (value < min) min = value
      if (value > max) max = value
    }
  })
  return { min, max }
}

/** The counts of whole images under each choice. */
export function countLevels(pixels: Uint8Array, frames: readonly LevelFrame[]): LevelCounts[] {
  const shape = frames[0]!.fitted
  const features = featuresOf(shape)
  const { channels } = shape
  const images = pixels.length / features
  const all = frames.map((frame) => ({
    ...frame,
    looker: lookerOf(frame.fitted),
    found: emptyCounts(images, frame)
  }))
  eachImage(shape, pixels, (image, counts, sums) => {
    for (const { looker, edges, min, origins, found } of all) {
      looker.look(counts, sums)
      found.atMinimum += tallyLevels(counts, sums, looker.levels, edges, min, found.counts)
      looker.moments(counts, sums, found.moments, image)
      addShifts(pixels, image * features, looker.levels, channels, origins, found)
    }
  })
  return all.map(({ found }) => found)
}

function emptyCounts(images: number, { edges, origins }: LevelFrame): LevelCounts {
  const row = (): Float64Array => new Float64Array(images)
  return {
    images,
    counts: new Float64Array(edges.length - 1),
    atMinimum: 0,
    shifts: new Float64Array(origins.length),
    shiftSquares: new Float64Array(origins.length),
    moments: { mean: row(), std: row(), min: row(), max: row() }
  }
}

/** What the bytes of the image looked at last become, and the moments of that. */
interface Looker {
  /** channels x 256; of bytes that occur */
  readonly levels: Float64Array
  look(counts: Uint32Array, sums: ByteSums): void
  moments(counts: Uint32Array, sums: ByteSums, into: MomentRows, image: number): void
}

function lookerOf(fitted: FittedPreprocessing): Looker {
  const { form, channels } = fitted
  const { imageAffine, imageLevels } = formRecord(form)
  const levels = new Float64Array(channels * 256)
  const constants = imageAffine?.(form, fitted)
  if (!constants) {
    const levelsOf = imageLevels!(form, fitted)
    return {
      levels,
      look: (counts) => levelsOf(counts, levels),
      moments: (counts, { count }, into, image) =>
        momentsOfLevels(counts, levels, count, into, image)
    }
  }
  let centre = 0
  let divisor = 1
  return {
    levels,
    look(_, sums) {
      ;({ centre, divisor } = constants(sums))
      for (let byte = sums.min; byte <= sums.max; byte++) levels[byte] = (byte - centre) / divisor
      for (let at = 256; at < levels.length; at += 256) levels.copyWithin(at, 0, 256)
    },
    moments(_, { count, sum, squares, min, max }, into, image) {
      into.mean[image] = (sum / count - centre) / divisor
      into.std[image] = Math.sqrt(count * squares - sum * sum) / count / divisor
      into.min[image] = (min - centre) / divisor
      into.max[image] = (max - centre) / divisor
    }
  }
}

function eachImage(
  shape: FittedPreprocessing,
  pixels: Uint8Array,
  use: (image: number, counts: Uint32Array, sums: ByteSums) => void
): void {
  const features = featuresOf(shape)
  const { channels } = shape
  const count = byteCounter(features, channels)
  const counts = new Uint32Array(channels * 256)
  for (let image = 0; (image + 1) * features <= pixels.length; image++) {
    count(pixels, image * features, counts)
    use(image, counts, byteSums(counts))
  }
}

/** Adds the image to the bins; how many values equal `min`. Levels rise with the bytes of a channel. */
function tallyLevels(
  counts: Uint32Array,
  { min: from, max: to }: ByteSums,
  levels: Float64Array,
  edges: Float64Array,
  min: number,
  bins: Float64Array
): number {
  const last = bins.length - 1
  let atMinimum = 0
  for (let table = 0; table < counts.length; table += 256) {
    let bin = -1
    for (let slot = table + from; slot <= table + to; slot++) {
      const count = counts[slot]!
      if (count === 0) continue
      const value = levels[slot]!
      if (bin < 0) bin = binOf(value, edges)
      while (bin < last && value >= edges[bin + 1]!) bin++
      bins[bin] = bins[bin]! + count
      if (value === min) atMinimum += count
    }
  }
  return atMinimum
}

function momentsOfLevels(
  counts: Uint32Array,
  levels: Float64Array,
  features: number,
  { mean, std, min, max }: MomentRows,
  image: number
): void {
  let sum = 0
  let least = Infinity
  let most = -Infinity
  for (let slot = 0; slot < counts.length; slot++) {
    if (counts[slot] === 0) continue
    const value = levels[slot]!
    sum += counts[slot]! * value
    if (value < least) least = value
    if (value > most) most = value
  }
  const average = sum / features
  let squares = 0
  for (let slot = 0; slot < counts.length; slot++) {
    if (counts[slot] === 0) continue
    const deviation = levels[slot]! - average
    squares += counts[slot]! * deviation * deviation
  }
  mean[image] = average
  // rounding of the mean is no spread
  std[image] = least === most ? 0 : Math.sqrt(squares / features)
  min[image] = least
  max[image] = most
}

function addShifts(
  pixels: Uint8Array,
  start: number,
  levels: Float64Array,
  channels: number,
  origins: Float64Array,
  { shifts, shiftSquares }: LevelCounts
): void {
  const features = origins.length
  for (let channel = 0; channel < channels; channel++) {
    const table = channel * 256
    for (let f = channel; f < features; f += channels) {
      const shift = levels[table + pixels[start + f]!]! - origins[f]!
      shifts[f] = shifts[f]! + shift
      shiftSquares[f] = shiftSquares[f]! + shift * shift
    }
  }
}

/** The counts of all parts, in their order. */
export function mergeLevels(parts: readonly LevelCounts[]): LevelCounts {
  const sum = (key: 'counts' | 'shifts' | 'shiftSquares'): Float64Array => {
    const total = new Float64Array(parts[0]![key].length)
    for (const part of parts) {
      for (let at = 0; at < total.length; at++) total[at] = total[at]! + part[key][at]!
    }
    return total
  }
  const images = parts.reduce((count, part) => count + part.images, 0)
  const row = (key: keyof MomentRows): Float64Array => {
    const all = new Float64Array(images)
    let at = 0
    for (const { moments, images: some } of parts) {
      all.set(moments[key], at)
      at += some
    }
    return all
  }
  return {
    images,
    counts: sum('counts'),
    atMinimum: parts.reduce((count, part) => count + part.atMinimum, 0),
    shifts: sum('shifts'),
    shiftSquares: sum('shiftSquares'),
    moments: { mean: row('mean'), std: row('std'), min: row('min'), max: row('max') }
  }
}
