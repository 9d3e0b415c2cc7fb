import type { Chart, Scale } from 'chart.js'
import { exactText } from '../../core/numbers'
import type { Axis } from '../../core/figure/figure'
import { paletteOf, PALETTE_COLOURS } from '../palette'
import { CHART_THEMES, scalePlace } from '../theme'
import { datasetOf, NO_POINTS } from './record'
import { LABEL_SIZE, labelWidth } from '../words'
import type { Look, MarkOf, MarkRecord } from './record'
import { binOf } from './steps'

export type Cells = MarkOf<'cells'>

interface Column {
  /** first cell, and the one after the last */
  readonly from: number
  readonly to: number
  readonly left: number
  readonly right: number
}

/** Columns of at least a device pixel: cells that end on the same one are drawn as their mean. */
function columnsOf(edges: ArrayLike<number>, toPixel: (value: number) => number): Column[] {
  const columns: Column[] = []
  let [from, left] = [0, toPixel(edges[0] ?? NaN)]
  for (let to = 1; to < edges.length; to++) {
    const right = toPixel(edges[to] ?? NaN)
    if (right === left) continue
    columns.push({ from, to, left, right })
    ;[from, left] = [to, right]
  }
  return columns
}

/** Mean of the cells of a row that have a value; undefined where none has. */
function valueOf({ values, xEdges }: Cells, row: number, { from, to }: Column): number | undefined {
  let [sum, count] = [0, 0]
  for (let column = from; column < to; column++) {
    const value = values[row * (xEdges.length - 1) + column] ?? NaN
    if (Number.isNaN(value)) continue
    sum += value
    count++
  }
  return count > 0 ? sum / count : undefined
}

function drawCells(chart: Chart, mark: Cells, look: Look): void {
  const { ctx, chartArea, scales } = chart
  const snap = look.snap ?? chart.currentDevicePixelRatio
  // edges lie on device pixels, so that no seam shows, and within the plot
  const onPixel = (scale: Scale | undefined, low: number, high: number) => (value: number) =>
    Math.min(high, Math.max(low, Math.round((scale?.getPixelForValue(value) ?? 0) * snap) / snap))
  // where there are no device pixels, the next cell lies over the seam
  const over = look.snap === undefined ? 0 : 0.5
  const columns = columnsOf(mark.xEdges, onPixel(scales.x, chartArea.left, chartArea.right))
  const toY = onPixel(scales.y, chartArea.top, chartArea.bottom)
  const palette = paletteOf(mark.colours)
  if (mark.empty !== undefined) {
    ctx.fillStyle = CHART_THEMES[look.theme].empty
    ctx.fillRect(chartArea.left, chartArea.top, chartArea.width, chartArea.height)
  }
  for (let row = 0; row < mark.yEdges.length - 1; row++) {
    const [from, to] = [toY(mark.yEdges[row] ?? NaN), toY(mark.yEdges[row + 1] ?? NaN)]
    let run: { readonly left: number; right: number; readonly colour: string } | undefined
    const draw = (): void => {
      if (!run) return
      ctx.fillStyle = run.colour
      const [left, top] = [run.left, Math.min(from, to)]
      const right = Math.min(chartArea.right, run.right + over)
      const bottom = Math.min(chartArea.bottom, Math.max(from, to) + over)
      ctx.fillRect(left, top, right - left, bottom - top)
    }
    for (const column of columns) {
      const value = valueOf(mark, row, column)
      const colour =
        value === undefined
          ? undefined
          : palette[
              Math.round(scalePlace(value, mark.domain, mark.logarithmic) * (PALETTE_COLOURS - 1))
            ]
      if (run?.colour === colour && run?.right === column.left) run.right = column.right
      else {
        draw()
        run = colour === undefined ? undefined : { ...column, colour }
      }
    }
    draw()
  }
  if (mark.empty) writeEmpty(chart, mark, mark.empty, look)
}

/** In the middle of the rows that have no value, where there is room. */
function writeEmpty(chart: Chart, mark: Cells, words: string, { theme, font }: Look): void {
  const { ctx, chartArea, scales } = chart
  const { values, xEdges, yEdges } = mark
  let last = values.length - 1
  while (last >= 0 && Number.isNaN(values[last])) last--
  const reached = Math.floor(last / (xEdges.length - 1)) + 1
  const [from, to] = [yEdges[reached], yEdges[yEdges.length - 1]].map(
    (edge) => scales.y?.getPixelForValue(edge ?? NaN) ?? NaN
  ) as [number, number]
  if (Math.abs(to - from) < 24) return
  ctx.fillStyle = CHART_THEMES[theme].roles.second
  ctx.font = `400 11px ${font}`
  ctx.textAlign = 'center'
  ctx.textBaseline = 'middle'
  ctx.fillText(words, (chartArea.left + chartArea.right) / 2, (from + to) / 2)
}

const WORD_COLOURS = { onDark: '#ffffff', onLight: '#111418' } as const
/** around the words of a cell, in pixels */
const WORD_ROOM = { beside: 4, above: 2 } as const

/** Words of the cells, all or none: some alone would look as if the others had none. */
function writeWords(chart: Chart, mark: Cells, { font }: Look): void {
  const { ctx, scales } = chart
  const { values, xEdges, yEdges, words = [], domain, logarithmic } = mark
  const width = xEdges.length - 1
  const ends = (scale: Scale | undefined, edges: ArrayLike<number>, at: number) =>
    [edges[at], edges[at + 1]].map((edge) => scale?.getPixelForValue(edge ?? NaN) ?? NaN) as [
      number,
      number
    ]
  const placed = words.map((word, at) => {
    const [left, right] = ends(scales.x, xEdges, at % width)
    const [top, bottom] = ends(scales.y, yEdges, Math.floor(at / width))
    const fits =
      Math.abs(right - left) >= labelWidth(word) + 2 * WORD_ROOM.beside &&
      Math.abs(bottom - top) >= LABEL_SIZE + 2 * WORD_ROOM.above
    return { word, fits, x: (left + right) / 2, y: (top + bottom) / 2, value: values[at] ?? NaN }
  })
  if (!placed.every(({ fits }) => fits)) return
  ctx.font = `500 ${LABEL_SIZE}px ${font}`
  ctx.textAlign = 'center'
  ctx.textBaseline = 'middle'
  for (const { word, x, y, value } of placed) {
    if (Number.isNaN(value)) continue
    const light = scalePlace(value, domain, logarithmic) > 0.5
    ctx.fillStyle = light ? WORD_COLOURS.onLight : WORD_COLOURS.onDark
    ctx.fillText(word, x, y)
  }
}

/** The values of an interval, the whole numbers in it, or the name of its middle. */
function rangeText(edges: ArrayLike<number>, at: number, { label, format, names }: Axis): string {
  const [from, to] = [edges[at] ?? NaN, edges[at + 1] ?? NaN]
  if (names) return `${label}: ${names[(from + to) / 2] ?? ''}`
  const whole = format === 'integer' && !Number.isInteger(from) && !Number.isInteger(to)
  const ends = whole ? [Math.ceil(from), Math.floor(to)] : [from, to]
  const said = [...new Set(ends.map((end) => exactText(end, format)))].join(' to ')
  return `${label}: ${said}`
}

/** A grid of coloured cells. One element stands for whichever cell is under the pointer. */
export const CELLS: MarkRecord<Cells> = {
  along: ({ xEdges, yEdges }, axis) => [axis === 'x' ? xEdges : yEdges],
  tight: true,
  datasets: (mark, look) => [
    datasetOf(mark, look, {
      type: 'scatter',
      data: [{ x: mark.xEdges[0] ?? 0, y: mark.yEdges[0] ?? 0 }],
      ...NO_POINTS
    })
  ],
  draw: drawCells,
  write(chart, marks, look) {
    for (const mark of marks) if (mark.words) writeWords(chart, mark, look)
  },
  itemAt({ xEdges, yEdges, values, empty }, { value }) {
    const [column, row] = [binOf(xEdges, value.x), binOf(yEdges, value.y)]
    const at = row * (xEdges.length - 1) + column
    const told = column >= 0 && row >= 0 && (empty !== undefined || !Number.isNaN(values[at]))
    return told ? at : -1
  },
  settle({ xEdges, yEdges }, at, element, toPixel) {
    const width = xEdges.length - 1
    const [column, row] = [at % width, Math.floor(at / width)]
    const middle = (edges: ArrayLike<number>, i: number): number =>
      ((edges[i] ?? NaN) + (edges[i + 1] ?? NaN)) / 2
    Object.assign(element, toPixel(middle(xEdges, column), middle(yEdges, row)))
  },
  tell({ label, xEdges, yEdges, values, format, empty }, at, { x, y }) {
    const width = xEdges.length - 1
    const value = values[at]
    return {
      title: `${rangeText(xEdges, at % width, x)}\n${rangeText(yEdges, Math.floor(at / width), y)}`,
      line: Number.isNaN(value) && empty ? empty : `${label}: ${exactText(value, format)}`
    }
  },
  *csv({ xEdges, yEdges, values, empty }) {
    const width = xEdges.length - 1
    for (let i = 0; i < values.length; i++) {
      if (empty !== undefined && Number.isNaN(values[i])) continue
      const [column, row] = [i % width, Math.floor(i / width)]
      const [x, xTo] = [xEdges[column], xEdges[column + 1]]
      yield { x, xTo, y: yEdges[row], yTo: yEdges[row + 1], value: values[i] }
    }
  },
  table({ label, xEdges, yEdges, values, format }, { x, y }) {
    const width = xEdges.length - 1
    const filled = Array.from(values, (_, i) => i).filter((i) => !Number.isNaN(values[i]))
    const place = (edges: ArrayLike<number>, i: number, { format, names }: Axis): string =>
      names?.[((edges[i] ?? NaN) + (edges[i + 1] ?? NaN)) / 2] ?? exactText(edges[i], format)
    const head = ({ label, names }: Axis): string => (names ? label : `${label}, from`)
    return {
      head: [head(x), head(y), label],
      count: filled.length,
      row(at) {
        const i = filled[at] ?? 0
        return [
          place(xEdges, i % width, x),
          place(yEdges, Math.floor(i / width), y),
          exactText(values[i], format)
        ]
      }
    }
  }
}
