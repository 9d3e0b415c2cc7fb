import { CHART_THEMES, colourOf, scaleColour } from '../../../chart/theme'
import type { ThemeName } from '../../../chart/theme'
import type { MapCell, MapLayout, PlacedCell, SaturationMap } from './saturation-map'

/** What of a canvas context the map needs: the screen's, or one that writes SVG. */
export type MapContext = Pick<
  CanvasRenderingContext2D,
  'fillRect' | 'fillText' | 'save' | 'restore' | 'translate' | 'rotate' | 'measureText'
> & {
  fillStyle: string | CanvasGradient | CanvasPattern
  font: string
  textAlign: CanvasTextAlign
  textBaseline: CanvasTextBaseline
}

export interface MapLook {
  readonly theme: ThemeName
  /** CSS font family */
  readonly font: string
  /** device pixels to a CSS pixel: cells end on whole ones, so that no seam shows */
  readonly ratio: number
}

const LEGEND_STEPS = 10
/** Colours that are told apart in a map; neighbours of one colour are drawn as one. */
const COLOURS = 256

const PALETTE: readonly string[] = Array.from({ length: COLOURS }, (_, at) =>
  scaleColour('cividis', at / (COLOURS - 1), [0, 1])
)

/** Draws all heat-maps with their names, epochs and colour scale. */
export function drawMap(
  context: MapContext,
  map: SaturationMap,
  layout: MapLayout,
  look: MapLook
): void {
  for (const placed of layout.cells) {
    drawCells(context, map, placed, look)
    drawWords(context, map, placed, look)
  }
  drawLegend(context, layout, look)
}

function drawCells(
  context: MapContext,
  map: SaturationMap,
  { cell, box }: PlacedCell,
  { theme, ratio }: MapLook
): void {
  const snap = (value: number): number => Math.round(value * ratio) / ratio
  const columns = Math.max(1, Math.min(cell.units, Math.floor(box.width * ratio)))
  context.fillStyle = theme === 'dark' ? '#26282c' : '#efefec'
  context.fillRect(box.x, box.y, box.width, box.height)
  cell.epochs.forEach((epoch, row) => {
    const top = snap(box.y + (box.height * epoch) / map.epochs)
    const bottom = snap(box.y + (box.height * (epoch + 1)) / map.epochs)
    let from = 0
    let colour = colourAt(cell, row, 0, columns)
    for (let column = 1; column <= columns; column++) {
      const next = column < columns ? colourAt(cell, row, column, columns) : -1
      if (next === colour) continue
      const left = snap(box.x + (box.width * from) / columns)
      const right = snap(box.x + (box.width * column) / columns)
      context.fillStyle = PALETTE[colour] ?? '#000000'
      context.fillRect(left, top, right - left, bottom - top)
      from = column
      colour = next
    }
  })
}

/** Colour of a column: the mean of its units where there are more units than pixels. */
function colourAt(cell: MapCell, row: number, column: number, columns: number): number {
  const from = Math.floor((column * cell.units) / columns)
  const to = Math.max(from + 1, Math.floor(((column + 1) * cell.units) / columns))
  let sum = 0
  for (let unit = from; unit < to; unit++) sum += cell.values[row * cell.units + unit] ?? 0
  return Math.round((sum / (to - from)) * (COLOURS - 1))
}

/** Epochs that get a number: all while there is room, else every second, fifth, tenth … */
export function epochTicks(epochs: number, height: number): number[] {
  const room = Math.max(1, Math.floor(height / 15))
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]
  const step = steps.find((one) => Math.ceil(epochs / one) <= room) ?? epochs
  const ticks: number[] = []
  for (let epoch = 0; epoch < epochs; epoch += step) ticks.push(epoch)
  return ticks
}

function drawWords(
  context: MapContext,
  map: SaturationMap,
  { row, cell, box, first, last, leading }: PlacedCell,
  { theme, font }: MapLook
): void {
  const { roles } = CHART_THEMES[theme]
  const write = (
    text: string,
    x: number,
    y: number,
    size: string,
    colour: string,
    align: CanvasTextAlign
  ): void => {
    context.font = `${size} ${font}`
    context.fillStyle = colour
    context.textAlign = align
    context.textBaseline = 'middle'
    context.fillText(text, x, y)
  }
  if (leading) {
    write(row.name, 0, box.y + box.height / 2, '600 12.5px', roles.ink, 'left')
  }
  if (first) {
    context.fillStyle = colourOf({ choice: cell.choice }, theme)
    context.fillRect(box.x, box.y - 16, 9, 9)
    const name = fitting(context, cell.name, box.width - 15, `500 12px ${font}`)
    write(name, box.x + 15, box.y - 11, '500 12px', roles.second, 'left')
  }
  for (const epoch of epochTicks(map.epochs, box.height)) {
    const y = box.y + (box.height * (epoch + 0.5)) / map.epochs
    write(String(epoch), box.x - 6, y, '400 11px', roles.muted, 'right')
  }
  if (leading) {
    context.save()
    context.translate(box.x - 28, box.y + box.height / 2)
    context.rotate(-Math.PI / 2)
    write('epoch', 0, 0, '400 11px', roles.second, 'center')
    context.restore()
  }
  if (last) {
    const y = box.y + box.height + 13
    const x = box.x + box.width / 2
    write('unit, most saturated first', x, y, '400 11px', roles.second, 'center')
  }
  const reached = Math.max(...cell.epochs) + 1
  const empty = (box.height * (map.epochs - reached)) / map.epochs
  if (cell.runId === undefined && empty >= 24) {
    const y = box.y + box.height - empty / 2
    write('not trained yet', box.x + box.width / 2, y, '400 11px', roles.second, 'center')
  }
}

/** The text, cut at the end where it does not fit. */
function fitting(context: MapContext, text: string, width: number, font: string): string {
  context.font = font
  if (context.measureText(text).width <= width) return text
  let cut = text
  while (cut.length > 1 && context.measureText(`${cut}…`).width > width) cut = cut.slice(0, -1)
  return `${cut.trimEnd()}…`
}

function drawLegend(context: MapContext, { legend }: MapLayout, { theme, font }: MapLook): void {
  const { roles } = CHART_THEMES[theme]
  const step = legend.height / LEGEND_STEPS
  for (let at = 0; at < LEGEND_STEPS; at++) {
    const value = 1 - at / (LEGEND_STEPS - 1)
    context.fillStyle = PALETTE[Math.round(value * (COLOURS - 1))] ?? '#000000'
    const top = Math.round(legend.y + at * step)
    const bottom = Math.round(legend.y + (at + 1) * step)
    context.fillRect(legend.x, top, legend.width, bottom - top)
  }
  context.font = `400 11px ${font}`
  context.fillStyle = roles.muted
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  for (const [share, text] of [
    [0, '100 %'],
    [0.5, '50 %'],
    [1, '0 %']
  ] as const) {
    const y = legend.y + step / 2 + share * (legend.height - step)
    context.fillText(text, legend.x + legend.width + 6, y)
  }
}
