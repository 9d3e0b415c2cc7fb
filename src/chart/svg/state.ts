/** a, b, c, d, e, f as canvas and SVG name them: x' = a x + c y + e, y' = b x + d y + f. */
type Matrix = readonly [number, number, number, number, number, number]

const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0]
const FULL_TURN = 2 * Math.PI

export interface Clip {
  readonly id: string
  readonly within: Clip | undefined
}

/** Hundredths of a pixel. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100 + 0
}

/** Styles, transformation and path of a drawing context, as CanvasRenderingContext2D has them. */
export class DrawingState {
  fillStyle = '#000000'
  strokeStyle = '#000000'
  lineWidth = 1
  lineCap: CanvasLineCap = 'butt'
  lineJoin: CanvasLineJoin = 'miter'
  lineDashOffset = 0
  globalAlpha = 1
  font = '400 10px sans-serif'
  textAlign: CanvasTextAlign = 'start'
  textBaseline: CanvasTextBaseline = 'alphabetic'
  protected dash: readonly number[] = []
  protected matrix = IDENTITY
  protected clipped: Clip | undefined
  /** as the `d` of SVG, in the pixels of the drawing */
  protected path = ''
  readonly #saved: object[] = []

  save(): void {
    const { path: _path, ...kept } = { ...this }
    this.#saved.push(kept)
  }
  restore(): void {
    Object.assign(this, this.#saved.pop())
  }

  translate(x: number, y: number): void {
    this.transform(1, 0, 0, 1, x, y)
  }
  rotate(angle: number): void {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    this.transform(cos, sin, -sin, cos, 0, 0)
  }
  scale(x: number, y: number): void {
    this.transform(x, 0, 0, y, 0, 0)
  }
  transform(a: number, b: number, c: number, d: number, e: number, f: number): void {
    const [A, B, C, D, E, F] = this.matrix
    this.matrix = [
      A * a + C * b,
      B * a + D * b,
      A * c + C * d,
      B * c + D * d,
      A * e + C * f + E,
      B * e + D * f + F
    ]
  }
  setTransform(a: number, b: number, c: number, d: number, e: number, f: number): void {
    this.matrix = [a, b, c, d, e, f]
  }
  resetTransform(): void {
    this.matrix = IDENTITY
  }

  setLineDash(dash: readonly number[]): void {
    this.dash = [...dash]
  }
  getLineDash(): number[] {
    return [...this.dash]
  }

  beginPath(): void {
    this.path = ''
  }
  closePath(): void {
    this.path += 'Z'
  }
  moveTo(x: number, y: number): void {
    this.path += `M${this.point(x, y)}`
  }
  lineTo(x: number, y: number): void {
    this.path += `${this.path ? 'L' : 'M'}${this.point(x, y)}`
  }
  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void {
    this.path += `C${this.point(x1, y1)} ${this.point(x2, y2)} ${this.point(x, y)}`
  }
  quadraticCurveTo(x1: number, y1: number, x: number, y: number): void {
    this.path += `Q${this.point(x1, y1)} ${this.point(x, y)}`
  }
  rect(x: number, y: number, width: number, height: number): void {
    this.moveTo(x, y)
    this.lineTo(x + width, y)
    this.lineTo(x + width, y + height)
    this.lineTo(x, y + height)
    this.closePath()
  }
  arc(x: number, y: number, radius: number, from: number, to: number, back = false): void {
    this.ellipse(x, y, radius, radius, 0, from, to, back)
  }
  ellipse(
    x: number,
    y: number,
    radiusX: number,
    radiusY: number,
    turned: number,
    from: number,
    to: number,
    back = false
  ): void {
    const [cos, sin] = [Math.cos(turned), Math.sin(turned)]
    const at = (angle: number): readonly [number, number] => {
      const [u, v] = [radiusX * Math.cos(angle), radiusY * Math.sin(angle)]
      return [x + u * cos - v * sin, y + u * sin + v * cos]
    }
    const sign = back ? -1 : 1
    const asked = sign * (to - from)
    const sweep = asked >= FULL_TURN ? FULL_TURN : ((asked % FULL_TURN) + FULL_TURN) % FULL_TURN
    const [a, b] = this.matrix
    const size = Math.hypot(a, b)
    const tilt = rounded(((turned + Math.atan2(b, a)) * 180) / Math.PI)
    const radii = `${rounded(radiusX * size)} ${rounded(radiusY * size)} ${tilt}`
    this.lineTo(...at(from))
    // an arc of SVG that ends where it begins is none: it is drawn in two
    for (const part of [0.5, 1]) {
      const point = this.point(...at(from + sign * sweep * part))
      this.path += `A${radii} 0 ${back ? 0 : 1} ${point}`
    }
  }

  /** A point of the drawing. */
  protected point(x: number, y: number): string {
    const [a, b, c, d, e, f] = this.matrix
    return `${rounded(a * x + c * y + e)} ${rounded(b * x + d * y + f)}`
  }

  /** Whether the axes of the drawing are those of the page: lengths and directions stay. */
  protected get upright(): boolean {
    const [a, b, c, d] = this.matrix
    return a === 1 && b === 0 && c === 0 && d === 1
  }
}
