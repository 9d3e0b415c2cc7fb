import { CELL, cellOrigin, visibleRange } from './grid-layout'
import type { GridLayout } from './grid-layout'
import { sheetColumns } from './thumbnail-pages'
import type { ThumbnailPage, ThumbnailPages } from './thumbnail-pages'

const RADIUS = 4
/** Space around the cells inside the canvas, so that the ring of an edge cell is whole. */
export const INSET = 4

interface GridDrawing {
  readonly layout: GridLayout
  readonly offset: number
  /** position of the chosen image */
  readonly position: number | undefined
  readonly hovered: number | undefined
  readonly pages: ThumbnailPages | undefined
  /** whether the keyboard is here: a stronger ring */
  readonly ring: boolean
}

/** Draws what is in view; cells whose page has not come yet are a quiet ground. */
export function drawGrid(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  drawing: GridDrawing
): void {
  const ratio = window.devicePixelRatio || 1
  const outerWidth = width + 2 * INSET
  const pixelWidth = Math.round(outerWidth * ratio)
  const outerHeight = height + 2 * INSET
  const pixelHeight = Math.round(outerHeight * ratio)
  if (canvas.width !== pixelWidth || canvas.height !== pixelHeight) {
    canvas.width = pixelWidth
    canvas.height = pixelHeight
    canvas.style.width = `${outerWidth}px`
    canvas.style.height = `${outerHeight}px`
  }
  const context = canvas.getContext('2d')
  if (context === null) return
  const style = getComputedStyle(canvas)
  const colour = (name: string): string => style.getPropertyValue(name).trim()
  context.setTransform(ratio, 0, 0, ratio, INSET * ratio, INSET * ratio)
  context.clearRect(-INSET, -INSET, outerWidth, outerHeight)

  const { layout, offset, position, hovered, pages } = drawing
  const { start, end } = visibleRange(layout, offset)
  context.save()
  const view = new Path2D()
  view.rect(-INSET, 0, outerWidth, height)
  context.clip(view)
  const cells = new Path2D()
  for (let at = start; at < end; at++) {
    const { x, y } = cellOrigin(layout, at, offset)
    cells.roundRect(x, y, CELL, CELL, RADIUS)
  }
  context.fillStyle = colour('--hover')
  context.fill(cells)
  context.clip(cells)
  for (let at = start; at < end; at++) {
    const page = pages?.pageOf(at)
    if (page === undefined) continue
    const { x, y } = cellOrigin(layout, at, offset)
    drawThumbnail(context, page, at - page.start, x, y)
  }
  context.restore()

  if (hovered !== undefined && hovered !== position) {
    strokeRing(context, layout, hovered, offset, colour('--line-strong'), 1.5)
  }
  if (position !== undefined) {
    strokeRing(context, layout, position, offset, colour('--accent'), drawing.ring ? 3 : 2)
  }
}

function drawThumbnail(
  context: CanvasRenderingContext2D,
  page: ThumbnailPage,
  at: number,
  x: number,
  y: number
): void {
  const { width, height } = page.thumbnails
  const columns = sheetColumns(page.count)
  const scale = Math.min(CELL / width, CELL / height)
  const drawnWidth = width * scale
  const drawnHeight = height * scale
  // Enlarged pixels stay squares; a reduced image is averaged.
  context.imageSmoothingEnabled = scale < 1
  context.drawImage(
    page.sheet,
    (at % columns) * width,
    Math.floor(at / columns) * height,
    width,
    height,
    x + (CELL - drawnWidth) / 2,
    y + (CELL - drawnHeight) / 2,
    drawnWidth,
    drawnHeight
  )
}

function strokeRing(
  context: CanvasRenderingContext2D,
  layout: GridLayout,
  position: number,
  offset: number,
  colour: string,
  lineWidth: number
): void {
  const { x, y } = cellOrigin(layout, position, offset)
  const out = 1.5
  context.strokeStyle = colour
  context.lineWidth = lineWidth
  context.beginPath()
  context.roundRect(x - out, y - out, CELL + 2 * out, CELL + 2 * out, RADIUS + out)
  context.stroke()
}
