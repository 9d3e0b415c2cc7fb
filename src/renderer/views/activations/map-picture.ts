import { Context } from 'svgcanvas'
import { CHART_THEMES } from '../../../chart/theme'
import { drawMap } from './draw-map'
import type { MapContext, MapLook } from './draw-map'
import { layoutMap } from './saturation-map'
import type { SaturationMap } from './saturation-map'

const WIDTH = 960
const MARGIN = 20
const HEAD = 48

export interface MapPicture {
  readonly map: SaturationMap
  readonly title: string
  readonly subtitle: string
  readonly look: Omit<MapLook, 'ratio'>
}

function sizeOf({ map }: MapPicture): { width: number; height: number } {
  const layout = layoutMap(map, WIDTH - 2 * MARGIN)
  return { width: WIDTH, height: layout.height + HEAD + 2 * MARGIN }
}

function draw(context: MapContext, picture: MapPicture, ratio: number): void {
  const { map, title, subtitle, look } = picture
  const { roles, surface } = CHART_THEMES[look.theme]
  const { width, height } = sizeOf(picture)
  context.fillStyle = surface
  context.fillRect(0, 0, width, height)
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  context.fillStyle = roles.ink
  context.font = `600 14px ${look.font}`
  context.fillText(title, MARGIN, MARGIN + 8)
  context.fillStyle = roles.second
  context.font = `400 12px ${look.font}`
  context.fillText(subtitle, MARGIN, MARGIN + 28)
  context.save()
  context.translate(MARGIN, MARGIN + HEAD)
  drawMap(context, map, layoutMap(map, WIDTH - 2 * MARGIN), { ...look, ratio })
  context.restore()
}

/** All heat-maps as one PNG, two pixels to a CSS pixel. */
export async function mapPng(picture: MapPicture): Promise<Uint8Array> {
  const { width, height } = sizeOf(picture)
  const canvas = document.createElement('canvas')
  canvas.width = 2 * width
  canvas.height = 2 * height
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('The picture could not be made: no canvas to draw on.')
  context.scale(2, 2)
  draw(context, picture, 2)
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'))
  if (blob === null) throw new Error('The picture could not be made: the canvas gave no PNG.')
  return new Uint8Array(await blob.arrayBuffer())
}

/** The same picture as SVG text. */
export function mapSvg(picture: MapPicture): string {
  const context = new Context({ ...sizeOf(picture), document })
  draw(context as unknown as MapContext, picture, 4)
  return context.getSerializedSvg()
}
