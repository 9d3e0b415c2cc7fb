import type { Shape } from '../network/layers/shape'
import { grouped, percent, plain } from '../numbers'
import type { FirstFilters } from '../network/layers/first-filters'
import type { LayerWords } from './layer-maps'
import type { Figure, Mark } from './figure'

/** Pictures in a row. */
export const TILE_COLUMNS = 16
/** Single values in a row. */
export const STRIP_COLUMNS = 64

/** What is shown in a row of pictures. */
export interface TileRow {
  /** '[0, 1], before training' */
  readonly name: string
  /** rows of one group have one scale */
  readonly group: string
  /** value of a place of a picture */
  readonly at: (tile: number, row: number, column: number) => number
  readonly note?: (tile: number) => string
}

interface TilesOptions {
  readonly height: number
  readonly width: number
  readonly columns: number
  /** first picture of the row, and how many there are at all */
  readonly from: number
  readonly count: number
}

/** Rows of pictures; each group of rows from minus its greatest to its greatest, 0 in the middle. */
function tilesMark(
  label: string,
  rows: readonly TileRow[],
  { height, width, columns, from, count }: TilesOptions
): { readonly mark: Extract<Mark, { kind: 'tiles' }>; readonly names: readonly string[] } {
  const values = new Float64Array(rows.length * columns * height * width).fill(NaN)
  const notes: string[] = []
  let at = 0
  for (const row of rows) {
    for (let tile = from; tile < from + columns; tile++) {
      const there = tile < count
      notes.push((there && row.note?.(tile)) || '')
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) values[at++] = there ? row.at(tile, y, x) : NaN
      }
    }
  }
  const size = columns * height * width
  const greatest = new Map<string, number>()
  rows.forEach(({ group }, row) => {
    let most = greatest.get(group) ?? 0
    for (let i = row * size; i < (row + 1) * size; i++) {
      if (Number.isFinite(values[i])) most = Math.max(most, Math.abs(values[i]!))
    }
    greatest.set(group, most)
  })
  const rowDomains = rows.map(({ group }) => {
    const most = greatest.get(group) || 1
    return [-most, most] as const
  })
  return {
    mark: {
      kind: 'tiles',
      label,
      ...{ columns, rows: rows.length, height, width, values, notes },
      colours: 'diverging',
      domain: rowDomains[0] ?? [-1, 1],
      rowDomains,
      format: 'number'
    },
    names: rows.map(({ name }, row) => `${name}, ±${plain(rowDomains[row]![1], 2)}`)
  }
}

interface TilesFigure extends Pick<
  Figure,
  'id' | 'title' | 'subtitle' | 'definition' | 'source' | 'summary'
> {
  readonly label: string
  /** of a picture: 'channel' */
  readonly what: string
  readonly rows: readonly TileRow[]
  readonly options: TilesOptions
}

function tilesFigure({ label, what, rows, options, ...told }: TilesFigure): Figure {
  const { mark, names } = tilesMark(label, rows, options)
  const columns = Array.from({ length: options.columns }, (_, at) => `${options.from + at + 1}`)
  return {
    ...told,
    x: { label: what, scale: 'linear', format: 'integer', names: columns },
    y: { label: 'row', scale: 'linear', format: 'integer', names, reverse: true },
    marks: [mark]
  }
}

/** 'units 1 to 16 of 128' */
function shownText({ from, columns, count }: TilesOptions, what: string): string {
  const last = Math.min(count, from + columns)
  return `${what}s ${grouped(from + 1)} to ${grouped(last)} of ${grouped(count)}`
}

/** First weights of networks, in rows of their own. */
export interface FilterRow {
  readonly name: string
  readonly group: string
  /** [height, width, channels, filters] */
  readonly kernel: Float32Array
}

/** The weights of the first layer as pictures of the image's shape, or of the convolution's window. */
export function filtersFigure(
  rows: readonly FilterRow[],
  filters: FirstFilters,
  { from, stored }: { readonly from: number; readonly stored: boolean }
): Figure {
  const { height, width, channels, count, of } = filters
  // a column without values between the channels
  const each = channels > 1 ? width + 1 : width
  const options = {
    height,
    width: channels * each - (channels > 1 ? 1 : 0),
    columns: Math.min(count, channels > 1 ? TILE_COLUMNS / 2 : TILE_COLUMNS),
    ...{ from, count }
  }
  const scale = stored ? 'on stored values' : 'as trained'
  const kind = stored ? 'stored' : 'trained'
  const beside = channels > 1 ? `; its ${channels} channels side by side` : ''
  return tilesFigure({
    id: `filters-${kind}`,
    title: `Weights of the first layer, ${scale}`,
    subtitle: `${shownText(options, of)}${beside}; each network on its own scale, blue negative, red positive`,
    definition: `A picture has the weights from each ${of === 'unit' ? 'value of the image' : 'place of the window'} to one ${of}.${
      stored
        ? ' Each weight is divided by what the choice divides its value by: w (x − c) / d is (w / d) x and an offset, so this is what the unit does to the values as they are stored.'
        : ' They are weights of the values after the choice.'
    }`,
    summary: `${rows.map(({ name }) => name).join('; ')}: ${shownText(options, of)}.`,
    label: 'weight',
    what: of,
    options,
    rows: rows.map(({ name, group, kernel }) => ({
      name,
      group,
      at(tile, row, column) {
        const [channel, x] = [Math.floor(column / each), column % each]
        if (x >= width) return NaN
        return kernel[((row * width + x) * channels + channel) * count + tile]!
      }
    }))
  })
}

/** One image in a layer of a network. */
export interface MapRow {
  readonly name: string
  readonly group: string
  readonly z: Float32Array
  readonly a: Float32Array
  readonly saturated: (z: number) => boolean
}

/** Feature maps of one image: each channel before and after the activation; of a dense layer, its units. */
export function featureMapsFigure(
  networks: readonly MapRow[],
  shape: Shape,
  {
    layer,
    image,
    from
  }: { readonly layer: LayerWords; readonly image: string; readonly from: number }
): Figure {
  const [first, wide, deep] = shape
  const [height, width, count] =
    wide === undefined || deep === undefined ? [1, 1, first] : [first, wide, deep]
  const columns = Math.min(count, height * width === 1 ? STRIP_COLUMNS : TILE_COLUMNS)
  const options = { height, width, columns, from, count }
  const of = (values: Float32Array, tile: number): number[] =>
    Array.from({ length: height * width }, (_, place) => values[place * count + tile]!)
  const rows = networks.flatMap(({ name, group, z, a, saturated }): TileRow[] => {
    const row = (symbol: string, values: Float32Array): TileRow => ({
      name: `${name}, ${symbol}`,
      group,
      at: (tile, y, x) => values[(y * width + x) * count + tile]!,
      note(tile) {
        if (height * width === 1) return ''
        const own = of(values, tile)
        const mean = own.reduce((sum, value) => sum + value, 0) / own.length
        const share = of(z, tile).filter(saturated).length / own.length
        return `mean ${plain(mean, 3)}, greatest ${plain(Math.max(...own), 3)}; saturated at ${percent(share)} of its places`
      }
    })
    return [row('z', z), row('f(z)', a)]
  })
  const what = layer.unit
  return tilesFigure({
    id: `feature-maps-${what}s`,
    title: `${image} in ${layer.of}`,
    subtitle: `${shownText(options, what)} before (z) and after (f(z)) the activation; each network on its own scale, blue negative, red positive`,
    definition: `What the ${what}s of the layer make of one image. z is the pre-activation, f(z) what is handed on. Both rows of a network have one scale, from minus the greatest |z| shown to the greatest. Networks are at rest, as they are tested.`,
    summary: `${image} in ${layer.of}: ${networks.map(({ name }) => name).join(', ')}; ${shownText(options, what)}.`,
    label: 'value',
    what,
    options,
    rows
  })
}
