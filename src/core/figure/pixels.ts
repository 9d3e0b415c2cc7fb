import type { PixelType } from '../dataset/dataset'
import { choiceRecord } from '../preprocessing/choices'
import type { FittedPreprocessing } from '../preprocessing/preprocessing'
import { describe } from '../preprocessing/describe'
import { binEdges, binOf } from '../statistics/bins'
import { DEFAULT_BINS } from '../statistics/distribution'
import type { Distribution } from '../statistics/distribution'
import { channelLevels } from '../statistics/levels'
import { overallMoments } from '../statistics/moments'
import type { ImageMoments } from '../statistics/moments'
import { leadingLevels } from '../statistics/quantiles'
import type { Summary } from '../statistics/summary'
import type { Axis, Figure, Mark } from './figure'
import { countText, listText, numberText, percentText } from './words'

export type SplitShown = 'train' | 'test' | 'all'

export interface HistogramOptions {
  readonly split: SplitShown
  readonly logCount: boolean
  /** range of the x axis, where several figures share one */
  readonly range?: readonly [number, number]
}

/** A choice with the distribution it gives. */
export interface ChoiceDistribution {
  readonly fitted: FittedPreprocessing
  readonly distribution: Distribution
}

const SPLIT_NAMES: Readonly<Record<SplitShown, string>> = {
  train: 'training split',
  test: 'test split',
  all: 'training and test split'
}

const HISTOGRAM = 'How many of all pixel values of the split fall into each of'

/** Histogram of the values after one choice, with their mean and the ground of one std about it. */
export function histogramFigure(
  { fitted, distribution }: ChoiceDistribution,
  options: HistogramOptions
): Figure {
  const { id } = fitted.choice
  const record = choiceRecord(id)
  const { mean, std } = overall(distribution)
  const bins = distribution.counts.length
  const [from, to] = options.range ?? ends(distribution)
  const colour = { choice: id } as const
  const facts = `mean ${numberText(mean)}, std ${numberText(std)}`
  const least = `${percentText(distribution.shareAtMinimum)} at the minimum`
  return {
    id: `pixels-histogram-${id}`,
    title: record.name,
    subtitle: [`${facts}, ${least}`, distribution.approximation].filter(Boolean).join('. '),
    choice: id,
    definition: `${HISTOGRAM} ${bins} bins of equal width from the least to the greatest value after ${describe(fitted)}. ${record.definition} The dashed line is the mean; the ground reaches one std to either side.`,
    source: record.source,
    summary: `${record.name}, ${SPLIT_NAMES[options.split]}: values from ${numberText(distribution.min)} to ${numberText(distribution.max)}, ${facts}, ${least}.`,
    x: valueAxis(from, to),
    y: countAxis([distribution], options.logCount),
    marks: [
      {
        kind: 'span',
        from: Math.max(mean - std, from),
        to: Math.min(mean + std, to),
        colour,
        label: 'one std about the mean'
      },
      steps({ fitted, distribution }, options.logCount, true),
      {
        kind: 'rule',
        axis: 'x',
        at: mean,
        label: `mean ${numberText(mean)}`,
        colour: { role: 'muted' },
        dash: 'dashed'
      }
    ]
  }
}

/** One figure a choice; with `sharedAxis` they all have the same x axis. */
export function histogramFigures(
  choices: readonly ChoiceDistribution[],
  options: Omit<HistogramOptions, 'range'> & { readonly sharedAxis: boolean }
): Figure[] {
  const range = options.sharedAxis ? commonRange(choices) : undefined
  return choices.map((one) => histogramFigure(one, { ...options, range }))
}

/** The histograms of several choices over one another. */
export function overlayFigure(
  choices: readonly ChoiceDistribution[],
  { split, logCount }: HistogramOptions
): Figure {
  const names = choices.map(({ fitted }) => choiceRecord(fitted.choice.id).name)
  const [from, to] = commonRange(choices)
  const approximations = choices.flatMap(({ distribution, fitted }) =>
    distribution.approximation
      ? [`${choiceRecord(fitted.choice.id).name}: ${distribution.approximation}`]
      : []
  )
  const extents = choices.map(({ distribution: { min, max } }, i) => {
    return `${names[i]} from ${numberText(min)} to ${numberText(max)}`
  })
  return {
    id: 'pixels-overlay',
    title: 'Pixel values under each choice',
    subtitle: [
      `${SPLIT_NAMES[split]}, each choice in bins of its own range`,
      ...approximations
    ].join('. '),
    definition: `${HISTOGRAM} the bins of equal width from the least to the greatest value after each choice. A choice of wide range has wide bins, so its counts are not lower for it.`,
    summary: choices.length === 0 ? 'No choice is shown.' : `${listText(extents)}.`,
    x: valueAxis(from, to),
    y: countAxis(
      choices.map(({ distribution }) => distribution),
      logCount
    ),
    marks: choices.map((one) => steps(one, logCount, false))
  }
}

function steps(
  { fitted, distribution }: ChoiceDistribution,
  logCount: boolean,
  fill: boolean
): Mark {
  const { counts, edges } = distribution
  const floor = logCount ? lowestCount([distribution]) : 0
  return {
    kind: 'steps',
    label: choiceRecord(fitted.choice.id).name,
    colour: { choice: fitted.choice.id },
    fill,
    edges,
    // a logarithmic axis has no place for 0: empty bins stand at its foot
    heights: counts.map((count) => Math.max(count, floor)),
    counts
  }
}

function valueAxis(min: number, max: number): Axis {
  return { label: 'pixel value after preprocessing', scale: 'linear', format: 'number', min, max }
}

function countAxis(distributions: readonly Distribution[], logCount: boolean): Axis {
  return logCount
    ? { label: 'pixels', scale: 'log', format: 'count', min: lowestCount(distributions) }
    : { label: 'pixels', scale: 'linear', format: 'count', min: 0 }
}

/** Foot of a logarithmic axis: 0.5 where a bin is empty, else a power of ten well below the least. */
function lowestCount(distributions: readonly Distribution[]): number {
  let least = Infinity
  for (const { counts } of distributions) for (const count of counts) least = Math.min(least, count)
  return least === 0 || least === Infinity
    ? 0.5
    : Math.max(0.5, 10 ** Math.floor(Math.log10(least / 2)))
}

function ends({ edges }: Distribution): readonly [number, number] {
  return [edges[0]!, edges[edges.length - 1]!]
}

function commonRange(choices: readonly ChoiceDistribution[]): readonly [number, number] {
  if (choices.length === 0) return [0, 1]
  const all = choices.map(({ distribution }) => ends(distribution))
  return [Math.min(...all.map(([from]) => from)), Math.max(...all.map(([, to]) => to))]
}

/** Over all channels, which have equally many values. */
function overall({ mean, std }: Distribution): { mean: number; std: number } {
  if (mean.length === 1) return { mean: mean[0]!, std: std[0]! }
  const centre = mean.reduce((sum, value) => sum + value, 0) / mean.length
  const squares = mean.reduce((sum, value, c) => sum + std[c]! ** 2 + (value - centre) ** 2, 0)
  return { mean: centre, std: Math.sqrt(squares / mean.length) }
}

export interface ImageMomentsOptions {
  readonly split: SplitShown
  readonly fitted: FittedPreprocessing
  readonly dtype: PixelType
  /** cells each way; default 50 */
  readonly cells?: number
  /** class of each image, to show one class only */
  readonly only?: {
    readonly labels: ArrayLike<number>
    readonly label: number
    readonly name: string
  }
}

/** Mean against std of each image as a density: how many images in each cell. */
export function imageMomentsFigure(moments: ImageMoments, options: ImageMomentsOptions): Figure {
  const { fitted, split, cells = 50, only } = options
  const { id } = fitted.choice
  const record = choiceRecord(id)
  const kept = Array.from(moments.mean.keys()).filter((i) => !only || only.labels[i] === only.label)
  const xEdges = edgesOf(moments.mean, cells)
  const yEdges = edgesOf(moments.std, cells)
  const values = new Float64Array(cells * cells).fill(NaN)
  let most = 1
  for (const i of kept) {
    const cell = binOf(moments.std[i]!, yEdges) * cells + binOf(moments.mean[i]!, xEdges)
    values[cell] = (values[cell] || 0) + 1
    most = Math.max(most, values[cell]!)
  }
  const unit = id !== 'raw' ? 'after preprocessing' : UNITS[options.dtype]
  const of = only
    ? `${countText(kept.length)} images of ${only.name}`
    : `${countText(kept.length)} images`
  const means = kept.map((i) => moments.mean[i]!)
  const stds = kept.map((i) => moments.std[i]!)
  return {
    id: `pixels-image-moments-${id}${only ? `-class-${only.label}` : ''}`,
    title: 'Mean and std of each image',
    subtitle: `${of}, ${SPLIT_NAMES[split]}, ${id === 'raw' ? 'as stored' : record.name}`,
    choice: id,
    definition: `Each image counts once, at the mean and the population std of its own values after ${describe(fitted)}. The colour says how many images share a cell, on a logarithmic scale.`,
    summary:
      kept.length === 0
        ? 'No image is shown.'
        : `${of}: means from ${rangeText(means)}, stds from ${rangeText(stds)}.`,
    x: axisOf(`mean of an image (${unit})`, xEdges),
    y: axisOf(`std of an image (${unit})`, yEdges),
    marks: [
      {
        kind: 'cells',
        label: 'images',
        xEdges,
        yEdges,
        values,
        colours: 'viridis',
        domain: [1, most],
        format: 'count',
        logarithmic: true
      }
    ]
  }
}

const UNITS: Readonly<Record<PixelType, string>> = {
  uint8: 'bytes',
  uint16: '16-bit values',
  float32: 'stored values'
}

function edgesOf(values: Float64Array, cells: number): Float64Array {
  const [min, max] = extremes(values)
  return values.length === 0 ? binEdges(0, 1, cells) : binEdges(min, max, cells)
}

function extremes(values: ArrayLike<number>): [number, number] {
  let min = Infinity
  let max = -Infinity
  for (let i = 0; i < values.length; i++) {
    min = Math.min(min, values[i]!)
    max = Math.max(max, values[i]!)
  }
  return [min, max]
}

function rangeText(values: readonly number[]): string {
  const [min, max] = extremes(values)
  return `${numberText(min)} to ${numberText(max)}`
}

function axisOf(label: string, edges: Float64Array): Axis {
  const min = edges[0]!
  const max = edges[edges.length - 1]!
  return { label, scale: 'linear', format: 'number', min, max }
}

/** Histogram of one image's stored values against the average image of the set. */
export function imageHistogramFigure(stored: ArrayLike<number>, summary: Summary): Figure {
  const [least, most] = extremes(stored)
  const set = overallMoments(summary)
  const type = { uint8: 255, uint16: undefined, float32: undefined }[summary.shape.dtype]
  const edges = binEdges(
    type === undefined ? Math.min(least, set?.min ?? least) : 0,
    type ?? Math.max(most, set?.max ?? most),
    DEFAULT_BINS
  )
  const image = new Float64Array(DEFAULT_BINS)
  for (let i = 0; i < stored.length; i++) image[binOf(stored[i]!, edges)]!++
  const { average, exact } = averageCounts(summary, edges)
  const [low, high] = [edges[0]!, edges[DEFAULT_BINS]!]
  let differing = 0
  for (let i = 0; i < DEFAULT_BINS; i++) differing += Math.abs(image[i]! - average[i]!) / 2
  const share = percentText(differing / stored.length)
  return {
    id: 'image-histogram',
    title: 'This image against the set',
    subtitle: `stored values; the set's average over ${countText(summary.count)} images${exact ? '' : ', within 0.4 %'}`,
    definition: `How many values of this image fall into each of ${DEFAULT_BINS} bins of equal width, and how many do on average over the images of the training split.`,
    summary: `Values from ${numberText(least)} to ${numberText(most)}; ${share} of them lie in other bins than the average image's.`,
    x: {
      label: `pixel value (${UNITS[summary.shape.dtype]})`,
      scale: 'linear',
      format: 'number',
      min: low,
      max: high
    },
    y: { label: 'pixels of the image', scale: 'linear', format: 'count', min: 0 },
    marks: [
      {
        kind: 'steps',
        label: 'average image',
        colour: { role: 'muted' },
        fill: true,
        edges,
        heights: average
      },
      {
        kind: 'steps',
        label: 'this image',
        colour: { role: 'accent' },
        fill: false,
        edges,
        heights: image
      }
    ]
  }
}

function averageCounts(
  summary: Summary,
  edges: Float64Array
): { average: Float64Array; exact: boolean } {
  const average = new Float64Array(edges.length - 1)
  let exact = true
  for (let c = 0; c < summary.shape.channels && summary.count > 0; c++) {
    const levels = channelLevels(summary, c)
    exact &&= levels !== undefined
    const { values, counts } = levels ?? leadingLevels(summary, c)
    for (let i = 0; i < values.length; i++) {
      const bin = binOf(values[i]!, edges)
      average[bin] = average[bin]! + counts[i]! / summary.count
    }
  }
  return { average, exact }
}
