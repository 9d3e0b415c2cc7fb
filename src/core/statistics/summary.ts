import { featuresOf } from '../dataset/dataset'
import type { PixelArray } from '../dataset/dataset'
import { NormscopeError } from '../error'
import { addSums } from './compensated'
import { addCovariance, mergeCovariances } from './covariance'
import { countBytes, countWhole } from './counting/count-integers'
import { countFloats } from './counting/count-floats'
import { appendImages, appendImageSums, createImageSums } from './image-sums'
import type { Kernels } from './kernels/kernels'
import { PLAIN_KERNELS } from './kernels/plain'
import type { Counts, FeatureSums, Summary, SummaryShape } from './summary-types'
import { createValueTable, mergeTables } from './counting/value-table'
import type { ValueTable } from './counting/value-table'

export type { Summary } from './summary-types'

/** Images that counts of 32 bits hold, each of which may have the same value at a place; a summary of more has counts of 53. */
const MOST_COUNTED = 2 ** 32 - 1

/** Bytes that the table of per-pixel counts may take. */
const MAX_TABLE_BYTES = 64 * 1024 * 1024

export function createSummary(
  shape: SummaryShape,
  options: { readonly covariance?: boolean } = {}
): Summary {
  const features = featuresOf(shape)
  const { height, width, channels, dtype } = shape
  const summary: Summary = {
    shape: { height, width, channels, dtype },
    count: 0,
    images: createImageSums(),
    ...countersFor(dtype, features, channels)
  }
  if (options.covariance) addCovariance(summary, pixelsOf(dtype), 0)
  return summary
}

function pixelsOf(dtype: SummaryShape['dtype']): PixelArray {
  return { uint8: new Uint8Array(), uint16: new Uint16Array(), float32: new Float32Array() }[dtype]
}

function countersFor(
  dtype: SummaryShape['dtype'],
  features: number,
  channels: number
): Partial<Summary> {
  if (dtype === 'float32') {
    return {
      featureSums: createFeatureSums(features),
      values: Array.from({ length: channels }, createValueTable),
      leadingCounts: new Float64Array(channels * 65536)
    }
  }
  if (dtype === 'uint16') {
    return {
      featureSums: createFeatureSums(features),
      channelCounts: new Float64Array(channels * 65536)
    }
  }
  if (features * 256 * 4 <= MAX_TABLE_BYTES) {
    return { featureCounts: new Uint32Array(features * 256) }
  }
  return {
    featureSums: createFeatureSums(features),
    channelCounts: new Float64Array(channels * 256)
  }
}

function createFeatureSums(features: number): FeatureSums {
  return {
    sum: new Float64Array(features),
    sumError: new Float64Array(features),
    sumOfSquares: new Float64Array(features),
    sumOfSquaresError: new Float64Array(features),
    min: new Float64Array(features).fill(Infinity),
    max: new Float64Array(features).fill(-Infinity)
  }
}

/**
 * Adds `count` images to the summary, in place.
 * `pixels`: count x D values of the summary's type.
 * Throws `wrong-pixel-count`, `wrong-pixel-type`, `non-finite-pixel`, and `too-many-images` where 32 bits do not count them.
 */
export function addImages(
  summary: Summary,
  pixels: PixelArray,
  count: number,
  kernels: Kernels = PLAIN_KERNELS
): void {
  checkPixels(summary, pixels, count)
  if (summary.featureCounts && summary.count + count > MOST_COUNTED) {
    throw new NormscopeError({
      code: 'too-many-images',
      message: `One pass counts up to ${MOST_COUNTED} images of bytes, and these are ${summary.count + count}. Summarise the set in shards, and merge them.`,
      expected: `at most ${MOST_COUNTED} images`,
      actual: String(summary.count + count)
    })
  }
  const target = appendImages(summary.images, summary.count, count)
  if (pixels instanceof Uint8Array) {
    if (summary.featureCounts) countBytes(summary, pixels, target, kernels)
    else countWhole(summary, pixels, count, target, 256)
  } else if (pixels instanceof Uint16Array) {
    countWhole(summary, pixels, count, target, 65536)
  } else {
    countFloats(summary, pixels, count, target)
  }
  if (summary.covariance) addCovariance(summary, pixels, count)
  summary.count += count
}

function checkPixels(summary: Summary, pixels: PixelArray, count: number): void {
  const features = featuresOf(summary.shape)
  if (pixels.length !== count * features) {
    throw new NormscopeError({
      code: 'wrong-pixel-count',
      message: `${count} images of ${features} values need ${count * features} values, but ${pixels.length} were given.`,
      expected: String(count * features),
      actual: String(pixels.length)
    })
  }
  const type =
    pixels instanceof Uint8Array ? 'uint8' : pixels instanceof Uint16Array ? 'uint16' : 'float32'
  if (type !== summary.shape.dtype) {
    throw new NormscopeError({
      code: 'wrong-pixel-type',
      message: `The summary is of ${summary.shape.dtype} pixels, but ${type} pixels were given.`,
      expected: summary.shape.dtype,
      actual: type
    })
  }
  if (pixels instanceof Float32Array) checkFinite(pixels, features, summary.count)
}

/** Before anything is counted: a failed call leaves the summary as it was. */
function checkFinite(pixels: Float32Array, features: number, before: number): void {
  for (let i = 0; i < pixels.length; i++) {
    const value = pixels[i]!
    if (value - value === 0) continue
    throw new NormscopeError({
      code: 'non-finite-pixel',
      message: `Image ${before + Math.floor(i / features)} holds ${value} at value ${i % features}. Pixels must be finite numbers; replace it in the file.`,
      expected: 'finite numbers',
      actual: String(value)
    })
  }
}

/** The summary of a's images followed by b's; neither is changed. Throws `summaries-differ`. */
export function mergeSummaries(a: Summary, b: Summary): Summary {
  const merged = createSummary(a.shape)
  absorb(merged, a)
  absorb(merged, b)
  merged.covariance = mergeCovariances(a.covariance, b.covariance)
  return merged
}

/**
 * Adds a summary's images behind those of another, in place; their covariance is lost, and what is said
 * of each image where one of the two is without it.
 * Throws `summaries-differ`.
 */
export function absorb(summary: Summary, more: Summary): void {
  const [shape, other] = [describeShape(summary.shape), describeShape(more.shape)]
  if (shape !== other) {
    throw new NormscopeError({
      code: 'summaries-differ',
      message: `Only summaries of images of one shape and type can be merged, not ${shape} and ${other}.`,
      expected: shape,
      actual: other
    })
  }
  if (hasImages(summary) && hasImages(more)) {
    appendImageSums(summary.images, summary.count, more.images)
  } else Object.assign(summary.images, createImageSums())
  if (summary.count + more.count > MOST_COUNTED && summary.featureCounts instanceof Uint32Array) {
    summary.featureCounts = Float64Array.from(summary.featureCounts)
  }
  addCounts(summary.featureCounts, more.featureCounts)
  addCounts(summary.channelCounts, more.channelCounts)
  addCounts(summary.leadingCounts, more.leadingCounts)
  absorbFeatureSums(summary.featureSums, more.featureSums)
  summary.values = mergeValues(summary.values, more.values)
  summary.covariance = undefined
  summary.count += more.count
}

/** What is said of each image is there; a summary of shards goes without, for it would grow with them. */
function hasImages({ images, count }: Summary): boolean {
  return images.sum.length === count
}

function describeShape(shape: SummaryShape): string {
  return `${shape.height} x ${shape.width} x ${shape.channels} ${shape.dtype}`
}

/** Adds counts of the same kind, in place, where there are any. */
export function addCounts(into: Counts | undefined, more: Counts | undefined): void {
  if (!into || !more) return
  for (let i = 0; i < into.length; i++) into[i] = into[i]! + more[i]!
}

function absorbFeatureSums(into: FeatureSums | undefined, more: FeatureSums | undefined): void {
  if (!into || !more) return
  addSums({ high: into.sum, low: into.sumError }, { high: more.sum, low: more.sumError })
  addSums(
    { high: into.sumOfSquares, low: into.sumOfSquaresError },
    { high: more.sumOfSquares, low: more.sumOfSquaresError }
  )
  for (let f = 0; f < into.min.length; f++) {
    into.min[f] = Math.min(into.min[f]!, more.min[f]!)
    into.max[f] = Math.max(into.max[f]!, more.max[f]!)
  }
}

function mergeValues(
  a: readonly ValueTable[] | undefined,
  b: readonly ValueTable[] | undefined
): readonly ValueTable[] | undefined {
  if (!a || !b) return undefined
  const merged: ValueTable[] = []
  for (let channel = 0; channel < a.length; channel++) {
    const table = mergeTables(a[channel]!, b[channel]!)
    if (!table) return undefined
    merged.push(table)
  }
  return merged
}
