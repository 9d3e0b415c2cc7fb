import type { ChoiceSpec } from '../preprocessing/preprocessing'
import { choiceRecord } from '../preprocessing/choices'
import type { Curvature } from '../statistics/curvature'
import { plain } from '../numbers'
import type { Figure, Mark } from './figure'

/** A rate that was tried, and the mean training loss of the last epoch. */
export interface Trained {
  readonly rate: number
  readonly loss: number
}

/** The curvature of a choice and what training made of it. */
export interface ChoiceCurvature {
  readonly choice: ChoiceSpec
  readonly curvature: Curvature
  /** largest rate that trains: geometric mean over seeds */
  readonly rate?: number
  readonly trained: readonly Trained[]
}

interface CurvatureBounds {
  /** largest stable rate times the largest eigenvalue, whatever the weights are */
  readonly always: number
  /** the same where all classes are equally probable */
  readonly even: number
  /** loss of always giving the classes' shares */
  readonly constantLoss: number
  readonly linear: boolean
}

const SOURCE =
  'LeCun, Bottou, Orr & Müller 1998, Efficient BackProp; Böhning 1992, Multinomial logistic regression algorithm'
const EIGENVALUE =
  'λ is the largest eigenvalue of E[x xᵀ] over the training images, x the values of an image after the choice and a 1 for the bias.'

/** undefined while there is nothing to draw */
export function curvatureFigures(
  found: readonly ChoiceCurvature[],
  bounds: CurvatureBounds
): Figure[] {
  return [rateFigure(found, bounds), lossFigure(found, bounds)].flatMap((figure) => figure ?? [])
}

const nameOf = ({ choice }: ChoiceCurvature): string => choiceRecord(choice.id).shortName

function rateFigure(
  found: readonly ChoiceCurvature[],
  { always, even, linear }: CurvatureBounds
): Figure | undefined {
  const measured = found.flatMap((of) => (of.rate === undefined ? [] : [{ of, rate: of.rate }]))
  if (measured.length === 0) return undefined
  const largest = measured.map(({ of }) => of.curvature.largest)
  const ends = [Math.min(...largest) / 3, Math.max(...largest) * 3]
  const line = (factor: number, label: string, dash: 'solid' | 'dashed'): Mark => ({
    kind: 'line',
    label,
    colour: { role: 'muted' },
    dash,
    x: ends,
    y: ends.map((value) => factor / value)
  })
  return {
    id: 'curvature-rate',
    title: 'Largest rate that trains, against the curvature',
    subtitle: 'each choice at its largest eigenvalue; rate: geometric mean over seeds',
    definition: `${EIGENVALUE} Points: the largest learning rate of SGD at which training still works, found by trial. Lines: gradient descent on a linear classifier is stable below ${plain(always)} / λ at any weights, since the second derivatives of the loss by the logits are at most ${plain(2 / always)}; where all classes are equally probable they are ${plain(2 / even)}, and it is stable below ${plain(even)} / λ.${linear ? '' : ' With a hidden layer the lines are a guide.'}`,
    source: SOURCE,
    summary: `${measured.map(({ of, rate }) => `${nameOf(of)}: ${plain(rate, 3)} at an eigenvalue of ${plain(of.curvature.largest, 3)}`).join('; ')}.`,
    x: { label: 'largest eigenvalue λ of E[x xᵀ]', scale: 'log', format: 'number' },
    y: { label: 'learning rate', scale: 'log', format: 'number' },
    marks: [
      line(always, `${plain(always)} / λ, stable at any weights`, 'solid'),
      line(even, `${plain(even)} / λ, all classes equally probable`, 'dashed'),
      ...measured.map(({ of, rate }): Mark => ({
        kind: 'points',
        label: nameOf(of),
        colour: { choice: of.choice.id },
        x: [of.curvature.largest],
        y: [rate]
      }))
    ]
  }
}

function lossFigure(
  found: readonly ChoiceCurvature[],
  { always, even, constantLoss }: CurvatureBounds
): Figure | undefined {
  const lines = found.flatMap((of): Mark[] => {
    const byRate = new Map<number, number[]>()
    for (const { rate, loss } of of.trained) byRate.set(rate, [...(byRate.get(rate) ?? []), loss])
    const points = [...byRate]
      .map(([rate, losses]) => ({
        x: rate * of.curvature.largest,
        y: losses.reduce((sum, loss) => sum + loss, 0) / losses.length
      }))
      .sort((a, b) => a.x - b.x)
    if (points.length === 0) return []
    return [
      {
        kind: 'line',
        label: nameOf(of),
        colour: { choice: of.choice.id },
        x: points.map(({ x }) => x),
        y: points.map(({ y }) => y),
        points: true,
        directLabel: true
      }
    ]
  })
  if (lines.length === 0) return undefined
  const losses = lines.flatMap((mark) => (mark.kind === 'line' ? Array.from(mark.y) : []))
  return {
    id: 'curvature-loss',
    title: 'Training loss of the rates that were tried',
    subtitle: 'mean over the last epoch and the seeds; learning rate times the largest eigenvalue',
    definition: `${EIGENVALUE} Where the curvature alone sets how large a rate may be, the curves of all choices rise at the same place. Above the dotted line a network knows no more than the classes’ shares.`,
    source: SOURCE,
    summary: `Lowest loss of each choice: ${lines.flatMap((mark) => (mark.kind === 'line' ? [`${mark.label} ${plain(Math.min(...Array.from(mark.y)), 3)}`] : [])).join('; ')}.`,
    x: { label: 'learning rate × λ', scale: 'log', format: 'number' },
    y: {
      ...{ label: 'training loss (nats)', scale: 'log', format: 'number' },
      min: Math.min(...losses) / 1.2,
      max: Math.max(constantLoss, ...losses) * 1.2
    },
    marks: [
      {
        kind: 'rule',
        axis: 'y',
        at: constantLoss,
        label: `classes’ shares, ${plain(constantLoss, 3)}`,
        colour: { role: 'muted' },
        dash: 'dotted'
      },
      { kind: 'rule', axis: 'x', at: always, label: plain(always), colour: { role: 'muted' } },
      {
        kind: 'rule',
        axis: 'x',
        at: even,
        label: plain(even),
        colour: { role: 'muted' },
        dash: 'dashed'
      },
      ...lines
    ]
  }
}
