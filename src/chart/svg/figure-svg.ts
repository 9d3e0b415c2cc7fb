import { BasicPlatform, Chart } from 'chart.js'
import type { Attributes } from '../../core/markup'
import type { Figure, FigureSheet } from '../../core/figure/figure'
import { chartConfiguration } from '../configuration'
import { EXPORT_SIZE } from '../options'
import type { ChartOptions } from '../options'
import { drawSheetHead, sheetPicture } from '../sheet'
import type { ThemeName } from '../theme'
import { SvgContext } from './context'

/** edges of cells lie on quarters of a pixel, as there are no device pixels */
const SNAP = 4

interface Size {
  readonly width: number
  readonly height: number
}

type SvgOptions = Pick<ChartOptions, 'hidden' | 'window' | 'titled'> & {
  /** begins the ids in the drawing; its own where several stand on one page */
  readonly ids?: string
  readonly size?: Size
}

function drawn(
  figure: Figure,
  theme: ThemeName,
  options: ChartOptions,
  { size, ids, root }: { readonly size: Size; readonly ids: string; readonly root: Attributes }
): string {
  const context = new SvgContext(size, ids)
  const own = { ...options, pixelRatio: 1, snap: SNAP }
  const configuration = chartConfiguration(figure, theme, own)
  // with `segment`, a line is stroked by calls of the context also where there is a Path2D
  for (const dataset of configuration.data.datasets) Object.assign(dataset, { segment: {} })
  // the window's zoom waits for a pointer
  Object.assign(configuration.options?.plugins ?? {}, { zoom: false })
  const chart = new Chart(context.canvas as unknown as HTMLCanvasElement, {
    ...configuration,
    platform: BasicPlatform
  })
  try {
    return context.markup(root)
  } finally {
    chart.destroy()
  }
}

const told = ({ summary }: Pick<Figure, 'summary'>): Attributes => ({
  role: 'img',
  'aria-label': summary
})

/** The figure as SVG text: byte for byte the same in the window and on the command line. */
export function figureSvg(
  figure: Figure,
  theme: ThemeName,
  { ids = 'clip', size = EXPORT_SIZE, ...options }: SvgOptions = {}
): string {
  return drawn(figure, theme, { ...options, standalone: true }, { size, ids, root: told(figure) })
}

/** All figures of a sheet as one SVG. */
export function sheetSvg(sheet: FigureSheet, theme: ThemeName, ids = 'clip'): string {
  const { panels, ...size } = sheetPicture(sheet, EXPORT_SIZE.width)
  const context = new SvgContext(size, ids)
  drawSheetHead(context.asCanvas(), sheet, theme, size)
  panels.forEach(({ figure, options, x, y, width, height }, i) => {
    const place = { size: { width, height }, ids: `${ids}-${i + 1}`, root: { x, y } }
    context.append(drawn(figure, theme, options, place))
  })
  return context.markup(told(sheet))
}
