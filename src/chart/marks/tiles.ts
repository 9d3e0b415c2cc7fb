import type { Chart } from 'chart.js'
import { exactText } from '../../core/numbers'
import { mean } from '../../core/statistics/mean'
import { paletteOf, PALETTE_COLOURS } from '../palette'
import { scalePlace } from '../theme'
import { datasetOf, NO_POINTS } from './record'
import type { Look, MarkOf, MarkRecord, Place } from './record'

export type Tiles = MarkOf<'tiles'>

interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Between pictures, as a share of a picture's room. */
const GAP = 0.05

/** Where a picture lies in its cell of the grid: as large as it can be, its pixels square. */
function boxOf(
  { height, width }: Tiles,
  column: number,
  row: number,
  toPixel: Place['toPixel']
): Box {
  const [a, b] = [toPixel(column - 0.5, row - 0.5), toPixel(column + 0.5, row + 0.5)]
  const [left, top] = [Math.min(a.x, b.x), Math.min(a.y, b.y)]
  const [wide, high] = [Math.abs(a.x - b.x), Math.abs(a.y - b.y)]
  // a single value has no shape
  if (height === 1 && width === 1) return { left, top: top + 2, width: wide, height: high - 4 }
  const each = Math.min((wide * (1 - GAP)) / width, (high * (1 - GAP)) / height)
  return {
    left: left + (wide - each * width) / 2,
    top: top + (high - each * height) / 2,
    width: each * width,
    height: each * height
  }
}

/** Ends of the colour scale of a row. */
function domainOf({ domain, rowDomains }: Tiles, row: number): readonly [number, number] {
  return rowDomains?.[row] ?? domain
}

function drawTiles(chart: Chart, mark: Tiles, look: Look): void {
  const { ctx, scales } = chart
  const snap = look.snap ?? chart.currentDevicePixelRatio
  const over = look.snap === undefined ? 0 : 0.5
  const onPixel = (value: number): number => Math.round(value * snap) / snap
  const toPixel: Place['toPixel'] = (x, y) => ({
    x: scales.x?.getPixelForValue(x) ?? NaN,
    y: scales.y?.getPixelForValue(y) ?? NaN
  })
  const palette = paletteOf(mark.colours)
  const { height, width, columns, rows, values } = mark
  const size = height * width
  for (let tile = 0; tile < rows * columns; tile++) {
    const [column, row] = [tile % columns, Math.floor(tile / columns)]
    const box = boxOf(mark, column, row, toPixel)
    const domain = domainOf(mark, row)
    const x = (at: number): number => onPixel(box.left + (box.width * at) / width)
    const y = (at: number): number => onPixel(box.top + (box.height * at) / height)
    for (let line = 0; line < height; line++) {
      const [top, bottom] = [y(line), y(line + 1)]
      let from = 0
      let before: string | undefined
      // neighbours of one colour are drawn as one
      for (let at = 0; at <= width; at++) {
        const value = at < width ? values[tile * size + line * width + at]! : NaN
        const colour = Number.isNaN(value)
          ? undefined
          : palette[Math.round(scalePlace(value, domain) * (PALETTE_COLOURS - 1))]
        if (colour === before && at < width) continue
        if (before !== undefined) {
          ctx.fillStyle = before
          ctx.fillRect(x(from), top, x(at) - x(from) + over, bottom - top + over)
        }
        from = at
        before = colour
      }
    }
  }
}

interface TilePlace {
  readonly column: number
  readonly row: number
  /** pixel of the picture */
  readonly x: number
  readonly y: number
}

function placeOf({ height, width, columns }: Tiles, item: number): TilePlace {
  const tile = Math.floor(item / (height * width))
  const pixel = item % (height * width)
  return {
    column: tile % columns,
    row: Math.floor(tile / columns),
    x: pixel % width,
    y: Math.floor(pixel / width)
  }
}

/** The values of a picture. */
function tileOf({ height, width, values }: Tiles, tile: number): number[] {
  const size = height * width
  return Array.from({ length: size }, (_, i) => values[tile * size + i]!)
}

/** Small pictures of one size in a grid. One element stands for whichever pixel is under the pointer. */
export const TILES: MarkRecord<Tiles> = {
  along: ({ columns, rows }, axis) => [[-0.5, (axis === 'x' ? columns : rows) - 0.5]],
  tight: true,
  datasets: (mark, look) => [
    datasetOf(mark, look, { type: 'scatter', data: [{ x: 0, y: 0 }], ...NO_POINTS })
  ],
  draw: drawTiles,
  itemAt(mark, { pixel, value, toPixel }) {
    const { columns, rows, height, width, values } = mark
    const [column, row] = [Math.round(value.x), Math.round(value.y)]
    if (column < 0 || row < 0 || column >= columns || row >= rows) return -1
    const box = boxOf(mark, column, row, toPixel)
    const within = (at: number, start: number, length: number, count: number): number =>
      Math.min(count - 1, Math.max(0, Math.floor(((at - start) / length) * count)))
    const x = within(pixel.x, box.left, box.width, width)
    const y = within(pixel.y, box.top, box.height, height)
    const item = ((row * columns + column) * height + y) * width + x
    return Number.isNaN(values[item] ?? NaN) ? -1 : item
  },
  settle(mark, item, element, toPixel) {
    const { column, row, x, y } = placeOf(mark, item)
    const box = boxOf(mark, column, row, toPixel)
    Object.assign(element, {
      x: box.left + (box.width * (x + 0.5)) / mark.width,
      y: box.top + (box.height * (y + 0.5)) / mark.height
    })
  },
  tell(mark, item, figure) {
    const { column, row, x, y } = placeOf(mark, item)
    const note = mark.notes?.[row * mark.columns + column]
    const single = mark.height * mark.width === 1
    const where = single ? '' : `row ${y}, column ${x}: `
    return {
      title: [
        `${figure.x.label} ${figure.x.names?.[column] ?? column}`,
        figure.y.names?.[row] ?? '',
        ...(note ? [note] : [])
      ].join('\n'),
      line: `${where}${mark.label} ${exactText(mark.values[item], mark.format)}`
    }
  },
  *csv(mark) {
    for (let item = 0; item < mark.values.length; item++) {
      const value = mark.values[item]!
      if (Number.isNaN(value)) continue
      const { column, row, x, y } = placeOf(mark, item)
      yield { x: column, y: row, value, pixelRow: y, pixelColumn: x }
    }
  },
  table(mark, { x, y }) {
    const filled = Array.from({ length: mark.rows * mark.columns }, (_, tile) => tile).filter(
      (tile) => !Number.isNaN(mark.values[tile * mark.height * mark.width] ?? NaN)
    )
    const single = mark.height * mark.width === 1
    return {
      head: [y.label, x.label, ...(single ? [mark.label] : ['least', 'mean', 'greatest'])],
      count: filled.length,
      row(at) {
        const tile = filled[at] ?? 0
        const values = tileOf(mark, tile)
        const told = single
          ? values
          : [Math.min(...values), mean(values) ?? NaN, Math.max(...values)]
        return [
          y.names?.[Math.floor(tile / mark.columns)] ?? '',
          x.names?.[tile % mark.columns] ?? '',
          ...told.map((value) => exactText(value, mark.format))
        ]
      }
    }
  }
}
