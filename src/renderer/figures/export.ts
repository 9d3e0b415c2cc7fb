import { Chart } from 'chart.js'
import type { Context } from 'svgcanvas'
import { chartConfiguration } from '../../chart/configuration'
import { figureCsv, sheetCsv } from '../../chart/figure-numbers'
import { CHART_FONT } from '../../chart/options'
import type { ChartOptions } from '../../chart/options'
import { layoutSheet } from '../../chart/sheet'
import { CHART_THEMES } from '../../chart/theme'
import type { ThemeName } from '../../chart/theme'
import type { Figure, FigureSheet } from '../../core/figure/figure'
import { svgContext, svgText } from './svg-context'

/** Size of an exported picture, CSS pixels; PNG has twice as many each way. */
export const EXPORT_SIZE = { width: 960, height: 600 } as const
const PIXEL_RATIO = 2
/** edges of cells lie on quarters of a pixel in SVG, which has no device pixels */
const SVG_SNAP = 4
/** of a sheet: around it, and of its title and subtitle */
const MARGIN = 20
const HEAD = 48

type Options = Pick<ChartOptions, 'hidden' | 'window'>
interface Size {
  readonly width: number
  readonly height: number
}

/** The bytes of a canvas as PNG. */
export async function canvasPng(canvas: HTMLCanvasElement): Promise<Uint8Array> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'))
  if (!blob) throw new Error('The picture could not be made: the canvas gave no PNG.')
  return new Uint8Array(await blob.arrayBuffer())
}

/** A canvas with the figure on it; `use` sees it before it goes. */
async function onCanvas<T>(
  { width, height }: Size,
  figure: Figure,
  theme: ThemeName,
  options: ChartOptions,
  use: (canvas: HTMLCanvasElement) => T | Promise<T>
): Promise<T> {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const pixelRatio = PIXEL_RATIO
  const chart = new Chart(canvas, chartConfiguration(figure, theme, { ...options, pixelRatio }))
  try {
    return await use(canvas)
  } finally {
    chart.destroy()
  }
}

/** The figure drawn by a context that writes SVG; `use` sees it before it goes. */
function onSvg<T>(
  { width, height }: Size,
  figure: Figure,
  theme: ThemeName,
  options: ChartOptions,
  use: (context: Context) => T
): T {
  const context = svgContext({ width, height })
  const own = { ...options, pixelRatio: 1, snap: SVG_SNAP }
  const configuration = chartConfiguration(figure, theme, own)
  // svgcanvas has no Path2D: a data set with `segment` is stroked by context calls instead
  for (const dataset of configuration.data.datasets) Object.assign(dataset, { segment: {} })
  const chart = new Chart(standIn(context, width, height), configuration)
  try {
    return use(context)
  } finally {
    chart.destroy()
  }
}

/** What Chart.js needs of a canvas, around a context that is not of a canvas. */
function standIn(context: Context, width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  Object.defineProperty(context, 'canvas', { value: canvas, configurable: true })
  Object.defineProperty(canvas, 'getContext', { value: () => context })
  return canvas
}

/** The figure as a PNG of 1920 x 1200 pixels, drawn anew, whatever its size on screen. */
export function figurePng(
  figure: Figure,
  theme: ThemeName,
  options: Options = {}
): Promise<Uint8Array> {
  const own = { ...options, standalone: true }
  return onCanvas(EXPORT_SIZE, figure, theme, own, canvasPng)
}

/** The figure as SVG text, from the same configuration. */
export function figureSvg(figure: Figure, theme: ThemeName, options: Options = {}): string {
  return onSvg(EXPORT_SIZE, figure, theme, { ...options, standalone: true }, svgText)
}

/** The ground of a sheet with its title and subtitle, and where its figures lie on it. */
function sheetOf(sheet: FigureSheet) {
  const { width } = EXPORT_SIZE
  const layout = layoutSheet(sheet, width - 2 * MARGIN)
  const panels = layout.panels.map((panel) => ({
    ...panel,
    x: panel.x + MARGIN,
    y: panel.y + MARGIN + HEAD
  }))
  return { width, height: layout.height + HEAD + 2 * MARGIN, panels }
}

function drawHead(
  context: CanvasRenderingContext2D,
  { title, subtitle }: FigureSheet,
  theme: ThemeName,
  { width, height }: Size
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

/** All figures of a sheet as one PNG. */
export async function sheetPng(sheet: FigureSheet, theme: ThemeName): Promise<Uint8Array> {
  const { panels, ...size } = sheetOf(sheet)
  const canvas = document.createElement('canvas')
  canvas.width = PIXEL_RATIO * size.width
  canvas.height = PIXEL_RATIO * size.height
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('The picture could not be made: no canvas to draw on.')
  context.scale(PIXEL_RATIO, PIXEL_RATIO)
  drawHead(context, sheet, theme, size)
  for (const { figure, options, x, y, ...box } of panels) {
    await onCanvas(box, figure, theme, options, (drawn) =>
      context.drawImage(drawn, x, y, box.width, box.height)
    )
  }
  return canvasPng(canvas)
}

/** All figures of a sheet as one SVG. */
export function sheetSvg(sheet: FigureSheet, theme: ThemeName): string {
  const { panels, ...size } = sheetOf(sheet)
  const outer = svgContext(size)
  drawHead(outer as unknown as CanvasRenderingContext2D, sheet, theme, size)
  const root = outer.getSvg()
  for (const { figure, options, x, y, ...box } of panels) {
    const inner = onSvg(
      box,
      figure,
      theme,
      options,
      (context) => context.getSvg().cloneNode(true) as SVGSVGElement
    )
    inner.setAttribute('x', String(x))
    inner.setAttribute('y', String(y))
    root.append(inner)
  }
  return svgText(outer)
}

/** The numbers of a figure or of a sheet. */
export function csvBytes(of: Figure | FigureSheet): Uint8Array {
  return new TextEncoder().encode('rows' in of ? sheetCsv(of) : figureCsv(of))
}
