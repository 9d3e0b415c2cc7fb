import { featuresOf } from '../dataset/dataset'
import { add, divide, multiply, negate } from './compensated'
import type { DoubleDouble } from './compensated'
import { channelLevels } from './counting/levels'
import type { Levels } from './counting/levels'
import type { Moments, MomentRows } from './moment-rows'
import { ofSummary } from './of-summary'
import type { Summary } from './summary'
import type { Counts } from './summary-types'

export type { Moments, MomentRows } from './moment-rows'

/** Per channel, of the stored values; arrays of length `channels`, empty for no images. */
export interface ChannelMoments {
  readonly mean: number[]
  /** population: divided by the number of values */
  readonly std: number[]
  readonly min: number[]
  readonly max: number[]
  /** exact for whole-number pixels up to 2^53, else the nearest double */
  readonly sum: number[]
  readonly sumOfSquares: number[]
}

/**
 * Moments of each channel. Whole-number pixels: sums are taken exactly, mean and std rounded once
 * or twice from them, so they do not depend on the order of images or shards.
 */
export function channelMoments(summary: Summary): ChannelMoments {
  const moments: ChannelMoments = {
    mean: [],
    std: [],
    min: [],
    max: [],
    sum: [],
    sumOfSquares: []
  }
  if (summary.count === 0) return moments
  for (let channel = 0; channel < summary.shape.channels; channel++) {
    const one =
      summary.shape.dtype === 'float32'
        ? floatMoments(summary, channel)
        : wholeMoments(channelLevels(summary, channel)!)
    for (const key of Object.keys(moments) as (keyof ChannelMoments)[]) moments[key].push(one[key])
  }
  return moments
}

type OneChannel = { readonly [Key in keyof ChannelMoments]: number }

function wholeMoments({ values, counts }: Levels): OneChannel {
  let count = 0n
  let sum = 0n
  let squares = 0n
  for (let i = 0; i < values.length; i++) {
    const value = BigInt(values[i]!)
    const times = BigInt(counts[i]!)
    count += times
    sum += value * times
    squares += value * value * times
  }
  return {
    mean: Number(sum) / Number(count),
    std: Math.sqrt(Number(count * squares - sum * sum)) / Number(count),
    min: values[0]!,
    max: values[values.length - 1]!,
    sum: Number(sum),
    sumOfSquares: Number(squares)
  }
}

function floatMoments(summary: Summary, channel: number): OneChannel {
  const { shape } = summary
  const sums = summary.featureSums!
  let sum: DoubleDouble = { high: 0, low: 0 }
  let squares: DoubleDouble = { high: 0, low: 0 }
  let min = Infinity
  let max = -Infinity
  for (let f = channel; f < sums.sum.length; f += shape.channels) {
    sum = add(sum, { high: sums.sum[f]!, low: sums.sumError[f]! })
    squares = add(squares, { high: sums.sumOfSquares[f]!, low: sums.sumOfSquaresError[f]! })
    min = Math.min(min, sums.min[f]!)
    max = Math.max(max, sums.max[f]!)
  }
  const count = summary.count * shape.height * shape.width
  return {
    mean: divide(sum, count).high,
    std: stdOf(sum, squares, count, min === max),
    min,
    max,
    sum: sum.high,
    sumOfSquares: squares.high
  }
}

function stdOf(sum: DoubleDouble, squares: DoubleDouble, count: number, constant: boolean): number {
  if (constant) return 0
  const meanOfSquares = divide(squares, count)
  const mean = divide(sum, count)
  return Math.sqrt(Math.max(0, add(meanOfSquares, negate(multiply(mean, mean))).high))
}

/** Moments of each feature over the images: the mean image, the std image, ... NaN for no images. */
export const featureMoments = ofSummary((summary): MomentRows => {
  const features = featuresOf(summary.shape)
  const row = (): Float64Array => new Float64Array(features).fill(NaN)
  const moments: MomentRows = { mean: row(), std: row(), min: row(), max: row() }
  if (summary.count === 0) return moments
  for (let feature = 0; feature < features; feature++) {
    const one = summary.featureCounts
      ? countedFeature(summary.featureCounts, feature, summary.count)
      : summedFeature(summary, feature)
    for (const key of Object.keys(one) as (keyof Moments)[]) moments[key][feature] = one[key]
  }
  return moments
})

function countedFeature(counts: Counts, feature: number, images: number): Moments {
  let sum = 0
  let squares = 0
  let min = 255
  let max = 0
  for (let value = 0; value < 256; value++) {
    const count = counts[feature * 256 + value]!
    if (count === 0) continue
    sum += value * count
    squares += value * value * count
    min = Math.min(min, value)
    max = value
  }
  // below 2^53 for up to 370,000 images, and never far off above: images x squares - sum^2
  const std = min === max ? 0 : Math.sqrt(Math.max(0, images * squares - sum * sum)) / images
  return { mean: sum / images, std, min, max }
}

function summedFeature(summary: Summary, feature: number): Moments {
  const sums = summary.featureSums!
  const min = sums.min[feature]!
  const max = sums.max[feature]!
  const sum = { high: sums.sum[feature]!, low: sums.sumError[feature]! }
  const squares = { high: sums.sumOfSquares[feature]!, low: sums.sumOfSquaresError[feature]! }
  return {
    mean: divide(sum, summary.count).high,
    std: stdOf(sum, squares, summary.count, min === max),
    min,
    max
  }
}

/** Of each image's D stored values, in the order in which images were added. */
export function imageMoments(summary: Summary): MomentRows {
  const features = featuresOf(summary.shape)
  const { sum, std, min, max } = summary.images
  return { mean: sum.map((value) => value / features), std, min, max }
}

/** Of all values of the set together, over all channels; undefined for no images. */
export function overallMoments(summary: Summary): Moments | undefined {
  if (summary.count === 0) return undefined
  const { mean, std, min, max } = channelMoments(summary)
  const channels = mean.length
  if (channels === 1) return { mean: mean[0]!, std: std[0]!, min: min[0]!, max: max[0]! }
  const overall = mean.reduce((total, one) => total + one, 0) / channels
  // the channels have equally many values: variance within plus variance between
  const variance =
    mean.reduce((total, one, c) => total + std[c]! ** 2 + (one - overall) ** 2, 0) / channels
  return {
    mean: overall,
    std: Math.sqrt(variance),
    min: Math.min(...min),
    max: Math.max(...max)
  }
}

export function momentsOf(values: ArrayLike<number>): Moments {
  let sum = 0
  let min = Infinity
  let max = -Infinity
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    sum += value
    if (value < min) min = value
    if (value > max) max = value
  }
  const mean = sum / values.length
  let squares = 0
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2
  // rounding of the mean is no spread
  return { mean, std: min === max ? 0 : Math.sqrt(squares / values.length), min, max }
}
