import type { Activated } from '../network/layers/plan'
import { grouped, percent, plain } from '../numbers'
import { choiceRecord } from '../preprocessing/choices'
import type { ChoiceSpec } from '../preprocessing/preprocessing'
import { mean } from '../statistics/mean'
import type { EpochRecord } from '../study/run'
import type { Axis, Figure, FigureSheet, Mark } from './figure'

/** How a measured layer is spoken of. */
export interface LayerWords {
  /** 'the hidden layer', 'Convolution 2' */
  readonly of: string
  readonly unit: 'unit' | 'channel'
}

export function layerWords(activated: readonly Activated[], at: number): LayerWords {
  const layer = activated[at]
  return {
    of: activated.length === 1 ? 'the hidden layer' : (layer?.name ?? ''),
    unit: layer?.shape.length === 3 ? 'channel' : 'unit'
  }
}

/** '16 channels of 28 × 28', '128 units' */
export function unitsText({ shape }: Pick<Activated, 'shape'>): string {
  const [first, width, channels] = shape
  if (width === undefined || channels === undefined) return counted(first, 'unit')
  return `${counted(channels, 'channel')} of ${first} × ${width}`
}

function counted(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? '' : 's'}`
}

/** Names that are narrow enough for an axis. */
const SHORT: readonly (readonly [string, string])[] = [
  ['Convolution', 'Conv'],
  ['normalisation', 'norm'],
  ['Residual block', 'Residual']
]

function shortName(name: string): string {
  return SHORT.reduce((text, [from, to]) => text.replace(from, to), name)
}

type Epochs = readonly Pick<EpochRecord, 'epoch' | 'layers' | 'gradientNorms'>[]

/** A number that each layer has after each epoch. */
interface Quantity {
  readonly id: string
  readonly title: string
  readonly label: string
  readonly definition: string
  readonly source?: string
  /** of the layers of one epoch, in their order */
  readonly values: (epoch: Epochs[number]) => readonly (number | undefined)[]
  readonly colours: 'viridis' | 'cividis'
  readonly format: 'number' | 'percent'
}

const QUANTITIES = {
  gradient: {
    id: 'gradient-norm',
    title: 'Gradient norm, layer by epoch',
    label: 'gradient norm',
    definition:
      'A cell is the length of the gradient of the mean loss over the probe images with respect to all weights of the layer together: the root of the sum of its squares. The colour is by its logarithm.',
    source: 'Glorot & Bengio 2010, Understanding the difficulty of training deep networks',
    values: ({ gradientNorms }) => gradientNorms,
    colours: 'viridis',
    format: 'number'
  },
  saturated: {
    id: 'saturated-share',
    title: 'Saturated, layer by epoch',
    label: 'saturated',
    definition:
      'A cell is the mean over the units or channels of a layer of the share of the probe images (and places) for which |f′(z)| is below 5 % of its maximum.',
    source: 'Glorot & Bengio 2010, Understanding the difficulty of training deep networks',
    values: ({ layers }) => layers.map(({ saturation }) => mean(saturation)),
    colours: 'cividis',
    format: 'percent'
  },
  dead: {
    id: 'dead-share',
    title: 'Dead, layer by epoch',
    label: 'dead',
    definition:
      'A cell is the share of the units or channels of a layer that output 0 for every training image, at every place.',
    values: ({ layers }) => layers.map(({ deadUnitFraction }) => deadUnitFraction),
    colours: 'cividis',
    format: 'percent'
  }
} as const satisfies Readonly<Record<string, Quantity>>

export type QuantityId = keyof typeof QUANTITIES

/** A network of a choice, with the names of what the quantity is told of. */
export interface LayeredNetwork {
  readonly choice: ChoiceSpec
  readonly names: readonly string[]
  readonly epochs: Epochs
}

/** A map of layers by epochs for each choice, of one scale; undefined where nothing was measured. */
export function layerMaps(
  quantity: QuantityId,
  networks: readonly LayeredNetwork[],
  subtitle: string
): FigureSheet | undefined {
  const of: Quantity = QUANTITIES[quantity]
  const measured = networks.filter(({ epochs }) =>
    epochs.some((epoch) => of.values(epoch).some((value) => value !== undefined))
  )
  if (measured.length === 0) return undefined
  const domain = of.format === 'percent' ? ([0, 1] as const) : rangeOf(of, measured)
  const figures = measured.map((network) => mapOf(of, network, domain))
  const { id, title, definition, source } = of
  return {
    id: `layers-${id}`,
    title,
    subtitle,
    definition,
    ...(source && { source }),
    summary: figures.map(({ summary }) => summary).join(' '),
    rows: [figures]
  }
}

/** The powers of ten around the numbers above 0. */
function rangeOf(of: Quantity, networks: readonly LayeredNetwork[]): readonly [number, number] {
  let [low, high] = [Infinity, 0]
  for (const { epochs } of networks) {
    for (const value of epochs.flatMap((epoch) => of.values(epoch))) {
      if (value === undefined || !(value > 0) || value === Infinity) continue
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
  }
  if (high === 0) return [0.1, 1]
  const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))]
  return [10 ** from, 10 ** Math.max(to, from + 1)]
}

function mapOf(
  of: Quantity,
  { choice, names, epochs }: LayeredNetwork,
  domain: readonly [number, number]
): Figure {
  const last = epochs[epochs.length - 1]
  const { name } = choiceRecord(choice.id)
  const columns = epochs.map((epoch) => of.values(epoch))
  const rows = names.map((_, layer) => columns.map((values) => values[layer] ?? NaN))
  const y: Axis = {
    label: 'layer',
    scale: 'linear',
    format: 'integer',
    names: names.map(shortName),
    reverse: true,
    min: -0.5,
    max: names.length - 0.5
  }
  const cells: Mark = {
    kind: 'cells',
    label: of.label,
    xEdges: [...epochs.map(({ epoch }) => epoch - 0.5), (last?.epoch ?? 0) + 0.5],
    yEdges: Float64Array.from({ length: names.length + 1 }, (_, at) => at - 0.5),
    values: Float64Array.from(rows.flat()),
    colours: of.colours,
    domain,
    format: of.format,
    logarithmic: of.format !== 'percent'
  }
  const said = names.flatMap((layer, at) => {
    const value = last && of.values(last)[at]
    if (value === undefined) return []
    return [`${layer} ${of.format === 'percent' ? percent(value) : plain(value, 3)}`]
  })
  return {
    id: `layers-${of.id}-${choice.id}`,
    title: name,
    subtitle: of.title,
    choice: choice.id,
    definition: of.definition,
    ...(of.source && { source: of.source }),
    summary: `${name}, ${of.label} after epoch ${last?.epoch ?? 0}: ${said.join(', ')}.`,
    x: { label: 'epoch', scale: 'linear', format: 'integer' },
    y,
    marks: [cells]
  }
}
