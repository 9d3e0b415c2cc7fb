export const CHART_FONT = '"Inter Variable", Inter, system-ui, sans-serif'

/** Size of a figure in a file, CSS pixels; a PNG has twice as many each way. */
export const EXPORT_SIZE = { width: 960, height: 600 } as const
export const EXPORT_PIXEL_RATIO = 2

/** height of the name of a panel, above its plot */
export const CAPTION = 20

export interface ChartOptions {
  /** labels of marks that the person switched off */
  readonly hidden?: ReadonlySet<string>
  /** title, subtitle and legend inside the picture, on a ground: for files */
  readonly standalone?: boolean
  /** with title and subtitle in the picture; default: in standalone pictures */
  readonly titled?: boolean
  readonly pixelRatio?: number
  /** parts of a pixel that edges of cells may lie on, where there are no device pixels: in SVG */
  readonly snap?: number
  /** colour scale beside the cells; default: in standalone pictures */
  readonly colourBar?: boolean
  /** one of several in a sheet: small, its name in the picture */
  readonly panel?: boolean
  /** false: axis titles left out, where a neighbour says the same */
  readonly axisTitles?: { readonly x?: boolean; readonly y?: boolean }
  /** part of each axis that is seen after zooming */
  readonly window?: Readonly<Record<string, readonly [number, number]>>
  readonly font?: string
}
