import { decayKindOf } from '../network/decay'
import { lossOf } from '../network/losses'
import { percent, plain } from '../numbers'
import { probeTextOf } from '../study/probe'
import { chanceOf, taskText } from '../study/run'
import { groupRuns } from '../study/groups'
import type { RunGroup } from '../study/groups'
import type { EpochRecord, RunProgress, RunRecord } from '../study/run'
import type { Axis, Dash, Figure, Mark } from './figure'

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
        live: (progress) => progress.trainAccuracy
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
        live: (progress) => progress.trainLoss
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
      'Share of the epoch’s training samples whose loss gradient is exactly 0: they change nothing. In two parts. Wrong, or trapped: the label’s probability is below 1e−7, so a clipped loss no longer pulls it up. Right, or learned: the label has all the probability that the loss can tell, so nothing is left to learn from it. Epoch 0: over the training split, before training.',
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
        label: 'wrong or right, not told apart',
        dash: 'dashed',
        value: (epoch) =>
          epoch.trappedFraction === undefined ? epoch.zeroGradientFraction : undefined
      }
    ]
  }
}

interface TrainingFigureOptions {
  readonly measure: Measure
  readonly split: MeasuredSplit
  /** loss on a log axis */
  readonly logarithmic?: boolean
  /** of runs under way */
  readonly progress?: (id: string) => RunProgress | undefined
}

/** Mean, lowest and highest over the seeds, at every epoch that one of them has reached. */
function lineOf(group: RunGroup, part: Part, options: TrainingFigureOptions): Mark | undefined {
  const byEpoch = new Map<number, number[]>()
  const put = (x: number, value: number | undefined): void => {
    if (value === undefined) return
    const values = byEpoch.get(x)
    if (values) values.push(value)
    else byEpoch.set(x, [value])
  }
  for (const run of group.runs) {
    for (const epoch of run.epochs) put(epoch.epoch, part.value(epoch, options.split))
  }
  // one run alone shows how far it is within the epoch; several seeds are at different places
  const only = group.runs.length === 1 ? group.runs[0] : undefined
  const progress = only && options.progress?.(only.id)
  const inside = options.split === 'train' || options.measure === 'zero-gradient'
  if (progress && part.live && inside && progress.step > 0) {
    const at = progress.epoch - 1 + progress.step / progress.stepsPerEpoch
    if (!byEpoch.has(at)) put(at, part.live(progress))
  }
  const x = [...byEpoch.keys()].sort((a, b) => a - b)
  if (x.length === 0) return undefined
  const at = (summary: (values: readonly number[]) => number): number[] =>
    x.map((epoch) => summary(byEpoch.get(epoch) ?? []))
  const several = group.runs.length > 1
  return {
    kind: 'line',
    label: part.label ? `${group.label}: ${part.label}` : group.label,
    colour: { choice: group.config.choice.id },
    dash: part.dash ?? lossOf(group.config.loss).dash,
    x,
    y: at((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
    points:
      options.measure !== 'zero-gradient' &&
      (lossOf(group.config.loss).dash === 'solid' || x.length === 1),
    directLabel: options.measure !== 'zero-gradient',
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

/** Curves of runs by epoch, one line a configuration; undefined before anything was measured. */
export function trainingFigure(
  records: readonly RunRecord[],
  options: TrainingFigureOptions
): Figure | undefined {
  const groups = groupRuns(records)
  const drawn = groups.flatMap((group) =>
    MEASURES[options.measure].parts.flatMap((part) => {
      const line = lineOf(group, part, options)
      return line ? [{ group, line }] : []
    })
  )
  const lines = drawn.map(({ line }) => line)
  if (lines.length === 0) return undefined
  const { title, axis: y, definition, source } = MEASURES[options.measure]
  const { measure, split, logarithmic } = options
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
  const epochs = Math.max(...groups.map(({ config }) => config.epochs))
  const rules = measure === 'accuracy' ? chanceRules(drawn.map(({ group }) => group)) : []
  return {
    id: splitless ? `training-${measure}` : `training-${measure}-${split}`,
    title: title(split),
    subtitle:
      measure === 'zero-gradient'
        ? 'share of an epoch; solid: wrong, dotted: right'
        : [seedsText(groups), ...(measure === 'gradient-norm' ? [probesText(groups)] : [])].join(
            '; '
          ),
    definition,
    ...(source && { source }),
    summary: `${title(split)}, at the end: ${ends.join('; ')}.`,
    x: { label: 'epoch', scale: 'linear', format: 'integer', min: 0, max: epochs },
    y: yAxis,
    marks: [...rules, ...lines]
  }
}
