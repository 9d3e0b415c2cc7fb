import type { Padding } from './builder'
import type { Shape } from './shape'

/** Rows or columns of one place of a window. */
export interface Span {
  /** the first, which may lie in the padding */
  readonly start: number
  /** what of it lies in the image: from, and to but not with */
  readonly from: number
  readonly to: number
}

/** A convolution or a pooling, as a plan has it. */
export interface Windowed {
  readonly size: number
  readonly stride: number
  readonly padding: Padding
  /** what comes out */
  readonly shape: Shape
}

/** Where the windows stand on an image of this shape. */
export function spansOf(
  { size, stride, padding, shape: out }: Windowed,
  input: Shape
): { readonly rows: readonly Span[]; readonly columns: readonly Span[] } {
  const spans = (side: number, places: number): Span[] => {
    const before = padding === 'same' ? paddedBefore(side, places, size, stride) : 0
    return Array.from({ length: places }, (_, place) => {
      const start = place * stride - before
      return { start, from: Math.max(0, start), to: Math.min(side, start + size) }
    })
  }
  return { rows: spans(input[0], out[0]), columns: spans(input[1]!, out[1]!) }
}

/** Padding before the first place: half of all, the odd one behind, as TensorFlow has it. */
function paddedBefore(side: number, places: number, size: number, stride: number): number {
  return Math.max(0, (places - 1) * stride + size - side) >> 1
}

/** Cells of a window that lie in the image, not in its padding: mean over the places. */
export function cellsSeen(node: Windowed, input: Shape): number {
  const { rows, columns } = spansOf(node, input)
  const seen = (spans: readonly Span[]): number =>
    spans.reduce((sum, { from, to }) => sum + to - from, 0) / spans.length
  return seen(rows) * seen(columns)
}
