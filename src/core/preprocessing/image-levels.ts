import { featuresOf } from '../dataset/dataset'
import { binOf } from '../statistics/counting/bins'
import { byteCounter, createOccurring, findOccurring } from '../statistics/counting/byte-counts'
import type { Occurring } from '../statistics/counting/byte-counts'
import type { ConstantRows, ImageTally, Kernels } from '../statistics/kernels/kernels'
import { PLAIN_KERNELS } from '../statistics/kernels/plain'
import { emptyMoments } from '../statistics/moment-rows'
import type { MomentRows } from '../statistics/moments'
import { applier } from './apply'
import { formRecord } from './forms/forms'
import type { LevelRange } from './image-constants'
import { joinMoments } from './image-moments'
import type { FittedPreprocessing } from './preprocessing'

/*
 * Statistics of choices that turn a byte into a value that depends on its image's counts alone: by a
 * shift and a scale of the image, or by looking up what the byte becomes in it.
 */

/** What the values of some images are counted against, the same for all images of a set. */
export interface LevelFrame {
  readonly fitted: FittedPreprocessing
  readonly edges: Float64Array
  readonly min: number
  /** D; the first image after the choice: variances are of what differs from it */
  readonly origins: Float64Array
}

/** Counts of some images after a choice. */
export interface LevelCounts extends ImageTally {
  readonly images: number
  /** of each image after the choice, where its constants do not say them */
  readonly moments?: MomentRows | undefined
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

/** The range of values where an image's counts must be looked at. */
export function levelRange(fitted: FittedPreprocessing, pixels: Uint8Array): LevelRange {
  let min = Infinity
  let max = -Infinity
  const { levels, levelsOf } = lookup(fitted)
  eachImage(fitted, pixels, (_, counts, { slots, used }) => {
    levelsOf(counts, levels)
    for (let at = 0; at < used; at++) {
      const value = levels[slots[at]!]!
      if (value < min) min = value
      if (value > max) max = value
    }
  })
  return { min, max }
}

/** A frame with the constants of some images, where the choice has a shift and a scale of each. */
export interface PartFrame extends LevelFrame {
  readonly constants?: ConstantRows | undefined
}

/** The counts of whole images under each choice. */
export function countLevels(
  pixels: Uint8Array,
  frames: readonly PartFrame[],
  kernels: Kernels = PLAIN_KERNELS
): LevelCounts[] {
  const scaled = frames.flatMap((frame) =>
    frame.constants ? { ...frame, ...frame.constants } : []
  )
  const found = new Map<LevelFrame['fitted'], LevelCounts>()
  if (scaled.length > 0) {
    const features = featuresOf(scaled[0]!.fitted)
    const images = pixels.length / features
    const tallies = kernels.tallyImages(pixels, features, scaled)
    tallies.forEach((tally, at) => found.set(scaled[at]!.fitted, { ...tally, images }))
  }
  return frames.map((frame) => found.get(frame.fitted) ?? countLookedUp(pixels, frame))
}

/** Of a choice whose values are looked up for each image. */
function countLookedUp(
  pixels: Uint8Array,
  { fitted, edges, min, origins }: LevelFrame
): LevelCounts {
  const images = pixels.length / featuresOf(fitted)
  const { levels, levelsOf } = lookup(fitted)
  const shifts = new Float64Array(origins.length)
  const shiftSquares = new Float64Array(origins.length)
  const counts = new Float64Array(edges.length - 1)
  const moments = emptyMoments(images)
  let atMinimum = 0
  eachImage(fitted, pixels, (image, occurs, occurring) => {
    levelsOf(occurs, levels)
    atMinimum += tallyLevels(occurs, occurring, levels, edges, min, counts)
    momentsOfLevels(occurs, levels, occurring, moments, image)
    addShifts(pixels, image, levels, origins, shifts, shiftSquares)
  })
  return { images, counts, atMinimum, shifts, shiftSquares, moments }
}

/** What each byte of a channel becomes, channels x 256, and how that is found from an image's counts. */
function lookup({ form, channels, ...shape }: FittedPreprocessing) {
  const levelsOf = formRecord(form).imageLevels!(form, { ...shape, channels })
  return { levels: new Float64Array(channels * 256), levelsOf }
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
  image: number,
  levels: Float64Array,
  origins: Float64Array,
  shifts: Float64Array,
  shiftSquares: Float64Array
): void {
  const features = origins.length
  const start = image * features
  const channels = levels.length / 256
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
  const moments = parts.flatMap((part) => part.moments ?? [])
  return {
    images,
    counts: sum('counts'),
    atMinimum: parts.reduce((count, part) => count + part.atMinimum, 0),
    shifts: sum('shifts'),
    shiftSquares: sum('shiftSquares'),
    moments: moments.length > 0 ? joinMoments(moments) : undefined
  }
}
