import { Chart } from 'chart.js'
import { chartConfiguration } from '../../chart/configuration'
import { figureCsv, sheetCsv } from '../../chart/figure-numbers'
import { EXPORT_PIXEL_RATIO, EXPORT_SIZE } from '../../chart/options'
import type { ChartOptions } from '../../chart/options'
import { drawSheetHead, sheetPicture } from '../../chart/sheet'
import type { ThemeName } from '../../chart/theme'
import type { Figure, FigureSheet } from '../../core/figure/figure'
import { canvasPng } from './canvas-png'

type Options = Pick<ChartOptions, 'hidden' | 'window'>
interface Size {
  readonly width: number
  readonly height: number
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
  const pixelRatio = EXPORT_PIXEL_RATIO
  const chart = new Chart(canvas, chartConfiguration(figure, theme, { ...options, pixelRatio }))
  try {
    return await use(canvas)
  } finally {
    chart.destroy()
  }
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

/** All figures of a sheet as one PNG. */
export async function sheetPng(sheet: FigureSheet, theme: ThemeName): Promise<Uint8Array> {
  const { panels, ...size } = sheetPicture(sheet, EXPORT_SIZE.width)
  const canvas = document.createElement('canvas')
  canvas.width = EXPORT_PIXEL_RATIO * size.width
  canvas.height = EXPORT_PIXEL_RATIO * size.height
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('The picture could not be made: no canvas to draw on.')
  context.scale(EXPORT_PIXEL_RATIO, EXPORT_PIXEL_RATIO)
  drawSheetHead(context, sheet, theme, size)
  for (const { figure, options, x, y, ...box } of panels) {
    await onCanvas(box, figure, theme, options, (drawn) =>
      context.drawImage(drawn, x, y, box.width, box.height)
    )
  }
  return canvasPng(canvas)
}

/** The numbers of a figure or of a sheet. */
export function csvBytes(of: Figure | FigureSheet): Uint8Array {
  return new TextEncoder().encode('rows' in of ? sheetCsv(of) : figureCsv(of))
}
