import { createCanvas, GlobalFonts } from '@napi-rs/canvas'
import { Chart } from 'chart.js'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { chartConfiguration } from '../../chart/configuration'
import { figureCsv } from '../../chart/figure-numbers'
import { EXPORT_PIXEL_RATIO, EXPORT_SIZE } from '../../chart/options'
import { figureSvg } from '../../chart/svg/figure-svg'
import type { Figure } from '../../core/figure/figure'

const FONT = 'Inter'
const utf8 = new TextEncoder()

export { studyReport } from '../engine/study/report'

/** A figure as files: the same drawing as on screen, made without one. */
export function figureFiles(
  figure: Figure
): { readonly name: string; readonly bytes: Uint8Array }[] {
  return [
    { name: `${figure.id}.png`, bytes: drawPng(figure) },
    { name: `${figure.id}.svg`, bytes: utf8.encode(figureSvg(figure, 'light')) },
    { name: `${figure.id}.csv`, bytes: utf8.encode(figureCsv(figure)) }
  ]
}

/** Makes the window's typeface known; without it the system's sans-serif is used. */
export function loadFont(programFolder: string): void {
  const assets = join(programFolder, '..', 'renderer', 'assets')
  if (GlobalFonts.has(FONT) || !existsSync(assets)) return
  const file = readdirSync(assets).find((name) => /^inter-latin-wght-normal.*\.woff2$/.test(name))
  if (file) GlobalFonts.registerFromPath(join(assets, file), FONT)
}

function drawPng(figure: Figure): Uint8Array {
  const canvas = createCanvas(EXPORT_SIZE.width, EXPORT_SIZE.height)
  const font = `${FONT}, sans-serif`
  const options = { standalone: true, pixelRatio: EXPORT_PIXEL_RATIO, font }
  const chart = new Chart(canvas as never, chartConfiguration(figure, 'light', options))
  try {
    return canvas.toBuffer('image/png')
  } finally {
    chart.destroy()
  }
}
