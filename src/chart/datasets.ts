import type { ChartDataset, ScriptableContext } from 'chart.js'
import type { Figure, Mark } from '../core/figure/figure'
import { CHART_THEMES, colourOf, dashOf, scaleColour, withAlpha } from './theme'
import type { ThemeName } from './theme'

/** A Chart.js data set that knows the mark it draws. */
export type MarkDataset = ChartDataset & {
  readonly mark: Mark
  /** false for the helpers that draw a band */
  readonly main: boolean
}

interface Look {
  readonly theme: ThemeName
  readonly hidden: ReadonlySet<string>
  readonly reverseY?: boolean
  /** smallest value of a log y axis */
  readonly floor?: number
  /** nothing is drawn beside the plot */
  readonly clipped?: boolean
}

type Point = { x: number; y: number }

const NO_POINTS = { pointRadius: 0, pointHoverRadius: 0, pointHitRadius: 0 } as const

function steps(mark: Extract<Mark, { kind: 'steps' }>, look: Look): MarkDataset[] {
  const { edges, heights } = mark
  const count = heights.length
  const data: Point[] = new Array<Point>(count + 2)
  data[0] = { x: edges[0] ?? 0, y: 0 }
  for (let i = 0; i < count; i++) data[i + 1] = { x: edges[i] ?? NaN, y: heights[i] ?? NaN }
  data[count + 1] = { x: edges[count] ?? NaN, y: 0 }
  const colour = colourOf(mark.colour, look.theme)
  return [
    base(mark, look, {
      type: 'line',
      data,
      stepped: 'before',
      borderColor: colour,
      borderWidth: 1.25,
      borderDash: dashOf(mark.dash),
      borderJoinStyle: 'miter',
      fill: mark.fill ? 'start' : false,
      backgroundColor: withAlpha(colour, CHART_THEMES[look.theme].fillAlpha),
      ...NO_POINTS
    })
  ]
}

function line(mark: Extract<Mark, { kind: 'line' }>, look: Look): MarkDataset[] {
  const colour = colourOf(mark.colour, look.theme)
  const { surface } = CHART_THEMES[look.theme]
  const main = base(mark, look, {
    type: 'line',
    data: points(mark.x, mark.y, look.floor),
    borderColor: colour,
    borderWidth: mark.x.length > 400 ? 1.25 : 2,
    borderDash: dashOf(mark.dash),
    borderJoinStyle: 'round',
    backgroundColor: colour,
    ...(mark.points
      ? {
          pointRadius: 3,
          pointHoverRadius: 4,
          pointBorderWidth: 1.75,
          pointBackgroundColor: surface,
          pointBorderColor: colour,
          pointHoverBackgroundColor: colour,
          pointHitRadius: 0
        }
      : { ...NO_POINTS, pointHoverRadius: 3, pointHoverBackgroundColor: colour })
  })
  if (!mark.band) return [main]
  const edge = { type: 'line', borderWidth: 0, ...NO_POINTS, main: false } as const
  const ground = withAlpha(colour, 0.16)
  return [
    base(mark, look, { ...edge, data: points(mark.x, mark.band.low, look.floor), fill: false }),
    base(mark, look, {
      ...edge,
      data: points(mark.x, mark.band.high, look.floor),
      fill: '-1',
      backgroundColor: ground
    }),
    main
  ]
}

function scatter(mark: Extract<Mark, { kind: 'points' }>, look: Look): MarkDataset[] {
  const colour = colourOf(mark.colour, look.theme)
  const many = mark.x.length > 2000
  return [
    base(mark, look, {
      type: 'scatter',
      data: points(mark.x, mark.y),
      pointStyle: many ? 'rect' : 'circle',
      pointRadius: mark.x.length === 1 ? 5 : many ? 1.25 : 2.5,
      pointHoverRadius: mark.x.length === 1 ? 6 : 4,
      pointBorderWidth: mark.x.length === 1 ? 2 : 0,
      pointBorderColor: colour,
      pointBackgroundColor:
        mark.x.length === 1 ? 'transparent' : withAlpha(colour, many ? 0.5 : 0.75)
    })
  ]
}

interface Cell extends Point {
  /** value of the cell */
  readonly v: number
  readonly column: number
  readonly row: number
}

/** Pixels of the cell that a matrix element draws; half a pixel over, so that no seam shows. */
function cellSize(edges: ArrayLike<number>, axis: 'x' | 'y', at: 'column' | 'row') {
  return (context: ScriptableContext<'matrix'>): number => {
    const cell = context.raw as Cell | undefined
    const scale = context.chart.scales[axis]
    if (!cell || !scale || !context.chart.chartArea) return 0
    const from = scale.getPixelForValue(edges[cell[at]] ?? NaN)
    const to = scale.getPixelForValue(edges[cell[at] + 1] ?? NaN)
    return Math.abs(to - from) + 0.5
  }
}

function cells(mark: Extract<Mark, { kind: 'cells' }>, look: Look): MarkDataset[] {
  const { xEdges, yEdges, values } = mark
  const top = look.reverseY ? 0 : 1
  const columns = xEdges.length - 1
  const data: Cell[] = []
  for (let i = 0; i < values.length; i++) {
    const v = values[i] ?? NaN
    if (Number.isNaN(v)) continue
    const [column, row] = [i % columns, Math.floor(i / columns)]
    data.push({ x: xEdges[column] ?? 0, y: yEdges[row + top] ?? 0, v, column, row })
  }
  const colour = (context: ScriptableContext<'matrix'>): string => {
    const v = (context.raw as Cell | undefined)?.v
    return v === undefined
      ? 'transparent'
      : scaleColour(mark.colours, v, mark.domain, mark.logarithmic)
  }
  return [
    base(mark, look, {
      type: 'matrix',
      data,
      anchorX: 'left',
      anchorY: 'top',
      width: cellSize(xEdges, 'x', 'column'),
      height: cellSize(yEdges, 'y', 'row'),
      backgroundColor: colour,
      hoverBackgroundColor: colour,
      borderWidth: 0
    })
  ]
}

/**
 * The points of a line. On a log axis with this floor a value of 0 or less lies far below the plot:
 * the line leaves it downwards, instead of resting on a height that was not measured.
 */
function points(x: ArrayLike<number>, y: ArrayLike<number>, floor?: number): Point[] {
  const data: Point[] = new Array<Point>(x.length)
  for (let i = 0; i < x.length; i++) {
    const value = y[i] ?? NaN
    data[i] = { x: x[i] ?? NaN, y: floor !== undefined && value <= 0 ? floor / 1e6 : value }
  }
  return data
}

/** What every data set has; `parsing` off because the data are already numbers. */
function base(mark: Mark, look: Look, own: Record<string, unknown>): MarkDataset {
  const label = 'label' in mark && mark.label ? mark.label : ''
  return {
    label,
    parsing: false,
    // points and thick lines at the rim of the plot are drawn whole
    clip: look.clipped
      ? 0
      : { left: 6, right: 6, top: 6, bottom: look.floor === undefined ? 6 : 0 },
    normalized: mark.kind === 'steps' || mark.kind === 'line',
    hidden: look.hidden.has(label),
    mark,
    main: true,
    ...own
  } as unknown as MarkDataset
}

/** Axis of the values of one mark, in figures where each mark has its own. */
export function ownAxisId(mark: number): string {
  return `x${mark}`
}

/** The data sets of a figure, last mark on top; rules and spans are drawn by a plugin instead. */
export function datasetsOf(figure: Figure, look: Look): MarkDataset[] {
  const datasets = figure.marks.flatMap((mark, at): MarkDataset[] => {
    const own = figure.x.scale === 'own' ? { xAxisID: ownAxisId(at) } : {}
    return drawn(mark).map((dataset) => ({ ...dataset, ...own }) as MarkDataset)
  })
  return datasets.map((dataset, i) => ({ ...dataset, order: datasets.length - i }))

  function drawn(mark: Mark): MarkDataset[] {
    switch (mark.kind) {
      case 'steps':
        return steps(mark, look)
      case 'line':
        return line(mark, look)
      case 'points':
        return scatter(mark, look)
      case 'cells':
        return cells(mark, look)
      case 'rule':
      case 'span':
        return []
    }
  }
}
