import { percent, plain } from '../numbers'
import { choiceRecord } from '../preprocessing/choices'
import type { ChoiceSpec } from '../preprocessing/preprocessing'
import { upperFirst } from '../text'
import type { Figure, Mark } from './figure'

interface RateMap {
  readonly choice: ChoiceSpec
  /** of the setting: 'learning rate' */
  readonly name: string
  readonly scales: readonly number[]
  readonly values: readonly number[]
  readonly base: number
  readonly power: number
  /** by scale, then by value; undefined where no run finished */
  readonly accuracy: readonly (readonly (number | undefined)[])[]
  /** the best value of each scale */
  readonly best: readonly { readonly scale: number; readonly value: number }[]
  /** where the stored values lie on the axis of scales */
  readonly storedScale?: number
  /** the rest of the first layer moves with the scale */
  readonly moves: boolean
  readonly seeds: number
}

/** Edges of cells about values in equal factors. */
function edgesOf(values: readonly number[]): number[] {
  const half = Math.sqrt((values[1] ?? 2) / (values[0] ?? 1))
  return [(values[0] ?? 1) / half, ...values.map((value) => value * half)]
}

/** Accuracy by the scale of the input and a setting, with the best and the predicted line over it. */
export function rateMapFigure(map: RateMap): Figure {
  const { choice, name, scales, values, base, power, accuracy, best, storedScale } = map
  const [xEdges, yEdges] = [edgesOf(scales), edgesOf(values)]
  const ends = (edges: readonly number[]) => ({ min: edges[0], max: edges.at(-1) })
  const cells = values.flatMap((_, row) => scales.map((_scale, at) => accuracy[at]?.[row] ?? NaN))
  const known = cells.filter((value) => !Number.isNaN(value))
  const most = Math.max(...known)
  const marks: Mark[] = [
    {
      ...{ kind: 'cells', label: 'test accuracy', xEdges, yEdges, values: cells },
      ...{ colours: 'viridis', domain: [0, 1], format: 'percent', empty: 'no finished run' }
    },
    {
      ...{ kind: 'line', label: `predicted, scale^${plain(power, 3)}`, dash: 'dashed' },
      ...{ colour: { role: 'bad' }, x: scales, y: scales.map((scale) => base * scale ** power) }
    },
    {
      ...{ kind: 'line', label: 'best at each scale', colour: { role: 'ink' }, points: true },
      ...{ x: best.map(({ scale }) => scale), y: best.map(({ value }) => value) }
    }
  ]
  if (storedScale !== undefined && storedScale > xEdges[0]! && storedScale < xEdges.at(-1)!) {
    marks.push({
      ...{ kind: 'rule', axis: 'x', at: storedScale, label: 'stored values' },
      ...{ colour: { role: 'muted' }, dash: 'dotted' }
    })
  }
  const moved = map.moves
    ? 'The rest of the first layer moves with the scale, and the setting applies to its weights alone: on the predicted line all runs are the same training.'
    : 'All other settings stay as they are, so the line is a prediction for the first layer alone.'
  return {
    id: `rate-map-${choice.id}`,
    title: `Accuracy by input scale and ${name}`,
    subtitle: `${choiceRecord(choice.id).name} times the scale; ${map.seeds === 1 ? 'one seed' : `mean of ${map.seeds} seeds`}`,
    choice: choice.id,
    definition: `A cell is the test accuracy at the end of training on the choice’s values times the scale. Solid: the best ${name} at each scale. Dashed: where it would lie if it changed with the scale as the first layer’s does in equivalent training, from ${plain(base, 3)} at scale 1. ${moved}`,
    source:
      'the gradient of a layer’s weights is a multiple of its input: steps of SGD change the layer’s output by scale², those of Adam and RMSprop by scale',
    summary: `${upperFirst(name)}: best accuracy ${percent(most)}; best value at each scale: ${best.map(({ scale, value }) => `${plain(value, 3)} at ${plain(scale, 3)}`).join(', ')}.`,
    x: { label: 'input scale', scale: 'log', format: 'number', ...ends(xEdges) },
    y: { label: name, scale: 'log', format: 'number', ...ends(yEdges) },
    marks
  }
}
