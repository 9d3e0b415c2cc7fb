import { Chart } from 'chart.js'
import { Context } from 'svgcanvas'
import { chartConfiguration } from '../../chart/configuration'
import type { ChartOptions } from '../../chart/options'
import type { ThemeName } from '../../chart/theme'
import { figureCsv } from '../../chart/figure-numbers'
import type { Figure } from '../../core/figure/figure'

/** Size of an exported picture, CSS pixels; PNG has twice as many each way. */
export const EXPORT_SIZE = { width: 960, height: 600 } as const
const PIXEL_RATIO = 2

type Options = Pick<ChartOptions, 'hidden' | 'window'>

/** The figure as a PNG of 1920 x 1200 pixels, drawn anew, whatever its size on screen. */
export async function figurePng(
  figure: Figure,
  theme: ThemeName,
  options: Options = {}
): Promise<Uint8Array> {
  const canvas = document.createElement('canvas')
  canvas.width = EXPORT_SIZE.width
  canvas.height = EXPORT_SIZE.height
  const chart = new Chart(
    canvas,
    chartConfiguration(figure, theme, { ...options, standalone: true, pixelRatio: PIXEL_RATIO })
  )
  try {
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'))
    if (!blob) throw new Error('The picture could not be made: the canvas gave no PNG.')
    return new Uint8Array(await blob.arrayBuffer())
  } finally {
    chart.destroy()
  }
}

/** The figure as SVG text, from the same configuration. */
export function figureSvg(figure: Figure, theme: ThemeName, options: Options = {}): string {
  const { width, height } = EXPORT_SIZE
  const context = new Context({ width, height, document })
  const configuration = chartConfiguration(figure, theme, {
    ...options,
    standalone: true,
    pixelRatio: 1
  })
  // svgcanvas has no Path2D: a data set with `segment` is stroked by context calls instead
  for (const dataset of configuration.data.datasets) Object.assign(dataset, { segment: {} })
  const chart = new Chart(standIn(context, width, height), configuration)
  try {
    return context.getSerializedSvg()
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

/** The numbers of the figure. */
export function figureCsvBytes(figure: Figure): Uint8Array {
  return new TextEncoder().encode(figureCsv(figure))
}
