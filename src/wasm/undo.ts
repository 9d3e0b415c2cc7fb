/*
 * AssemblyScript. F becomes Q F Q^T, some reflectors at once: with Q = I - V T V^T, Y = F V and
 * S = V^T Y it is F - W V^T - V W^T, W = Y T^T - V T S T^T / 2 (Schreiber & Van Loan 1989).
 */
import { multiplyPanel } from './products'
import { asked, PARTS } from './team'

/** Reflectors that are undone at once. */
export const REFLECTORS = 32
export const BOTH = 2 * REFLECTORS
const HALF: usize = REFLECTORS << 3
export const PANEL = 8
/** Bytes of a row of a panel. */
export const PANEL_ROW: usize = PANEL << 3

/** Where panel `at` of a matrix with `rows` rows begins, from a row on. */
export function panelAt(matrix: usize, rows: i32, at: i32, row: i32): usize {
  return matrix + <usize>(at * rows + row) * PANEL_ROW
}

/** The first of the rows of a part; an even number. */
function rowOf(stride: i32, part: i32): i32 {
  return (((stride >> 1) * part) / PARTS) << 1
}

/** Y = F V, in panels, for some rows. */
export function timesReflectors(team: usize, part: i32): void {
  const f: usize = asked(team, 0)
  const stride = asked(team, 1)
  const from = asked(team, 2)
  const tall: usize = asked(team, 3)
  const product: usize = asked(team, 4)
  const row = rowOf(stride, part)
  const rows = rowOf(stride, part + 1) - row
  const left = f + ((<usize>(row * stride + from)) << 3)
  for (let p = 0; p < REFLECTORS / PANEL; p++) {
    const into = panelAt(product, stride, p, row)
    memory.fill(into, 0, <usize>rows * PANEL_ROW)
    multiplyPanel(left, stride, rows, panelAt(tall, stride, p, from), stride - from, into, PANEL)
  }
}

/** W, row by row, and [-W -V], for some rows; `factor` makes W of [Y V]. */
export function turnRows(team: usize, part: i32): void {
  const stride = asked(team, 1)
  const tall: usize = asked(team, 3)
  const product: usize = asked(team, 4)
  const factor: usize = asked(team, 5)
  const both: usize = asked(team, 6)
  const w: usize = asked(team, 7)
  const from = rowOf(stride, part)
  const to = rowOf(stride, part + 1)
  for (let i = from; i < to; i++) {
    const row = both + ((<usize>(i * BOTH)) << 3)
    for (let p = 0; p < REFLECTORS / PANEL; p++) {
      const into = row + <usize>p * PANEL_ROW
      memory.copy(into, panelAt(product, stride, p, i), PANEL_ROW)
      memory.copy(into + HALF, panelAt(tall, stride, p, i), PANEL_ROW)
    }
  }
  const rows = both + ((<usize>(from * BOTH)) << 3)
  const found = w + ((<usize>(from * REFLECTORS)) << 3)
  memory.fill(found, 0, <usize>(to - from) * HALF)
  for (let p = 0; p < REFLECTORS / PANEL; p++) {
    const into = found + <usize>p * PANEL_ROW
    multiplyPanel(rows, BOTH, to - from, panelAt(factor, BOTH, p, 0), BOTH, into, REFLECTORS)
  }
  for (let i = from; i < to; i++) {
    const row = both + ((<usize>(i * BOTH)) << 3)
    const own = w + ((<usize>(i * REFLECTORS)) << 3)
    for (let c: usize = 0; c < HALF; c += 16) {
      v128.store(row + c, f64x2.neg(v128.load(own + c)))
      const there = row + HALF + c
      v128.store(there, f64x2.neg(v128.load(there)))
    }
  }
}

/** F += [-W -V] [V^T over W^T] down to the diagonal, for some panels; `across` is for one panel a part. */
export function turnWhole(team: usize, part: i32): void {
  const f: usize = asked(team, 0)
  const stride = asked(team, 1)
  const from = asked(team, 2)
  const both: usize = asked(team, 6)
  const w: usize = asked(team, 7)
  const across: usize = asked(team, 8) + part * (BOTH * PANEL * 8)
  for (let column = from + part * PANEL; column < stride; column += PARTS * PANEL) {
    for (let j = 0; j < PANEL; j++) {
      const row = both + ((<usize>((column + j) * BOTH + REFLECTORS)) << 3)
      const own = w + ((<usize>((column + j) * REFLECTORS)) << 3)
      const into = across + ((<usize>j) << 3)
      for (let c: usize = 0; c < HALF; c += 8) {
        store<f64>(into + c * PANEL, -load<f64>(row + c))
        store<f64>(into + (HALF + c) * PANEL, load<f64>(own + c))
      }
    }
    // rows below the diagonal's panel follow by symmetry
    multiplyPanel(both, BOTH, column + PANEL, across, BOTH, f + ((<usize>column) << 3), stride)
  }
}
