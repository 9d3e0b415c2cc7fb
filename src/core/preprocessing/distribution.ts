import { featuresOf } from '../dataset/dataset'
import { choiceRecord } from './choices'
import { broadcast } from './forms/affine'
import type { AffineConstants } from './forms/form'
import { formRecord } from './forms/forms'
import type { FeatureMoments } from './feature-moments'
import type { LevelRange } from './image-constants'
import type { LevelCounts, LevelFrame } from './image-levels'
import type { FittedPreprocessing } from './preprocessing'
import { channelLevels, placeLevels } from '../statistics/counting/levels'
import type { PlaceLevels } from '../statistics/counting/levels'
import { featureMoments } from '../statistics/moments'
import type { Summary } from '../statistics/summary'
import type { Counts } from '../statistics/summary-types'
import {
  createExtent,
  createTally,
  extendByEnds,
  extendByLevels,
  extendByMean,
  featureVariances,
  tallyLevels
} from '../statistics/counting/tally'
import type { Extent, Tally } from '../statistics/counting/tally'
import { effectiveNumber } from '../statistics/effective-number'
import type { Kernels } from '../statistics/kernels/kernels'
import { PLAIN_KERNELS } from '../statistics/kernels/plain'

/** The values of a set of images after a choice, in double precision (before rounding to float32). */
export interface Distribution {
  /** bins + 1 edges of equal width from min to max; see `binEdges` for constant values */
  readonly edges: Float64Array
  /** whole numbers that sum to all values of the images; a value on an inner edge counts above it */
  readonly counts: Float64Array
  /** per channel */
  readonly mean: readonly number[]
  /** per channel, population */
  readonly std: readonly number[]
  readonly min: number
  readonly max: number
  /** share of the values that equal min, in (0, 1] */
  readonly shareAtMinimum: number
  /**
   * exp of the entropy of the features' shares of the summed E[y^2], from 1 (one feature has it all)
   * to D (all alike); 0 where every value is 0. Unlike shares of the variance it notices a shift,
   * as the gradient of the first layer does, which is a product with y itself.
   */
  readonly effectiveFeatures: number
  /**
   * the same of the features' shares of the summed variance: what differs between images, without a
   * constant offset; 0 where no feature varies
   */
  readonly varyingFeatures: number
  /** absent when everything is exact; else what was approximated, one sentence */
  readonly approximation?: string
}

export interface DistributionOptions {
  /** default DEFAULT_BINS */
  readonly bins?: number | undefined
  /** default the plain ones */
  readonly kernels?: Kernels | undefined
}

/**
 * 64 divides 256: every bin of the 256 byte levels then holds exactly four of them, and no level but
 * the first and last lies on an edge. Other numbers give bins of unequally many levels, whose comb
 * of spikes looks like structure in the data.
 */
export const DEFAULT_BINS = 64

/**
 * The distribution from counts alone, exact; undefined where the choice needs the images themselves
 * (its constants are each image's own, or the summary has no counts per pixel): then use
 * `distributionFromImages`. `summary` may be of another split than the choice was fitted on.
 * Throws `no-images`, `non-finite-value`.
 */
export function distribution(
  fitted: FittedPreprocessing,
  summary: Summary,
  { bins = DEFAULT_BINS, kernels = PLAIN_KERNELS }: DistributionOptions = {}
): Distribution | undefined {
  const { form, channels } = fitted
  const { pointwise, affine } = formRecord(form)
  const extent = createExtent(featuresOf(fitted), channels)
  const constants = affine?.(form)
  if (constants && Math.max(constants.centre.length, constants.divisor.length) <= channels) {
    return fromChannelLevels(fitted, constants, summary, extent, bins)
  }
  const places = pointwise && placeLevels(summary)
  if (!places) return undefined
  if (constants) {
    const moved = movedMoments(summary, constants, fitted)
    return fromMovedPlaces(fitted, places, moved, extent, bins, kernels)
  }
  return fromPlaceLevels(fitted, places, pointwise(form, fitted), extent, bins)
}

/** Each place has at most 256 values: each is moved, not each pixel. */
function fromMovedPlaces(
  fitted: FittedPreprocessing,
  places: PlaceLevels,
  moved: MovedMoments,
  extent: Extent,
  bins: number,
  kernels: Kernels
): Distribution {
  const { starts, bytes } = places
  const { centres, divisors } = moved
  for (let f = 0; f < centres.length; f++) {
    const first = bytes[starts[f]!]!
    const last = bytes[starts[f + 1]! - 1]!
    const centre = centres[f]!
    const divisor = divisors[f]!
    extendByEnds(extent, (first - centre) / divisor, (last - centre) / divisor)
    extendByMean(extent, moved.means[f]!, moved.images, f % fitted.channels)
  }
  extent.squares.set(moved.squares)
  const tally = createTally(extent, bins)
  kernels.tallyPlaces(tally, places, centres, divisors)
  return finish(fitted, extent, tally, moved)
}

/** As well, of a choice that is no shift and scale. */
function fromPlaceLevels(
  fitted: FittedPreprocessing,
  { starts, bytes, counts }: PlaceLevels,
  transform: (value: number, feature: number) => number,
  extent: Extent,
  bins: number
): Distribution {
  const features = featuresOf(fitted)
  const { channels } = fitted
  const room = new Float64Array(256)
  /** transformed values of one feature, in room that is used again, and how often each occurs */
  const levels = (feature: number): { values: Float64Array; times: Counts } => {
    const [from, to] = [starts[feature]!, starts[feature + 1]!]
    for (let i = from; i < to; i++) room[i - from] = transform(bytes[i]!, feature)
    return { values: room.subarray(0, to - from), times: counts.subarray(from, to) }
  }
  for (let f = 0; f < features; f++) {
    const { values, times } = levels(f)
    extendByLevels(extent, values, times, f % channels, f)
  }
  const tally = createTally(extent, bins)
  for (let f = 0; f < features; f++) {
    const { values, times } = levels(f)
    tallyLevels(tally, values, times, f % channels)
  }
  return finish(fitted, extent, tally)
}

function fromChannelLevels(
  fitted: FittedPreprocessing,
  constants: AffineConstants,
  summary: Summary,
  extent: Extent,
  bins: number
): Distribution | undefined {
  const { channels } = fitted
  const centres = broadcast(constants.centre, channels, channels)
  const divisors = broadcast(constants.divisor, channels, channels)
  const perChannel: { values: Float64Array; counts: Float64Array }[] = []
  for (let c = 0; c < channels; c++) {
    const levels = channelLevels(summary, c)
    if (!levels) return undefined
    const values = levels.values.map((value) => (value - centres[c]!) / divisors[c]!)
    perChannel.push({ values, counts: levels.counts })
    extendByLevels(extent, values, levels.counts, c)
  }
  const tally = createTally(extent, bins)
  perChannel.forEach(({ values, counts }, c) => tallyLevels(tally, values, counts, c))
  const moved = movedMoments(summary, constants, fitted)
  extent.squares.set(moved.squares)
  return finish(fitted, extent, tally, moved)
}

/** Moments of (x - centre) / divisor at each of the D places over the images. */
interface MovedMoments {
  readonly images: number
  readonly centres: Float64Array
  readonly divisors: Float64Array
  readonly means: Float64Array
  readonly variances: Float64Array
  /** means of squares */
  readonly squares: Float64Array
}

function movedMoments(
  summary: Summary,
  { centre, divisor }: AffineConstants,
  shape: FittedPreprocessing
): MovedMoments {
  const { mean, std } = featureMoments(summary)
  const centres = broadcast(centre, featuresOf(shape), shape.channels)
  const divisors = broadcast(divisor, featuresOf(shape), shape.channels)
  const means = mean.map((value, f) => (value - centres[f]!) / divisors[f]!)
  const variances = std.map((value, f) => (value / divisors[f]!) ** 2)
  const squares = variances.map((variance, f) => variance + means[f]! ** 2)
  return { images: summary.count, centres, divisors, means, variances, squares }
}

/** Of each feature, of values that were counted image by image. */
export function levelFeatureMoments(
  { origins }: LevelFrame,
  { images, shifts, shiftSquares }: LevelCounts
): FeatureMoments {
  return {
    mean: shifts.map((sum, f) => origins[f]! + sum / images),
    std: shifts.map((sum, f) =>
      Math.sqrt(Math.max(0, shiftSquares[f]! / images - (sum / images) ** 2))
    )
  }
}

/** The distribution of values that were counted image by image, exact. */
export function levelDistribution(
  frame: LevelFrame,
  { min, max }: LevelRange,
  found: LevelCounts
): Distribution {
  const { edges, fitted } = frame
  const { channels } = fitted
  const features = featuresOf(fitted)
  const { mean: means, std: stds } = levelFeatureMoments(frame, found)
  const variances = stds.map((value) => value ** 2)
  const mean: number[] = []
  const std: number[] = []
  for (let channel = 0; channel < channels; channel++) {
    const own = means.filter((_, f) => f % channels === channel)
    const average = own.reduce((sum, value) => sum + value, 0) / own.length
    let variance = 0
    // within the features and between them
    for (let f = channel; f < features; f += channels) {
      variance += variances[f]! + (means[f]! - average) ** 2
    }
    mean.push(average)
    std.push(min === max ? 0 : Math.sqrt(variance / own.length))
  }
  return {
    edges,
    counts: found.counts,
    ...{ mean, std, min, max },
    shareAtMinimum: found.atMinimum / (found.images * features),
    effectiveFeatures: effectiveNumber(variances.map((value, f) => value + means[f]! ** 2)),
    varyingFeatures: effectiveNumber(variances)
  }
}

/** What was counted, as a distribution; `sampled`: a sentence where not all images were. */
export function finish(
  fitted: FittedPreprocessing,
  extent: Extent,
  tally: Tally,
  {
    variances,
    sampled
  }: { readonly variances?: Float64Array; readonly sampled?: string | undefined } = {}
): Distribution {
  const fit = choiceRecord(fitted.choice.id).approximation?.(fitted.parameters)
  const approximation = [sampled, fit].filter(Boolean).join(' ')
  const total = extent.counts.reduce((sum, count) => sum + count, 0)
  return {
    edges: tally.edges,
    counts: tally.counts,
    mean: tally.mean,
    std: Array.from(tally.deviations, (sum, c) => Math.sqrt(sum / extent.counts[c]!)),
    min: extent.min,
    max: extent.max,
    shareAtMinimum: tally.atMinimum / total,
    effectiveFeatures: effectiveNumber(extent.squares),
    varyingFeatures: effectiveNumber(
      variances ?? featureVariances(extent, total / featuresOf(fitted))
    ),
    ...(approximation && { approximation })
  }
}
