import { max } from 'd3-array'
import type { Figure, Mark } from '../../figure/figure'
import { grouped, percent } from '../../numbers'
import { overSeeds, spreadOf } from '../results'
import type { OverSeeds } from '../results'
import { bestTraining, curveOf, epochsTo } from '../traces'
import { runsOf, TOLD } from './claim'
import type { Bench, Change } from './claim'
import { meanText } from './figures'

/** Of the best accuracy in training among the networks that are compared. */
const NEARLY = 0.95
/** Numbers of steps closer than this are called the same: our convention. */
const ALIKE = 0.1

/** How soon a network has nearly learned what the best of those beside it learns. */
export interface Speed {
  /** steps to that accuracy; a seed that does not get there counts with all its steps, which is too few */
  readonly steps: OverSeeds
  /** seeds that do not get there */
  readonly missed: number
  /** of each run */
  readonly all: number
  /** steps of a part of an epoch: accuracy in training is known at its end */
  readonly part: number
}

const stepsPerEpoch = ({ config, facts }: Bench): number =>
  Math.max(1, Math.ceil(facts.trainCount / config.batch))

/** What is nearly the best accuracy in training of these networks. */
export function levelOf(bench: Bench, changes: readonly Change[]): number {
  const runs = changes.flatMap((change) => runsOf(bench, change))
  return NEARLY * (max(runs, bestTraining) ?? 0)
}

export function speedOf(bench: Bench, change: Change, level: number): Speed | undefined {
  const perEpoch = stepsPerEpoch(bench)
  const all = bench.config.epochs * perEpoch
  const reached = runsOf(bench, change).map(({ epochs }) => epochsTo(epochs, level))
  const steps = overSeeds(reached.map((at) => (at === undefined ? all : Math.ceil(at * perEpoch))))
  if (!steps) return undefined
  const parts = runsOf(bench, change)[0]?.epochs.at(-1)?.trace?.fraction.length ?? 1
  return {
    ...{ steps, all, part: perEpoch / parts },
    missed: reached.filter((at) => at === undefined).length
  }
}

/** Of one network beside another; 'unclear' where it may be chance, or neither gets there. */
export function speedCompared(a: Speed, b: Speed): 'slower' | 'faster' | 'alike' | 'unclear' {
  const seeds = a.steps.values.length
  if (a.missed === seeds && b.missed === seeds) return 'unclear'
  if (a.missed === seeds && b.missed === 0) return 'slower'
  if (b.missed === seeds && a.missed === 0) return 'faster'
  const [gap, spread] = [a.steps.mean - b.steps.mean, spreadOf(a.steps, b.steps)]
  const part = Math.max(a.part, b.part)
  const close = Math.max(part, ALIKE * Math.min(a.steps.mean, b.steps.mean))
  if (Math.abs(gap) <= Math.max(spread, close)) return spread <= close ? 'alike' : 'unclear'
  if (Math.abs(gap) < TOLD * Math.max(spread, part)) return 'unclear'
  return gap > 0 ? 'slower' : 'faster'
}

/** '1,240', 'not in 3,750' */
export function stepsText({ steps, missed, all }: Speed): string {
  if (missed === steps.values.length) return `not in ${grouped(all)}`
  return `${missed > 0 ? 'at least ' : ''}${grouped(Math.round(steps.mean))}`
}

/** 'takes 1,240 steps', 'is not reached in 3,750 steps' */
export function speedText(speed: Speed): string {
  const { steps, missed } = speed
  const seeds = steps.values.length
  if (missed === seeds) return `is not reached in ${grouped(speed.all)} steps`
  const of = missed > 0 ? ` (not reached with ${missed} of ${seeds} seeds)` : ''
  return `takes ${stepsText(speed)} ${Math.round(steps.mean) === 1 ? 'step' : 'steps'}${of}`
}

interface Curve {
  readonly change: Change
  readonly name: string
  readonly colour: Extract<Mark, { kind: 'line' }>['colour']
  readonly dash: Extract<Mark, { kind: 'line' }>['dash']
}

/** The training loss by the step; undefined where no run has recorded it. */
export function lossFigure(
  bench: Bench,
  curves: readonly Curve[],
  summary: string
): Figure | undefined {
  const perEpoch = stepsPerEpoch(bench)
  const lines = curves.flatMap(({ change, name, colour, dash }): Mark[] => {
    const each = runsOf(bench, change).map(curveOf)
    const [first] = each
    if (!first || first.at.length === 0) return []
    const parts = first.at.map((_, part) =>
      overSeeds(each.flatMap(({ loss }) => loss[part] ?? []))!
    )
    return [
      {
        ...{ kind: 'line', label: name, colour, dash },
        x: first.at.map((at) => Math.round(at * perEpoch * 2) / 2),
        y: parts.map(({ mean }) => mean)
      }
    ]
  })
  if (lines.length === 0) return undefined
  return {
    id: 'claims-loss-by-step',
    title: 'Training loss by step',
    subtitle: `mean over each twentieth of an epoch, ${meanText(bench)}`,
    definition: `Mean cross-entropy over the steps of each twentieth of an epoch, mean over the seeds. A network is slow where its curve falls late; how many steps it takes to ${percent(NEARLY, 0)} of the best accuracy in training stands in the table.`,
    summary,
    x: { label: 'step', scale: 'linear', format: 'count', min: 0 },
    y: { label: 'training loss (nats)', scale: 'linear', format: 'number', min: 0 },
    marks: lines
  }
}
