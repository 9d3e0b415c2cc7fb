import { percent, plain } from '../numbers'
import type { ChoiceSpec } from '../preprocessing/preprocessing'
import type { Figure, Mark } from './figure'

/** Losses by the place in training, in epochs. */
interface Curve {
  readonly at: readonly number[]
  readonly loss: readonly number[]
}

interface Curves {
  readonly original?: Curve
  readonly moved?: Curve
  /** runs that differ from the original in the last bit of the first layer's initial weights */
  readonly rounding: readonly Curve[]
}

interface Said {
  readonly choice: ChoiceSpec
  /** 'input × 255' */
  readonly map: string
  /** losses that differ by less coincide */
  readonly bound: number
}

/** Two curves that lie on one another or part, and how far. */
export function equivalenceFigures(curves: Curves, said: Said): Figure[] {
  const { original, moved } = curves
  if (!original || original.at.length === 0) return []
  const loss = lossFigure(original, moved, said)
  if (!moved || moved.at.length === 0) return [loss]
  const apart = differenceFigure(original, moved, curves.rounding, said)
  return apart ? [loss, apart] : [loss]
}

function lossFigure(original: Curve, moved: Curve | undefined, { choice, map }: Said): Figure {
  const lines: Mark[] = [
    {
      ...{ kind: 'line', label: 'as it is', colour: { choice: choice.id } },
      ...{ x: original.at, y: original.loss }
    }
  ]
  if (moved) {
    lines.push({
      ...{ kind: 'line', label: `${map}, moved`, colour: { role: 'ink' }, dash: 'dashed' },
      ...{ x: moved.at, y: moved.loss }
    })
  }
  const ends = [original, moved].map((curve) => plain(curve?.loss.at(-1), 4))
  return {
    id: 'equivalence-loss',
    title: 'Training loss of both runs',
    subtitle: 'mean over each twentieth of an epoch',
    choice: choice.id,
    definition:
      'Solid: the run on the input as the choice gives it. Dashed: the run on the scaled and shifted input, its first layer moved along. Where both are the same training the lines lie on one another.',
    source: 'the gradient of a dense layer’s weights is a multiple of its input',
    summary: `Last loss as it is ${ends[0]}, ${map} ${ends[1]}.`,
    x: { label: 'epoch', scale: 'linear', format: 'number', min: 0 },
    y: { label: 'training loss (nats)', scale: 'linear', format: 'number' },
    marks: lines
  }
}

/** undefined where nothing differs: a logarithmic axis has no place for 0 */
function differenceFigure(
  original: Curve,
  moved: Curve,
  rounding: readonly Curve[],
  { map, bound }: Said
): Figure | undefined {
  const apart = (curve: Curve): number[] =>
    curve.loss.slice(0, original.loss.length).map((loss, part) => {
      const from = original.loss[part]!
      const relative = Math.abs(loss - from) / Math.abs(from)
      return relative > 0 ? relative : NaN
    })
  const found = apart(moved)
  if (found.every(Number.isNaN)) return undefined
  const most = Math.max(...found.filter((value) => !Number.isNaN(value)))
  const controls = rounding.map((curve, at): Mark => ({
    kind: 'line',
    label: at === 0 ? 'last bit changed' : '',
    colour: { role: 'muted' },
    dash: 'dotted',
    x: curve.at.slice(0, original.at.length),
    y: apart(curve)
  }))
  return {
    id: 'equivalence-difference',
    title: 'Relative difference of the losses',
    subtitle: `|moved − as it is| / as it is; below ${percent(bound)} they coincide`,
    definition:
      'Solid: of the run on the scaled and shifted input from the run as it is. Dotted: of runs on the input as it is whose initial weights of the first layer differ in the last bit of a float32 number, so what rounding alone makes. Losses are recorded in six digits; parts that are equal in all of them are left out.',
    source: 'Lorenz 1963, Deterministic nonperiodic flow: small differences grow',
    summary: `At most ${plain(most, 2)} for ${map}.`,
    x: { label: 'epoch', scale: 'linear', format: 'number', min: 0 },
    y: { label: 'relative difference', scale: 'log', format: 'number' },
    marks: [
      {
        ...{ kind: 'rule', axis: 'y', at: bound, label: plain(bound) },
        ...{ colour: { role: 'muted' }, dash: 'dashed' }
      },
      ...controls,
      {
        ...{ kind: 'line', label: map, colour: { role: 'accent' } },
        ...{ x: moved.at.slice(0, original.at.length), y: found }
      }
    ]
  }
}
