import { decayKindOf } from '../network/decay'
import { lossOf } from '../network/losses'
import { percent, plain } from '../numbers'
import { probeTextOf } from '../study/probe'
import { chanceOf, taskText } from '../study/run'
import { groupRuns } from '../study/groups'
import type { RunGroup } from '../study/groups'
import type { EpochRecord, RunProgress, RunRecord, Trace } from '../study/run'
import type { Axis, Dash, Figure, Mark } from './figure'
import { stylesOf } from './line-styles'
import type { LineStyle } from './line-styles'
import { smoothed } from './smoothing'

export type Measure = 'loss' | 'accuracy' | 'gradient-norm' | 'zero-gradient'
export type MeasuredSplit = 'train' | 'test'

/** One line of a run: a measure has one, or several parts that are drawn apart. */
interface Part {
  /** after the name of the run; absent where the measure has one line */
  readonly label?: string
  /** absent: that of the loss */
  readonly dash?: Dash
  readonly value: (epoch: EpochRecord, split: MeasuredSplit) => number | undefined
  /** running value within an epoch */
  readonly live?: (progress: RunProgress) => number | undefined
  /** means over parts of the epoch, in training */
  readonly trace?: (trace: Trace) => readonly number[]
}

interface MeasureRecord {
  readonly title: (split: MeasuredSplit) => string
  readonly axis: Axis
  readonly definition: string
  readonly source?: string
  readonly parts: readonly Part[]
}

const SPLIT_WORDS = { train: 'Training', test: 'Test' } as const
const axis = (label: string, rest: Partial<Axis> = {}): Axis => ({
  label,
  scale: 'linear',
  format: 'number',
  ...rest
})

const MEASURES: Readonly<Record<Measure, MeasureRecord>> = {
  accuracy: {
    title: (split) => `${SPLIT_WORDS[split]} accuracy by epoch`,
    axis: axis('accuracy', { format: 'percent', min: 0, max: 1 }),
    definition:
      'Share of the images whose most probable class is their label. Test: all test images, after the epoch. Training: the mean over the steps of the epoch, each measured before its own update, as Keras shows it. Epoch 0 is before training. Chance: always naming the most frequent class of the test images.',
    parts: [
      {
        value: (epoch, split) => (split === 'test' ? epoch.testAccuracy : epoch.trainAccuracy),
        live: (progress) => progress.trainAccuracy,
        trace: (trace) => trace.accuracy
      }
    ]
  },
  loss: {
    title: (split) => `${SPLIT_WORDS[split]} loss by epoch`,
    axis: axis('cross-entropy (nats)'),
    definition:
      'Mean cross-entropy −log p of the label’s probability p, without the weight penalty, which Keras adds to the loss that it shows. Exact loss: from the log-softmax of the outputs. Clipped losses: p is first clipped to [1e−7, 1 − 1e−7], so it can be at most 16.1. Training: mean over the steps of the epoch.',
    source: `Exact: ${lossOf('exact').source}. Clipped: ${lossOf('clipped').source}. Clipped (2018): ${lossOf('clipped-2018').source}`,
    parts: [
      {
        value: (epoch, split) => (split === 'test' ? epoch.testLoss : epoch.trainLoss),
        live: (progress) => progress.trainLoss,
        trace: (trace) => trace.loss
      }
    ]
  },
  'gradient-norm': {
    title: () => 'Gradient norm of the first layer by epoch',
    axis: axis('L2 norm of the mean gradient', { scale: 'log' }),
    definition:
      'Length of the gradient of the mean loss over the probe images with respect to weights and biases of the first layer: the root of the sum of its squares. The input’s scale multiplies it.',
    source: 'LeCun, Bottou, Orr & Müller 1998, Efficient BackProp',
    parts: [{ value: (epoch) => epoch.gradientNorms[0] }]
  },
  'zero-gradient': {
    title: () => 'Samples with no gradient',
    axis: axis('', { format: 'percent', min: 0, max: 1 }),
    definition:
      'Share of the epoch’s training samples whose loss gradient is exactly 0: they change nothing. In two parts. Wrong, or trapped: the label’s probability is below 1e−7, so a clipped loss no longer pulls it up. Right, or learned: the label has all the probability that the loss can resolve, so nothing is left to learn from it. Epoch 0: over the training split, before training.',
    source: `${lossOf('clipped').source}; ${lossOf('clipped-2018').source}`,
    parts: [
      {
        label: 'wrong',
        dash: 'solid',
        value: (epoch) => epoch.trappedFraction,
        live: (progress) => progress.trappedFraction
      },
      {
        label: 'right',
        dash: 'dotted',
        value: (epoch) => epoch.learnedFraction,
        live: (progress) => progress.learnedFraction
      },
      {
        label: 'wrong or right, recorded together',
        dash: 'dashed',
        value: (epoch) =>
          epoch.trappedFraction === undefined ? epoch.zeroGradientFraction : undefined
      }
    ]
  }
}

export type Along = 'epoch' | 'step'

interface TrainingFigureOptions {
  readonly measure: Measure
  readonly split: MeasuredSplit
  /** loss on a log axis */
  readonly logarithmic?: boolean
  /** what is counted along x; default epochs */
  readonly along?: Along
  /** share of what was before in the moving average that is drawn; 0 draws what was measured */
  readonly smoothing?: number
  /** of gradient norms: the place of the layer among those with weights, and its name; default the first */
  readonly layer?: { readonly at: number; readonly name: string }
  /** of runs under way */
  readonly progress?: (id: string) => RunProgress | undefined
}

/** The measure; of a layer where it is one of layers and one is chosen. */
function measureOf({ measure, layer }: TrainingFigureOptions): MeasureRecord {
  const record = MEASURES[measure]
  if (measure !== 'gradient-norm' || !layer) return record
  const named = (text: string): string => text.replaceAll('the first layer', layer.name)
  return {
    ...record,
    title: (split) => named(record.title(split)),
    definition: named(record.definition),
    parts: [{ value: ({ gradientNorms }) => gradientNorms[layer.at] }]
  }
}

/** A measured number and where it stands, in epochs. */
interface Point {
  readonly at: number
  readonly value: number | undefined
}

/** What was measured of an epoch: where it was traced in training, in its parts. */
function pointsOf(
  { epoch, trace }: Pick<EpochRecord, 'epoch' | 'trace'>,
  part: Part,
  value: number | undefined,
  split: MeasuredSplit
): Point[] {
  const traced = split === 'train' && trace && part.trace?.(trace)
  if (!traced) return [{ at: epoch, value }]
  return trace.fraction.map((fraction, at) => ({ at: epoch - 1 + fraction, value: traced[at] }))
}

/** Whether a line grows within an epoch, and not at its end alone. */
function isLive(part: Part, { split, measure }: TrainingFigureOptions): boolean {
  return part.live !== undefined && (split === 'train' || measure === 'zero-gradient')
}

/** How far a run is within its epoch. */
function livePoints(progress: RunProgress, part: Part): Point[] {
  const { epoch, step, stepsPerEpoch, trace } = progress
  if (!part.live || step === 0) return []
  if (trace && part.trace) return pointsOf({ epoch, trace }, part, undefined, 'train')
  return [{ at: epoch - 1 + step / stepsPerEpoch, value: part.live(progress) }]
}

function stepsPerEpoch({ config, trainCount }: RunRecord): number {
  return Math.ceil(Math.min(trainCount, config.limit ?? Infinity) / config.batch)
}

/** Mean, lowest and highest over the seeds, wherever one of them was measured. */
function lineOf(
  group: RunGroup,
  part: Part,
  options: TrainingFigureOptions,
  { dash, marker, shared }: LineStyle
): Mark | undefined {
  const byPlace = new Map<number, number[]>()
  const put = ({ at, value }: Point): void => {
    if (value === undefined) return
    const values = byPlace.get(at)
    if (values) values.push(value)
    else byPlace.set(at, [value])
  }
  const { split, measure, along = 'epoch', smoothing = 0 } = options
  for (const run of group.runs) {
    for (const epoch of run.epochs) {
      for (const point of pointsOf(epoch, part, part.value(epoch, split), split)) put(point)
    }
  }
  // one run alone shows how far it is within the epoch; several seeds are at different places
  const only = group.runs.length === 1 ? group.runs[0] : undefined
  const progress = only && isLive(part, options) ? options.progress?.(only.id) : undefined
  if (progress) {
    for (const point of livePoints(progress, part)) {
      if (!byPlace.has(point.at)) put(point)
    }
  }
  const places = [...byPlace.keys()].sort((a, b) => a - b)
  const [first] = group.runs
  if (places.length === 0 || !first) return undefined
  const unit = along === 'step' ? stepsPerEpoch(first) : 1
  const at = (summary: (values: readonly number[]) => number): number[] =>
    smoothed(
      places.map((place) => summary(byPlace.get(place) ?? [])),
      smoothing
    )
  const several = group.runs.length > 1
  const dense = places.length > 40
  return {
    kind: 'line',
    label: part.label ? `${group.label}: ${part.label}` : group.label,
    colour: { choice: group.config.choice.id },
    dash: part.dash ?? dash,
    x: places.map((place) => place * unit),
    y: at((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
    points:
      shared ||
      (!dense && measure !== 'zero-gradient' && (dash === 'solid' || places.length === 1)),
    ...(shared && { marker }),
    ...(several && {
      band: { low: at((values) => Math.min(...values)), high: at((values) => Math.max(...values)) }
    })
  }
}

function seedsText(groups: readonly RunGroup[]): string {
  const most = Math.max(0, ...groups.map(({ runs }) => runs.length))
  if (most <= 1) return 'one seed'
  const same = groups.every(({ runs }) => runs.length === most)
  return same
    ? `line: mean of ${most} seeds, band: lowest to highest`
    : `line: mean of up to ${most} seeds, band: lowest to highest`
}

/** The images that the groups' runs were measured on. */
function probesText(groups: readonly RunGroup[]): string {
  const texts = groups.flatMap(({ runs }) => runs.map(probeTextOf))
  return [...new Set(texts)].join('; ')
}

function endText(value: number, format: Axis['format']): string {
  if (Number.isNaN(value)) return 'not a number'
  return format === 'percent' ? percent(value) : plain(value, 3)
}

/** An L2 penalty is part of what is minimised; decoupled decay is not. */
function isPenalised({ config }: RunGroup): boolean {
  return config.weightDecay.factor > 0 && decayKindOf(config) === 'l2'
}

/** One line for each chance that the runs have; it says whose it is where there are several. */
function chanceRules(groups: readonly RunGroup[]): Mark[] {
  const tasks = new Map<number, Set<string>>()
  for (const { runs, config } of groups) {
    const chance = runs[0] && chanceOf(runs[0])
    if (chance !== undefined)
      tasks.set(chance, (tasks.get(chance) ?? new Set()).add(taskText(config)))
  }
  return [...tasks].map(([at, whose]) => {
    const of = tasks.size > 1 ? ` of ${[...whose].join(', ')}` : ''
    return {
      kind: 'rule',
      axis: 'y',
      at,
      label: `chance${of}, ${endText(at, 'percent').replace('.0 ', ' ')}`,
      colour: { role: 'muted' },
      dash: 'dotted'
    }
  })
}

/** More lines than that, or longer names, are named in the legend. */
const MAX_END_LABELS = 6
const MAX_END_LETTERS = 32

/** What is drawn in place of what was measured. */
function smoothingText(smoothing: number): string[] {
  return smoothing === 0 ? [] : [`smoothed: exponential moving average, factor ${smoothing}`]
}

/** Curves of runs by epoch, one line a configuration; undefined before anything was measured. */
export function trainingFigure(
  records: readonly RunRecord[],
  options: TrainingFigureOptions
): Figure | undefined {
  const of = measureOf(options)
  const groups = groupRuns(records)
  const styles = stylesOf(groups)
  const drawn = groups.flatMap((group) =>
    of.parts.flatMap((part) => {
      const line = lineOf(group, part, options, styles.get(group)!)
      return line ? [{ group, line }] : []
    })
  )
  const atEnds =
    options.measure !== 'zero-gradient' &&
    drawn.length <= MAX_END_LABELS &&
    groups.every(({ label }) => label.length <= MAX_END_LETTERS)
  const lines = drawn.map(({ line }) => ({ ...line, directLabel: atEnds }))
  if (lines.length === 0) return undefined
  const { title, axis: y, definition, source } = of
  const { measure, split, logarithmic, along = 'epoch', smoothing = 0 } = options
  const yAxis: Axis = {
    ...y,
    ...(measure === 'accuracy' && { label: `${split === 'test' ? 'test' : 'training'} accuracy` }),
    ...(measure === 'loss' && logarithmic && { scale: 'log' }),
    ...(measure === 'loss' &&
      groups.some(isPenalised) && { label: `${y.label}, without the weight penalty` })
  }
  const ends = lines.map((mark) => {
    const last = mark.kind === 'line' ? (mark.y[mark.y.length - 1] ?? NaN) : NaN
    return `${'label' in mark ? mark.label : ''} ${endText(last, y.format)}`
  })
  const splitless = measure === 'zero-gradient' || measure === 'gradient-norm'
  const lengths = groups.map(({ config, runs: [run] }) =>
    along === 'step' && run ? config.epochs * stepsPerEpoch(run) : config.epochs
  )
  const rules = measure === 'accuracy' ? chanceRules(drawn.map(({ group }) => group)) : []
  return {
    id: splitless ? `training-${measure}` : `training-${measure}-${split}`,
    title: title(split).replace(/epoch$/, along),
    subtitle:
      measure === 'zero-gradient'
        ? 'share of an epoch; solid: wrong, dotted: right'
        : [
            seedsText(groups),
            ...(measure === 'gradient-norm' ? [probesText(groups)] : []),
            ...smoothingText(smoothing)
          ].join('; '),
    definition,
    ...(source && { source }),
    summary: `${title(split)}, at the end: ${ends.join('; ')}.`,
    x: {
      label: along,
      scale: 'linear',
      format: along === 'step' ? 'count' : 'integer',
      min: 0,
      max: Math.max(...lengths)
    },
    y: yAxis,
    marks: [...rules, ...lines]
  }
}
