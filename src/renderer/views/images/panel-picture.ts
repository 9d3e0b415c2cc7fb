import { canvasPng } from '../../figures/canvas-png'
import { rangeText, shade } from './pixel-values'
import type { Panel } from './pixel-values'

const SIDE = 224
const GAP = 20
const MARGIN = 24
const MAX_COLUMNS = 4

interface PanelPicture {
  readonly panels: readonly Panel[]
  readonly height: number
  readonly width: number
  readonly channels: number
  /** 'Image 0, train, class Boot' */
  readonly title: string
  readonly subtitle: string
  /** CSS colours and the font family of the window */
  readonly look: {
    readonly surface: string
    readonly ink: string
    readonly second: string
    readonly font: string
    readonly choice: (id: string) => string
  }
}

/** The pictures of the inspector as one PNG, two pixels to a CSS pixel. */
export function panelPng(picture: PanelPicture): Promise<Uint8Array> {
  const { panels, look } = picture
  const columns = Math.min(MAX_COLUMNS, panels.length)
  const rows = Math.ceil(panels.length / columns)
  const tall = Math.round((SIDE * picture.height) / picture.width)
  const outer = { width: 2 * MARGIN + columns * SIDE + (columns - 1) * GAP, top: MARGIN + 52 }
  const rowHeight = tall + 56
  const canvas = document.createElement('canvas')
  canvas.width = 2 * outer.width
  canvas.height = 2 * (outer.top + rows * rowHeight)
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('The picture could not be made: no canvas to draw on.')
  context.scale(2, 2)
  context.fillStyle = look.surface
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.imageSmoothingEnabled = false
  context.textBaseline = 'alphabetic'

  const write = (text: string, x: number, y: number, font: string, colour: string): void => {
    context.font = `${font} ${look.font}`
    context.fillStyle = colour
    context.fillText(text, x, y)
  }
  write(picture.title, MARGIN, MARGIN + 13, '600 14px', look.ink)
  write(picture.subtitle, MARGIN, MARGIN + 33, '400 12px', look.second)

  panels.forEach((panel, at) => {
    const x = MARGIN + (at % columns) * (SIDE + GAP)
    const y = outer.top + Math.floor(at / columns) * rowHeight
    const source = document.createElement('canvas')
    source.width = picture.width
    source.height = picture.height
    source
      .getContext('2d')
      ?.putImageData(shade(panel, picture.height, picture.width, picture.channels), 0, 0)
    context.drawImage(source, x, y, SIDE, tall)
    const indent = panel.choice === undefined ? 0 : 15
    if (panel.choice !== undefined) {
      context.fillStyle = look.choice(panel.choice)
      context.beginPath()
      context.roundRect(x, y + tall + 10, 10, 10, 3)
      context.fill()
    }
    write(panel.name, x + indent, y + tall + 19, '400 12px', look.ink)
    write(rangeText(panel.range), x, y + tall + 36, '400 12px', look.second)
  })

  return canvasPng(canvas)
}
