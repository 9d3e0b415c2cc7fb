import type { Activation, ActivationId, NamedActivation } from '../network/activations'
import { percent, plain } from '../numbers'
import { choiceRecord } from '../preprocessing/choices'
import type { ChoiceSpec } from '../preprocessing/preprocessing'
import { mean } from '../statistics/mean'
import { SATURATION_THRESHOLD } from '../saturation/saturation'
import type { Preactivations } from '../saturation/saturation'
import type { Figure, FigureSheet } from './figure'
import type { LayerWords } from './layer-maps'

/** The rows of the map of saturation, below that of the activation shown. */
export const SATURATION_MAP: readonly ActivationId[] = ['tanh', 'sigmoid']

const CURVE_POINTS = 401
const SATURATION_SOURCE =
  'Saturation after Glorot & Bengio 2010; compare Rakitianskaia & Engelbrecht 2015, 10.1109/SSCI.2015.202'

/** The derivative of the activation with a layer's real pre-activations over it. */
export function derivativeFigure(
  choice: ChoiceSpec,
  activation: NamedActivation,
  z: Preactivations,
  saturatedFraction: number,
  probe: string,
  { of }: LayerWords
): Figure {
  const [low, high] = shownRange(z)
  const curve = Float64Array.from(
    { length: CURVE_POINTS },
    (_, at) => low + ((high - low) * at) / (CURVE_POINTS - 1)
  )
  // a narrow peak between two points would be lost
  if (low < 0 && high > 0) curve[Math.round((-low / (high - low)) * (CURVE_POINTS - 1))] = 0
  const bounds = saturationBounds(activation)
  const { name } = choiceRecord(choice.id)
  const edges = Float64Array.from(
    { length: z.counts.length + 1 },
    (_, at) => z.min + ((z.max - z.min || 1) * at) / z.counts.length
  )
  const tallest = Math.max(1, ...z.counts)
  const trouble = { role: 'bad' } as const
  return {
    id: `activations-${activation.id}-${choice.id}`,
    title: name,
    subtitle: `std of z ${digits(z.std)}, ${percent(saturatedFraction)} saturated`,
    choice: choice.id,
    definition: `Line: derivative of ${activation.name}, f(z) = ${activation.formula}. Area: histogram of the pre-activations z of ${of} over ${probe}, scaled to its tallest bin. Ground: where |f'(z)| is below ${SATURATION_THRESHOLD * 100} % of its maximum, so that hardly any gradient passes.`,
    source: SATURATION_SOURCE,
    summary: `${name}: pre-activations have mean ${digits(z.mean)} and std ${digits(z.std)}; ${percent(saturatedFraction)} of unit and image pairs are saturated.`,
    x: {
      label: `pre-activation z of ${of}`,
      scale: 'linear',
      format: 'number',
      min: low,
      max: high
    },
    y: {
      label: "f'(z)",
      scale: 'linear',
      format: 'number',
      min: 0,
      max: 1.08 * activation.maxDerivative
    },
    marks: [
      ...(bounds.low > low
        ? [{ kind: 'span', from: null, to: Math.min(bounds.low, high), colour: trouble } as const]
        : []),
      ...(bounds.high < high
        ? [{ kind: 'span', from: Math.max(bounds.high, low), to: null, colour: trouble } as const]
        : []),
      ...(edges.every(Number.isFinite)
        ? [
            {
              kind: 'steps',
              label: 'pre-activations',
              colour: { choice: choice.id },
              fill: true,
              edges,
              heights: z.counts.map((count) => (count / tallest) * activation.maxDerivative),
              counts: z.counts
            } as const
          ]
        : []),
      {
        kind: 'line',
        label: "derivative f'(z)",
        colour: { role: 'ink' },
        x: curve,
        y: curve.map((value) => activation.derivative(value))
      }
    ]
  }
}

interface SaturationOptions {
  /** the images measured on, in words */
  readonly probe: string
  /** the last epoch that has a row: those not reached yet stay empty */
  readonly lastEpoch: number
  readonly trained: boolean
  readonly layer: LayerWords
}

/** Unit (most saturated first) by epoch; one row an epoch, from the top. */
export function saturationFigure(
  choice: ChoiceSpec,
  activation: NamedActivation,
  epochs: readonly { readonly epoch: number; readonly saturation: readonly number[] }[],
  { probe, lastEpoch, trained, layer: { of, unit } }: SaturationOptions
): Figure {
  const reached = epochs[epochs.length - 1]
  const last = reached?.saturation ?? []
  const end = reached?.epoch ?? 0
  const order = last.map((_, unit) => unit).sort((a, b) => last[b]! - last[a]! || a - b)
  const { name } = choiceRecord(choice.id)
  const rows = epochs.map(({ saturation }) => order.map((unit) => saturation[unit]!))
  const yEdges = [...epochs.map(({ epoch }) => epoch - 0.5), end + 0.5]
  // one row for all epochs to come
  if (lastEpoch > end) {
    rows.push(order.map(() => NaN))
    yEdges.push(lastEpoch + 0.5)
  }
  const ends = { min: -0.5, max: Math.max(lastEpoch, end) + 0.5 }
  return {
    id: `saturation-${activation.id}-${choice.id}`,
    title: `${activation.name}, ${name}`,
    subtitle: `share of ${probe} for which |f'(z)| is below 5 % of its maximum; ${unit}s of ${of}, most saturated first`,
    choice: choice.id,
    definition: `A cell is the share of ${probe}${unit === 'channel' ? ', and of the places of each,' : ''} for which the ${unit}'s |f'(z)| is below ${SATURATION_THRESHOLD * 100} % of the greatest |f'|. Columns are ${unit}s, sorted by the last epoch shown; rows are epochs, 0 before training.`,
    source: SATURATION_SOURCE,
    summary: `${name}, ${activation.name}: ${percent(mean(last))} saturated after epoch ${end}.`,
    x: { label: `${unit}, most saturated first`, scale: 'linear', format: 'integer' },
    y: { label: 'epoch', scale: 'linear', format: 'integer', reverse: true, ...ends },
    marks: [
      {
        kind: 'cells',
        label: 'images saturated',
        xEdges: Float64Array.from({ length: order.length + 1 }, (_, at) => at + 0.5),
        yEdges: Float64Array.from(yEdges),
        values: Float64Array.from(rows.flat()),
        colours: 'cividis',
        domain: [0, 1],
        format: 'percent',
        empty: trained ? 'not reached' : 'not trained yet'
      }
    ]
  }
}

/** The saturation of all networks: a row an activation, a column a choice. */
export function saturationSheet(
  rows: readonly (readonly Figure[])[],
  subtitle: string,
  unit: LayerWords['unit'] = 'unit'
): FigureSheet | undefined {
  const figures = rows.flat()
  const [first] = figures
  return (
    first && {
      id: 'saturation-unit-by-epoch',
      title: `Saturation, ${unit} by epoch`,
      subtitle,
      definition: first.definition,
      source: first.source,
      summary: figures.map(({ summary }) => summary).join(' '),
      rows
    }
  )
}

/** Three significant digits; of a network that diverged the number may not be finite. */
function digits(value: number): string {
  return Number.isFinite(value) ? plain(value, 3) : 'not finite'
}

/** Wide enough for the histogram, and never so narrow that the curve cannot be seen. */
function shownRange(z: Preactivations): [number, number] {
  const ends = [z.mean, z.std, z.min, z.max]
  // of a network that diverged
  if (!ends.every(Number.isFinite)) return [-6, 6]
  const reach = Math.max(6, Math.abs(z.mean) + 3.5 * z.std)
  const limit = Math.max(6, Math.min(reach, Math.max(Math.abs(z.min), Math.abs(z.max))))
  return [-limit, limit]
}

/** z between which a unit is not saturated; infinite where the activation never is. */
function saturationBounds({ derivative, maxDerivative }: Activation): {
  low: number
  high: number
} {
  const bound = SATURATION_THRESHOLD * maxDerivative
  const live = (z: number): boolean => Math.abs(derivative(z)) >= bound
  const search = (sign: 1 | -1): number => {
    if (live(sign * 1e6)) return sign * Infinity
    let inside = 0
    let outside = 1e6
    if (!live(sign * 1e-9)) return 0
    for (let i = 0; i < 200; i++) {
      const middle = (inside + outside) / 2
      if (live(sign * middle)) inside = middle
      else outside = middle
    }
    return sign * inside
  }
  return { low: search(-1), high: search(1) }
}
