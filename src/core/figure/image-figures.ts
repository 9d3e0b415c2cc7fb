import type { PixelType } from '../dataset/dataset'
import { grouped, percent } from '../numbers'
import { choiceRecord } from '../preprocessing/choices'
import { describe } from '../preprocessing/fitted'
import type { FittedPreprocessing } from '../preprocessing/preprocessing'
import { binEdges, binOf } from '../statistics/counting/bins'
import { DEFAULT_BINS } from '../preprocessing/distribution'
import { channelLevels } from '../statistics/counting/levels'
import { overallMoments } from '../statistics/moments'
import type { MomentRows } from '../statistics/moments'
import { leadingLevels } from '../statistics/quantiles'
import type { Summary } from '../statistics/summary'
import type { Axis, Figure } from './figure'
import { numberText, SPLIT_NAMES } from './words'
import type { SplitShown } from './words'

interface ImageMomentsOptions {
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
export function imageMomentsFigure(moments: MomentRows, options: ImageMomentsOptions): Figure {
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
  const unit = record.stored ? UNITS[options.dtype] : 'after preprocessing'
  const counted = `${grouped(kept.length)} ${kept.length === 1 ? 'image' : 'images'}`
  const of = only ? `${counted} of ${only.name}` : counted
  const means = kept.map((i) => moments.mean[i]!)
  const stds = kept.map((i) => moments.std[i]!)
  return {
    id: `pixels-image-moments-${id}${only ? `-class-${only.label}` : ''}`,
    title: 'Mean and std of each image',
    subtitle: `${of}, ${SPLIT_NAMES[split]}, ${record.stored ? 'as stored' : record.name}`,
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
  const share = percent(differing / stored.length)
  return {
    id: 'image-histogram',
    title: 'This image against the set',
    subtitle: `stored values; the set's average over ${grouped(summary.count)} images${exact ? '' : ', within 0.4 %'}`,
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
