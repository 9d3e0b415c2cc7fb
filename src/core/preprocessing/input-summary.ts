import { featuresOf } from '../dataset/dataset'
import type { PixelArray, PixelType } from '../dataset/dataset'
import { channelMoments, featureMoments } from '../statistics/moments'
import type { MomentRows } from '../statistics/moments'
import type { Summary } from '../statistics/summary'
import { applier } from './apply'
import { effectiveNumber } from '../statistics/effective-number'
import { broadcast } from './forms/affine'
import { formRecord } from './forms/forms'
import { AS_CHOSEN } from './input'
import type { FittedPreprocessing } from './preprocessing'

/** What a network is given: counted over the images that it trains on, after the choice and what scales and shifts it. */
export interface InputSummary {
  /** D, values in one image */
  readonly features: number
  /** of an image; absent in records of older versions */
  readonly shape?: readonly [height: number, width: number, channels: number]
  /** population std of each channel over all images and places; absent in records of older versions */
  readonly channelStd?: readonly number[]
  /** over all values of all images */
  readonly mean: number
  /** population std over the same */
  readonly std: number
  /** E[y²] over the same */
  readonly secondMoment: number
  /** features that have one value in all images */
  readonly constantFeatures: number
  /** of the features' stds over the images: of those that are not constant; 0 where all are */
  readonly featureStd: { readonly median: number; readonly max: number }
  /** of the features' ranges, greatest less least value: as for their stds */
  readonly featureRange: { readonly median: number; readonly max: number }
  /** exp of the entropy of the features' shares of the summed E[y²], from 1 to D; 0 for none */
  readonly effectiveBySecondMoment: number
  /** the same of their shares of the summed variance */
  readonly effectiveByVariance: number
  /** the values as they are stored, before the choice; mean and std are one a channel */
  readonly stored: {
    readonly type: PixelType
    readonly min: number
    readonly max: number
    readonly mean: readonly number[]
    readonly std: readonly number[]
  }
  /** stored values of the test images against those of the training images; absent without any */
  readonly test?: TestDifference
  /** where not every image was looked at: how many were */
  readonly sampledImages?: number
}

export interface TestDifference {
  /** the channel's difference of means that is greatest, in stds of its training values */
  readonly shift: number
  /** std of the test values over that of the training values, of the channel where it is furthest from 1 */
  readonly spread: number
}

/** Of each feature over the images. */
type FeatureRows = Pick<MomentRows, 'mean' | 'std'> & { readonly range: Float64Array }

/**
 * From counts alone, exact; undefined where the choice is no shift and scale of each feature: then
 * use `sampledInputSummary`.
 */
export function inputSummary(
  fitted: FittedPreprocessing,
  train: Summary,
  test?: Summary
): InputSummary | undefined {
  const { form, channels } = fitted
  const constants = formRecord(form).affine?.(form)
  if (!constants || train.count === 0) return undefined
  const features = featuresOf(fitted)
  const centres = broadcast(constants.centre, features, channels)
  const divisors = broadcast(constants.divisor, features, channels)
  const stored = featureMoments(train)
  const { scale, offset } = fitted.after ?? AS_CHOSEN
  const moments = {
    mean: stored.mean.map((value, f) => (scale * (value - centres[f]!)) / divisors[f]! + offset),
    std: stored.std.map((value, f) => Math.abs((scale * value) / divisors[f]!)),
    range: stored.max.map((value, f) => Math.abs((scale * (value - stored.min[f]!)) / divisors[f]!))
  }
  return summaryOf(moments, fitted, train, test)
}

/** The same from some images of the training split: `pixels` holds whole ones. */
export function sampledInputSummary(
  fitted: FittedPreprocessing,
  pixels: PixelArray,
  train: Summary,
  test?: Summary
): InputSummary {
  const features = featuresOf(fitted)
  const count = pixels.length / features
  const apply = applier(fitted)
  const values = new Float64Array(features)
  const mean = new Float64Array(features)
  const squares = new Float64Array(features)
  const min = new Float64Array(features).fill(Infinity)
  const max = new Float64Array(features).fill(-Infinity)
  for (let image = 0; image < count; image++) {
    apply(pixels.subarray(image * features, (image + 1) * features), values)
    // Welford: sums of squares of near-constant features would cancel
    for (let f = 0; f < features; f++) {
      const before = values[f]! - mean[f]!
      mean[f]! += before / (image + 1)
      squares[f]! += before * (values[f]! - mean[f]!)
      min[f] = Math.min(min[f]!, values[f]!)
      max[f] = Math.max(max[f]!, values[f]!)
    }
  }
  const std = squares.map((sum) => Math.sqrt(sum / count))
  const range = max.map((value, f) => value - min[f]!)
  const sampled = count < train.count ? { sampledImages: count } : {}
  return { ...summaryOf({ mean, std, range }, fitted, train, test), ...sampled }
}

function summaryOf(
  { mean, std, range }: FeatureRows,
  { height, width, channels: depth }: FittedPreprocessing,
  train: Summary,
  test: Summary | undefined
): InputSummary {
  const features = mean.length
  const average = mean.reduce((sum, value) => sum + value, 0) / features
  const seconds = mean.map((value, f) => value ** 2 + std[f]! ** 2)
  const second = seconds.reduce((sum, value) => sum + value, 0) / features
  // the spread within the features and that between them, not E[y²] − mean²: that would cancel
  const variance = mean.reduce((sum, m, f) => sum + std[f]! ** 2 + (m - average) ** 2, 0) / features
  const stds = std.filter((value) => value > 0)
  const channels = channelMoments(train)
  return {
    features,
    shape: [height, width, depth],
    channelStd: channelStds({ mean, std }, depth),
    mean: average,
    std: Math.sqrt(variance),
    secondMoment: second,
    constantFeatures: features - stds.length,
    featureStd: middleAndMost(stds),
    featureRange: middleAndMost(range.filter((value) => value > 0)),
    effectiveBySecondMoment: effectiveNumber(seconds),
    effectiveByVariance: effectiveNumber(std.map((value) => value ** 2)),
    stored: {
      type: train.shape.dtype,
      min: Math.min(...channels.min),
      max: Math.max(...channels.max),
      mean: channels.mean,
      std: channels.std
    },
    ...(test && test.count > 0 ? { test: testDifference(train, test) } : {})
  }
}

/** Of each channel over all images and places, from its features' means and stds; channel quickest. */
function channelStds({ mean, std }: Pick<FeatureRows, 'mean' | 'std'>, channels: number): number[] {
  return Array.from({ length: channels }, (_, channel) => {
    const own = mean.filter((_, f) => f % channels === channel)
    const average = own.reduce((sum, value) => sum + value, 0) / own.length
    const squares = own.reduce(
      (sum, value, place) => sum + std[place * channels + channel]! ** 2 + (value - average) ** 2,
      0
    )
    return Math.sqrt(squares / own.length)
  })
}

function middleAndMost(values: Float64Array): { median: number; max: number } {
  const sorted = values.slice().sort()
  return { median: sorted[sorted.length >> 1] ?? 0, max: sorted[sorted.length - 1] ?? 0 }
}

function testDifference(train: Summary, test: Summary): TestDifference {
  const a = channelMoments(train)
  const b = channelMoments(test)
  let shift = 0
  let spread = 1
  a.mean.forEach((mean, c) => {
    // a constant channel has no std to measure by
    const unit = a.std[c]! || Math.abs(mean) || 1
    shift = Math.max(shift, Math.abs(b.mean[c]! - mean) / unit)
    const ratio = b.std[c]! / unit
    if (Math.abs(Math.log(ratio)) > Math.abs(Math.log(spread))) spread = ratio
  })
  return { shift, spread }
}
