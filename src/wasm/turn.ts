/* AssemblyScript. Some reflectors undone at once: what one thread does of it, between works of all. */
import { multiplyPanel } from './products'
import { ask } from './team'
import { BOTH, panelAt, PANEL, PANEL_ROW, REFLECTORS } from './undo'
import { MIRROR, TIMES_REFLECTORS, together, TURN_ROWS, TURN_WHOLE } from './works'

const SMALL: usize = REFLECTORS * REFLECTORS * 8

/**
 * F becomes Q F Q^T with the reflectors first..first + count, at most 32, of n rows and columns filled up
 * with zeros to `stride`. `room` has turnRoom(stride) bytes.
 */
export function turn(
  team: usize,
  f: usize,
  stride: i32,
  reflectors: usize,
  first: i32,
  count: i32,
  scales: usize,
  room: usize
): void {
  const column = (<usize>stride) << 3
  const tall = room,
    flat = tall + column * REFLECTORS,
    product = flat + column * REFLECTORS,
    w = product + column * REFLECTORS,
    both = w + column * REFLECTORS,
    factor = both + column * BOTH,
    across = factor + BOTH * REFLECTORS * 8,
    small = across + 16 * BOTH * PANEL * 8,
    t = small + SMALL,
    half = t + SMALL
  // rows that the reflectors leave as they are
  const from = first & ~(PANEL - 1)
  memory.fill(tall, 0, 2 * column * REFLECTORS)
  takeReflectors(reflectors, stride, first, count, scales, flat, tall)
  inward(flat, stride, from, tall, small)
  compactForm(small, scales + ((<usize>first) << 3), count, t)
  ask(team, 0, f)
  ask(team, 1, stride)
  ask(team, 2, from)
  ask(team, 3, tall)
  ask(team, 4, product)
  ask(team, 5, factor)
  ask(team, 6, both)
  ask(team, 7, w)
  ask(team, 8, across)
  together(team, TIMES_REFLECTORS, 16)
  inward(flat, stride, from, product, small)
  factorOf(t, small, half, factor)
  together(team, TURN_ROWS, 16)
  together(team, TURN_WHOLE, 16)
  ask(team, 0, f)
  together(team, MIRROR, 16)
}

export function turnRoom(stride: i32): i32 {
  return (6 * REFLECTORS * stride + BOTH * REFLECTORS + 16 * BOTH * PANEL) * 8 + 3 * <i32>SMALL
}

/**
 * V^T, row by row, and V, in panels, both zeros at first, from the rows of the matrix that the reflectors
 * `first` on were left in; not those whose scale is 0.
 */
function takeReflectors(
  reflectors: usize,
  stride: i32,
  first: i32,
  count: i32,
  scales: usize,
  flat: usize,
  tall: usize
): void {
  const pitch = (<usize>stride) << 3
  for (let c = 0; c < count; c++) {
    const k = first + c
    if (load<f64>(scales + ((<usize>k) << 3)) == 0) continue
    const row = reflectors + <usize>k * pitch
    const into = flat + <usize>c * pitch
    const panel = panelAt(tall, stride, c >> 3, 0) + ((<usize>(c & 7)) << 3)
    for (let j = k + 1; j < stride; j++) {
      const value = load<f64>(row + ((<usize>j) << 3))
      store<f64>(into + ((<usize>j) << 3), value)
      store<f64>(panel + <usize>j * PANEL_ROW, value)
    }
  }
}

/** 32 x 32: V^T times what lies in panels. */
function inward(flat: usize, stride: i32, from: i32, right: usize, small: usize): void {
  memory.fill(small, 0, SMALL)
  const left = flat + ((<usize>from) << 3)
  for (let p = 0; p < REFLECTORS / PANEL; p++) {
    const panel = panelAt(right, stride, p, from)
    const into = small + <usize>p * PANEL_ROW
    multiplyPanel(left, stride, REFLECTORS, panel, stride - from, into, REFLECTORS)
  }
}

function at(small: usize, row: i32, column: i32): usize {
  return small + ((<usize>(row * REFLECTORS + column)) << 3)
}

/**
 * T of H_0 H_1 ... = I - V T V^T, upper triangular, from V^T V and the scales (Schreiber & Van Loan 1989);
 * rows and columns of no reflector are 0.
 */
function compactForm(products: usize, scales: usize, count: i32, t: usize): void {
  memory.fill(t, 0, SMALL)
  for (let j = 0; j < count; j++) {
    const scale = load<f64>(scales + ((<usize>j) << 3))
    store<f64>(at(t, j, j), scale)
    for (let i = 0; i < j; i++) {
      let sum: f64 = 0
      for (let k = i; k < j; k++) sum += load<f64>(at(t, i, k)) * load<f64>(at(products, k, j))
      store<f64>(at(t, i, j), -scale * sum)
    }
  }
}

/** In panels: T^T, and below it -(T S T^T)^T / 2. */
function factorOf(t: usize, s: usize, half: usize, factor: usize): void {
  // T S
  for (let i = 0; i < REFLECTORS; i++) {
    for (let j = 0; j < REFLECTORS; j++) {
      let sum: f64 = 0
      for (let k = i; k < REFLECTORS; k++) sum += load<f64>(at(t, i, k)) * load<f64>(at(s, k, j))
      store<f64>(at(half, i, j), sum)
    }
  }
  for (let c = 0; c < REFLECTORS; c++) {
    const panel = panelAt(factor, BOTH, c >> 3, 0) + ((<usize>(c & 7)) << 3)
    for (let r = 0; r < REFLECTORS; r++) {
      // T S T^T is symmetric
      let sum: f64 = 0
      for (let k = c; k < REFLECTORS; k++) {
        sum += load<f64>(at(half, r, k)) * load<f64>(at(t, c, k))
      }
      const to = panel + <usize>r * PANEL_ROW
      store<f64>(to, load<f64>(at(t, c, r)))
      store<f64>(to + REFLECTORS * PANEL_ROW, -sum / 2)
    }
  }
}
