import { createCanvas, GlobalFonts, SvgExportFlag } from '@napi-rs/canvas'
import { Chart } from 'chart.js'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { chartConfiguration } from '../../chart/configuration'
import { figureCsv } from '../../chart/figure-numbers'
import type { Figure } from '../../core/figure/figure'

const SIZE = { width: 960, height: 600 } as const
const PIXEL_RATIO = 2
const FONT = 'Inter'

/** A figure as files: the same drawing as on screen, made without one. */
export function figureFiles(
  figure: Figure
): { readonly name: string; readonly bytes: Uint8Array }[] {
  return [
    { name: `${figure.id}.png`, bytes: draw(figure, 'png') },
    { name: `${figure.id}.svg`, bytes: draw(figure, 'svg') },
    { name: `${figure.id}.csv`, bytes: new TextEncoder().encode(figureCsv(figure)) }
  ]
}

/** Makes the window's typeface known; without it the system's sans-serif is used. */
export function loadFont(programFolder: string): void {
  const assets = join(programFolder, '..', 'renderer', 'assets')
  if (GlobalFonts.has(FONT) || !existsSync(assets)) return
  const file = readdirSync(assets).find((name) => /^inter-latin-wght-normal.*\.woff2$/.test(name))
  if (file) GlobalFonts.registerFromPath(join(assets, file), FONT)
}

function draw(figure: Figure, format: 'png' | 'svg'): Uint8Array {
  const { width, height } = SIZE
  const pixelRatio = format === 'png' ? PIXEL_RATIO : 1
  const options = { standalone: true, pixelRatio, font: `${FONT}, sans-serif` }
  const configuration = chartConfiguration(figure, 'light', options)
  if (format === 'png') {
    const canvas = createCanvas(width, height)
    const chart = new Chart(canvas as never, configuration)
    try {
      return canvas.toBuffer('image/png')
    } finally {
      chart.destroy()
    }
  }
  // As paths: text would need the typeface, and loses glyphs that the typeface exchanges for others.
  const canvas = createCanvas(width, height, SvgExportFlag.ConvertTextToPaths)
  const chart = new Chart(canvas as never, configuration)
  try {
    return canvas.getContent()
  } finally {
    chart.destroy()
  }
}
