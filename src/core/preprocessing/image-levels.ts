import { featuresOf } from '../dataset/dataset'
import { binOf } from '../statistics/counting/bins'
import { byteCounter, createOccurring, findOccurring } from '../statistics/counting/byte-counts'
import type { Occurring } from '../statistics/counting/byte-counts'
import type { ImageSums } from '../statistics/image-sums'
import type { MomentRows } from '../statistics/moments'
import { applier } from './apply'
import { formRecord } from './forms/forms'
import { joinMoments } from './image-moments'
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
  eachImage(fitted, pixels, (_, counts, occurring) => {
    looker.look(counts, occurring)
    for (let at = 0; at < occurring.used; at++) {
      const value = looker.levels[occurring.slots[at]!]!
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
  const images = pixels.length / features
  const all = frames.map((frame) => ({
    ...frame,
    looker: lookerOf(frame.fitted),
    found: emptyCounts(images, frame)
  }))
  eachImage(shape, pixels, (image, counts, occurring) => {
    for (const { looker, edges, min, origins, found } of all) {
      looker.look(counts, occurring)
      found.atMinimum += tallyLevels(counts, occurring, looker.levels, edges, min, found.counts)
      looker.moments(counts, occurring, found.moments, image)
      looker.shift(pixels, image, image === images - 1, origins, found)
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

/** What the bytes of the image looked at last become, and what follows from that. */
interface Looker {
  /** channels x 256; of bytes that occur */
  readonly levels: Float64Array
  look(counts: Uint32Array, occurring: Occurring): void
  moments(counts: Uint32Array, occurring: Occurring, into: MomentRows, image: number): void
  /** adds the image's shifts; at the latest with the last image */
  shift(
    pixels: Uint8Array,
    image: number,
    last: boolean,
    origins: Float64Array,
    into: LevelCounts
  ): void
}

function lookerOf(fitted: FittedPreprocessing): Looker {
  const { form, channels } = fitted
  const { imageAffine, imageLevels } = formRecord(form)
  const constants = imageAffine?.(form, fitted)
  if (constants) return affineLooker(constants, channels)
  const levels = new Float64Array(channels * 256)
  const levelsOf = imageLevels!(form, fitted)
  return {
    levels,
    look: (counts) => levelsOf(counts, levels),
    moments: (counts, occurring, into, image) =>
      momentsOfLevels(counts, levels, occurring, into, image),
    shift: (pixels, image, _, origins, into) =>
      addShifts(pixels, image * origins.length, levels, channels, origins, into)
  }
}

/** Images whose shifts are added at once: each sum then is loaded and stored a quarter as often. */
const GROUP = 4

function affineLooker(
  constants: (image: Occurring) => { readonly centre: number; readonly divisor: number },
  channels: number
): Looker {
  const levels = new Float64Array(channels * 256)
  const scales = new Float64Array(GROUP)
  const offsets = new Float64Array(GROUP)
  let centre = 0
  let divisor = 1
  return {
    levels,
    look(_, occurring) {
      ;({ centre, divisor } = constants(occurring))
      const { slots, used } = occurring
      for (let at = 0; at < used; at++) {
        const slot = slots[at]!
        levels[slot] = ((slot & 255) - centre) / divisor
      }
    },
    moments(_, { count, sum, squares, min, max }, into, image) {
      into.mean[image] = (sum / count - centre) / divisor
      // whole numbers below 2^53: exact, so nothing cancels
      into.std[image] = Math.sqrt(count * squares - sum * sum) / count / divisor
      into.min[image] = (min - centre) / divisor
      into.max[image] = (max - centre) / divisor
    },
    shift(pixels, image, last, origins, into) {
      const place = image % GROUP
      scales[place] = 1 / divisor
      offsets[place] = centre * scales[place]!
      if (place < GROUP - 1 && !last) return
      const start = (image - place) * origins.length
      if (place === GROUP - 1) addFour(pixels, start, scales, offsets, origins, into)
      else {
        for (let one = 0; one <= place; one++) {
          const [scale, offset] = [scales[one]!, offsets[one]!]
          addOne(pixels, start + one * origins.length, scale, offset, origins, into)
        }
      }
    }
  }
}

function eachImage(
  shape: FittedPreprocessing,
  pixels: Uint8Array,
  use: (image: number, counts: Uint32Array, occurring: Occurring) => void
): void {
  const features = featuresOf(shape)
  const { channels } = shape
  const count = byteCounter(features, channels)
  const counts = new Uint32Array(channels * 256)
  const occurring = createOccurring(channels)
  for (let image = 0; (image + 1) * features <= pixels.length; image++) {
    count(pixels, image * features, counts)
    findOccurring(counts, occurring)
    use(image, counts, occurring)
  }
}

/** Adds the image to the bins; how many values equal `min`. Levels rise with the bytes of a channel. */
function tallyLevels(
  counts: Uint32Array,
  { slots, used }: Occurring,
  levels: Float64Array,
  edges: Float64Array,
  min: number,
  bins: Float64Array
): number {
  const last = bins.length - 1
  let atMinimum = 0
  let bin = 0
  let inBin = 0
  // above every value, so that the first one finds its bin
  let before = Infinity
  for (let at = 0; at < used; at++) {
    const slot = slots[at]!
    const value = levels[slot]!
    const count = counts[slot]!
    if (value < before || (bin < last && value >= edges[bin + 1]!)) {
      bins[bin] = bins[bin]! + inBin
      inBin = 0
      if (value < before) bin = binOf(value, edges)
      while (bin < last && value >= edges[bin + 1]!) bin++
    }
    inBin += count
    before = value
    if (value === min) atMinimum += count
  }
  bins[bin] = bins[bin]! + inBin
  return atMinimum
}

function momentsOfLevels(
  counts: Uint32Array,
  levels: Float64Array,
  { slots, used, count }: Occurring,
  { mean, std, min, max }: MomentRows,
  image: number
): void {
  let sum = 0
  let least = Infinity
  let most = -Infinity
  for (let at = 0; at < used; at++) {
    const value = levels[slots[at]!]!
    sum += counts[slots[at]!]! * value
    if (value < least) least = value
    if (value > most) most = value
  }
  const average = sum / count
  let squares = 0
  for (let at = 0; at < used; at++) {
    const deviation = levels[slots[at]!]! - average
    squares += counts[slots[at]!]! * deviation * deviation
  }
  mean[image] = average
  // rounding of the mean is no spread
  std[image] = least === most ? 0 : Math.sqrt(squares / count)
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

function addOne(
  pixels: Uint8Array,
  start: number,
  scale: number,
  offset: number,
  origins: Float64Array,
  { shifts, shiftSquares }: LevelCounts
): void {
  for (let f = 0; f < origins.length; f++) {
    const shift = pixels[start + f]! * scale - offset - origins[f]!
    shifts[f] = shifts[f]! + shift
    shiftSquares[f] = shiftSquares[f]! + shift * shift
  }
}

function addFour(
  pixels: Uint8Array,
  start: number,
  scales: Float64Array,
  offsets: Float64Array,
  origins: Float64Array,
  { shifts, shiftSquares }: LevelCounts
): void {
  const features = origins.length
  const [p, q, r, s] = [start, start + features, start + 2 * features, start + 3 * features]
  const [scaleA, scaleB, scaleC, scaleD] = [scales[0]!, scales[1]!, scales[2]!, scales[3]!]
  const [offsetA, offsetB, offsetC, offsetD] = [offsets[0]!, offsets[1]!, offsets[2]!, offsets[3]!]
  for (let f = 0; f < features; f++) {
    const origin = origins[f]!
    const a = pixels[p + f]! * scaleA - offsetA - origin
    const b = pixels[q + f]! * scaleB - offsetB - origin
    const c = pixels[r + f]! * scaleC - offsetC - origin
    const d = pixels[s + f]! * scaleD - offsetD - origin
    shifts[f] = shifts[f]! + (a + b + (c + d))
    shiftSquares[f] = shiftSquares[f]! + (a * a + b * b + (c * c + d * d))
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
  return {
    images,
    counts: sum('counts'),
    atMinimum: parts.reduce((count, part) => count + part.atMinimum, 0),
    shifts: sum('shifts'),
    shiftSquares: sum('shiftSquares'),
    moments: joinMoments(parts.map(({ moments }) => moments))
  }
}
