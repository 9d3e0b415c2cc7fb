import { percent } from '../numbers'
import { choiceRecord } from '../preprocessing/choices'
import type { FittedPreprocessing } from '../preprocessing/preprocessing'
import { describe } from '../preprocessing/fitted'
import type { Distribution } from '../preprocessing/distribution'
import type { Axis, Figure, Mark } from './figure'
import { listText, numberText, SPLIT_NAMES } from './words'
import type { SplitShown } from './words'

export { imageHistogramFigure, imageMomentsFigure } from './image-figures'

interface HistogramOptions {
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
  const least = `${percent(distribution.shareAtMinimum)} at minimum`
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
        colour
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

/** Axes of the values of overlaid histograms, the default first. */
export const OVERLAY_AXES = [
  { id: 'symlog', name: 'Symlog axis' },
  { id: 'linear', name: 'Linear axis' },
  { id: 'own', name: 'Own ranges' }
] as const
export type OverlayAxis = (typeof OVERLAY_AXES)[number]['id']

/** The histograms of several choices over one another. */
export function overlayFigure(
  choices: readonly ChoiceDistribution[],
  { split, logCount, axis = OVERLAY_AXES[0].id }: HistogramOptions & { readonly axis?: OverlayAxis }
): Figure {
  const names = choices.map(({ fitted }) => choiceRecord(fitted.choice.id).name)
  const x = overlaidAxis(choices, axis)
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
      ...(axis === 'own' ? ['Choices of the same shape lie on one another'] : []),
      ...approximations
    ].join('. '),
    definition: `${HISTOGRAM} the bins of equal width from the least to the greatest value after each choice. A choice of wide range has wide bins, so its counts are not lower for it.${x.said}`,
    summary: choices.length === 0 ? 'No choice is shown.' : `${listText(extents)}.`,
    x: x.axis,
    y: countAxis(
      choices.map(({ distribution }) => distribution),
      logCount
    ),
    marks: choices.map((one) => steps(one, logCount, false))
  }
}

/** The axis on which all choices can be read, with what is to be said of it. */
function overlaidAxis(
  choices: readonly ChoiceDistribution[],
  scale: OverlayAxis
): { readonly axis: Axis; readonly said: string } {
  const [from, to] = commonRange(choices)
  const shared = valueAxis(from, to)
  if (scale === 'own') {
    const label = `${shared.label}, each choice over its own range`
    return {
      axis: { label, scale, format: 'number' },
      said: ' Each choice has an axis of its own, from its least to its greatest value.'
    }
  }
  const reaches = choices
    .map(({ distribution }) => Math.max(...ends(distribution).map(Math.abs)))
    .filter((reach) => reach > 0)
  if (scale === 'linear' || reaches.length === 0) return { axis: shared, said: '' }
  // a tenth to all of the narrowest choice lies beyond the linear part
  const linearWithin = 10 ** (Math.floor(Math.log10(Math.min(...reaches))) - 1)
  const range = `linear within ±${numberText(linearWithin)}, logarithmic beyond`
  return {
    axis: { ...shared, label: `${shared.label} (${range})`, scale, linearWithin },
    said: ` The axis is ${range}; the linear part to either side of 0 is as wide as a power of ten.`
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
