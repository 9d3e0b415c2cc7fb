import { attributesText, escapeMarkup } from '../../core/markup'
import type { Attributes } from '../../core/markup'
import { CHART_FONT } from '../options'
import { FONT_METRICS, textWidth } from '../text-width'
import { DrawingState, rounded } from './state'
import type { Clip } from './state'

const ANCHORS: Readonly<Record<CanvasTextAlign, string>> = {
  left: 'start',
  start: 'start',
  center: 'middle',
  right: 'end',
  end: 'end'
}

const FONT = /^(?:(normal|italic|oblique) )?(?:(\d+|bold|normal) )?([\d.]+)px (.+)$/
const WEIGHTS: Readonly<Record<string, number>> = { normal: 400, bold: 700 }

/** Of a matrix, whose parts multiply lengths. */
const fine = (value: number): number => Math.round(value * 1e6) / 1e6 + 0

/**
 * The part of CanvasRenderingContext2D that figures are drawn with, as SVG text. It needs no
 * document, and widths of words come from a table: the window and the command line write the same.
 */
export class SvgContext extends DrawingState {
  /** what Chart.js takes for the canvas */
  readonly canvas: {
    width: number
    height: number
    getContext(): CanvasRenderingContext2D
  }
  readonly #size: { readonly width: number; readonly height: number }
  readonly #ids: string
  readonly #body: string[] = []
  readonly #clips = new Map<string, Clip>()
  readonly #definitions: string[] = []
  #group: Clip | undefined

  /** `ids` begins the ids within the drawing, which are to be its own where several share a page. */
  constructor({ width, height }: { width: number; height: number }, ids: string) {
    super()
    this.#size = { width, height }
    this.#ids = ids
    this.canvas = { width, height, getContext: () => this.asCanvas() }
  }

  asCanvas(): CanvasRenderingContext2D {
    return this as unknown as CanvasRenderingContext2D
  }

  /** The drawing as an element. */
  markup(attributes: Attributes = {}): string {
    const { width, height } = this.#size
    const root = {
      xmlns: 'http://www.w3.org/2000/svg',
      'font-family': CHART_FONT,
      ...attributes,
      width,
      height,
      viewBox: `0 0 ${width} ${height}`
    }
    const definitions =
      this.#definitions.length > 0 ? `<defs>${this.#definitions.join('')}</defs>` : ''
    const end = this.#group ? '</g>' : ''
    return `<svg${attributesText(root)}>${definitions}${this.#body.join('\n')}${end}</svg>`
  }

  /** Puts an element of SVG over what has been drawn. */
  append(element: string): void {
    this.#enter(undefined)
    this.#body.push(element)
  }

  fill(): void {
    this.#draw('path', { d: this.path, ...this.#fillOf() })
  }
  stroke(): void {
    this.#draw('path', { d: this.path, fill: 'none', ...this.#strokeOf() })
  }
  clip(): void {
    const within = this.clipped
    const key = `${within?.id ?? ''} ${this.path}`
    const known = this.#clips.get(key)
    this.clipped = known ?? this.#newClip(key, within)
  }
  fillRect(x: number, y: number, width: number, height: number): void {
    this.#rectangle(x, y, width, height, this.#fillOf())
  }
  strokeRect(x: number, y: number, width: number, height: number): void {
    this.#rectangle(x, y, width, height, { fill: 'none', ...this.#strokeOf() })
  }
  /** Nothing lies under a drawing before it begins, and figures clear nothing later. */
  clearRect(): void {}

  fillText(text: string, x: number, y: number): void {
    this.#text(text, x, y, this.#fillOf())
  }
  strokeText(text: string, x: number, y: number): void {
    this.#text(text, x, y, { fill: 'none', ...this.#strokeOf() })
  }
  /** Annotations also measure the label that they do not have. */
  measureText(text: string | null): { readonly width: number } {
    const { size, weight } = this.#fontOf()
    return { width: textWidth(text ?? '', size, weight) }
  }

  #fontOf() {
    const [, style = 'normal', weight = '400', size = '10', family = 'sans-serif'] =
      FONT.exec(this.font) ?? []
    return { style, weight: WEIGHTS[weight] ?? Number(weight), size: Number(size), family }
  }

  #fillOf(): Attributes {
    const { fillStyle, globalAlpha } = this
    return { fill: fillStyle, 'fill-opacity': globalAlpha < 1 ? globalAlpha : undefined }
  }

  #strokeOf(): Attributes {
    const { strokeStyle, lineWidth, lineCap, lineJoin, dash, lineDashOffset, globalAlpha, matrix } =
      this
    return {
      stroke: strokeStyle,
      'stroke-width': rounded(lineWidth * Math.hypot(matrix[0], matrix[1])),
      'stroke-linecap': lineCap === 'butt' ? undefined : lineCap,
      'stroke-linejoin': lineJoin === 'miter' ? undefined : lineJoin,
      'stroke-dasharray': dash.length > 0 ? dash.join(',') : undefined,
      'stroke-dashoffset': dash.length > 0 && lineDashOffset !== 0 ? lineDashOffset : undefined,
      'stroke-opacity': globalAlpha < 1 ? globalAlpha : undefined
    }
  }

  #rectangle(x: number, y: number, width: number, height: number, look: Attributes): void {
    const [, , , , e, f] = this.matrix
    if (!this.upright) {
      const path = this.path
      this.beginPath()
      this.rect(x, y, width, height)
      this.#draw('path', { d: this.path, ...look })
      this.path = path
      return
    }
    const [left, top] = [x + e + Math.min(0, width), y + f + Math.min(0, height)]
    const size = { width: rounded(Math.abs(width)), height: rounded(Math.abs(height)) }
    if (size.width === 0 || size.height === 0) return
    this.#draw('rect', { x: rounded(left), y: rounded(top), ...size, ...look })
  }

  #text(text: string, x: number, y: number, look: Attributes): void {
    const { style, weight, size, family } = this.#fontOf()
    const [, , , , e, f] = this.matrix
    const plain = this.upright
    // viewers differ in `dominant-baseline`: the words are put on their baseline here
    const base = y + size * FONT_METRICS[this.textBaseline]
    this.#draw(
      'text',
      {
        x: rounded(plain ? x + e : x),
        y: rounded(plain ? base + f : base),
        transform: plain ? undefined : `matrix(${this.matrix.map(fine).join(' ')})`,
        'font-family': family === CHART_FONT ? undefined : family,
        'font-size': size,
        'font-weight': weight,
        'font-style': style === 'normal' ? undefined : style,
        'text-anchor': ANCHORS[this.textAlign],
        ...look
      },
      text
    )
  }

  #newClip(key: string, within: Clip | undefined): Clip {
    const clip = { id: `${this.#ids}-${this.#clips.size + 1}`, within }
    const outer = within ? { 'clip-path': `url(#${within.id})` } : {}
    const path = `<path${attributesText({ d: this.path })}/>`
    this.#definitions.push(
      `<clipPath${attributesText({ id: clip.id, ...outer })}>${path}</clipPath>`
    )
    this.#clips.set(key, clip)
    return clip
  }

  #draw(name: string, attributes: Attributes, text?: string): void {
    if (attributes.d === '') return
    this.#enter(this.clipped)
    const head = `<${name}${attributesText(attributes)}`
    this.#body.push(text === undefined ? `${head}/>` : `${head}>${escapeMarkup(text)}</${name}>`)
  }

  /** What is drawn under one clip, one after the other, is one group. */
  #enter(clip: Clip | undefined): void {
    if (clip === this.#group) return
    if (this.#group) this.#body.push('</g>')
    if (clip) this.#body.push(`<g clip-path="url(#${clip.id})">`)
    this.#group = clip
  }
}
