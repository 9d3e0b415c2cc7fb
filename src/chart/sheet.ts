import type { Figure, FigureSheet } from '../core/figure/figure'
import { COLOUR_BAR_ROOM } from './colour-bar'
import { CAPTION, CHART_FONT } from './options'
import type { ChartOptions } from './options'
import { CHART_THEMES } from './theme'
import type { ThemeName } from './theme'

/** A figure of a sheet, where it lies and what it is drawn with. */
interface PlacedFigure {
  readonly figure: Figure
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly options: Pick<ChartOptions, 'panel' | 'axisTitles' | 'colourBar'>
}

const LEAST_WIDTH = 165
const GAP = 14
/** plot with the ends of its ticks */
const PLOT_HEIGHT = 122
const NAME_HEIGHT = 17
/** title of the y axis, once a row; numbers and title of the x axis, once a column */
const Y_TITLE = 15
const X_AXIS = 20
const BETWEEN = 10
/** the colour scale needs more than the room that every panel has at its right */
const BAR = COLOUR_BAR_ROOM - 8

/** Where the figures lie, in CSS pixels; columns that do not fit go into further blocks of rows. */
export function layoutSheet(
  { rows }: Pick<FigureSheet, 'rows'>,
  width: number
): { readonly width: number; readonly height: number; readonly panels: readonly PlacedFigure[] } {
  const all = Math.max(0, ...rows.map(({ length }) => length))
  const room = Math.max(LEAST_WIDTH, width - Y_TITLE - BAR)
  const columns = Math.max(1, Math.min(all, Math.floor((room + GAP) / (LEAST_WIDTH + GAP))))
  const each = Math.floor((room - (columns - 1) * GAP) / columns)
  // rows of names need a line each
  const names = Math.max(0, ...rows.flat().map(({ y }) => y.names?.length ?? 0))
  const rowHeight = CAPTION + Math.max(PLOT_HEIGHT, names * NAME_HEIGHT)
  const blockHeight = rows.length * (rowHeight + BETWEEN) - BETWEEN + X_AXIS
  const panels = rows.flatMap((row, rowAt) =>
    row.map((figure, at): PlacedFigure => {
      const [column, block] = [at % columns, Math.floor(at / columns)]
      const [first, last] = [column === 0, rowAt === rows.length - 1]
      const colourBar = rowAt === 0 && at === Math.min(columns, row.length) - 1
      return {
        figure,
        x: column * (each + GAP) + (first ? 0 : Y_TITLE),
        y: block * (blockHeight + BETWEEN) + rowAt * (rowHeight + BETWEEN),
        width: each + (first ? Y_TITLE : 0) + (colourBar ? BAR : 0),
        height: rowHeight + (last ? X_AXIS : 4),
        options: { panel: true, axisTitles: { x: last, y: first }, colourBar }
      }
    })
  )
  const blocks = Math.ceil(all / columns)
  return { width, height: Math.max(0, blocks * (blockHeight + BETWEEN) - BETWEEN), panels }
}

/** of a picture of a sheet: around it, and of its title and subtitle */
const MARGIN = 20
const HEAD = 48

/** A picture of a sheet as wide as this: its height, and where its figures lie on it. */
export function sheetPicture(sheet: FigureSheet, width: number) {
  const layout = layoutSheet(sheet, width - 2 * MARGIN)
  const panels = layout.panels.map((panel) => ({
    ...panel,
    x: panel.x + MARGIN,
    y: panel.y + MARGIN + HEAD
  }))
  return { width, height: layout.height + HEAD + 2 * MARGIN, panels }
}

/** The ground of a picture of a sheet, with title and subtitle. */
export function drawSheetHead(
  context: CanvasRenderingContext2D,
  { title, subtitle }: FigureSheet,
  theme: ThemeName,
  { width, height }: { readonly width: number; readonly height: number }
): void {
  const { roles, surface } = CHART_THEMES[theme]
  context.fillStyle = surface
  context.fillRect(0, 0, width, height)
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  context.fillStyle = roles.ink
  context.font = `600 14px ${CHART_FONT}`
  context.fillText(title, MARGIN, MARGIN + 8)
  context.fillStyle = roles.second
  context.font = `400 12px ${CHART_FONT}`
  context.fillText(subtitle, MARGIN, MARGIN + 28)
}
