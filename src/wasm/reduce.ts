/* AssemblyScript. The tridiagonal form of a symmetric matrix, as core/statistics/householder.ts has it. */
import { ask } from './team'
import { sum, UPDATE_PARTS } from './update'
import { together, UPDATE } from './works'

/**
 * Steps first..last of the reduction of A, n rows and columns with zeros up to `stride` of them, to
 * diagonal, off-diagonal and scales. `vectors`: eight rows of `stride` doubles, zeros at first. A step's
 * update of the matrix waits for the next reflector, so that it and the product with that reflector read
 * the matrix once.
 */
export function reduce(
  team: usize,
  a: usize,
  stride: i32,
  n: i32,
  first: i32,
  last: i32,
  diagonal: usize,
  beside: usize,
  scales: usize,
  vectors: usize
): void {
  const pitch = (<usize>stride) << 3
  for (let k = first; k < last; k++) {
    // rows by turns: what was u and p are v and w of the next step
    const turn = <usize>(k & 1) * 2 * pitch
    const v = vectors + turn,
      w = v + pitch,
      u = vectors + 2 * pitch - turn,
      p = u + pitch
    const products = vectors + 4 * pitch
    const row = a + <usize>k * pitch
    updateRow(row, k, stride, v, w)
    const own = (<usize>k) << 3
    store<f64>(diagonal + own, load<f64>(row + own))
    // the row is done
    store<f64>(v + own, 0)
    store<f64>(w + own, 0)
    memory.fill(u, 0, pitch)
    memory.fill(p, 0, pitch)
    const scale = takeReflector(row, k, n, stride, u, beside)
    store<f64>(scales + own, scale)
    const from = k + 1
    ask(team, 0, a)
    ask(team, 1, stride)
    ask(team, 2, from)
    ask(team, 3, v)
    ask(team, 4, w)
    ask(team, 5, u)
    ask(team, 6, products)
    together(team, UPDATE, UPDATE_PARTS)
    combine(products, pitch, from, u, p, scale)
  }
}

/** The last two rows, which no reflector is made of. */
export function reduceEnd(
  a: usize,
  stride: i32,
  n: i32,
  diagonal: usize,
  beside: usize,
  vectors: usize
): void {
  const pitch = (<usize>stride) << 3
  const v = vectors + <usize>(n & 1) * 2 * pitch
  for (let k = max(0, n - 2); k < n; k++) {
    const row = a + <usize>k * pitch
    const own = (<usize>k) << 3
    updateRow(row, k, stride, v, v + pitch)
    store<f64>(diagonal + own, load<f64>(row + own))
    if (k + 1 < n) store<f64>(beside + own + 8, load<f64>(row + own + 8))
  }
}

/** Row k of A -= v w^T + w v^T, from the diagonal on. */
function updateRow(row: usize, k: i32, stride: i32, v: usize, w: usize): void {
  const own = (<usize>k) << 3
  const vk = v128.load64_splat(v + own),
    wk = v128.load64_splat(w + own)
  // what is left of the diagonal is no longer read
  for (let j: usize = own & ~15; j < (<usize>stride) << 3; j += 16) {
    const at = row + j
    const x = f64x2.sub(v128.load(at), f64x2.mul(vk, v128.load(w + j)))
    v128.store(at, f64x2.sub(x, f64x2.mul(wk, v128.load(v + j))))
  }
}

/** p = scale A u - half u, from the products of the parts, so that A - p u^T - u p^T is H A H. */
function combine(products: usize, pitch: usize, from: i32, u: usize, p: usize, scale: f64): void {
  const s = f64x2.splat(scale)
  let dots = f64x2.splat(0)
  const start = (<usize>from) << 3
  for (let j: usize = start & ~15; j < pitch; j += 16) {
    const at = products + j
    const low = f64x2.add(v128.load(at), v128.load(at + pitch))
    const high = f64x2.add(v128.load(at + 2 * pitch), v128.load(at + 3 * pitch))
    const x = f64x2.mul(s, f64x2.add(low, high))
    v128.store(p + j, x)
    dots = f64x2.add(dots, f64x2.mul(x, v128.load(u + j)))
  }
  const half = f64x2.splat((scale * sum(dots)) / 2)
  for (let j: usize = start & ~15; j < pitch; j += 16) {
    v128.store(p + j, f64x2.sub(v128.load(p + j), f64x2.mul(half, v128.load(u + j))))
  }
  if (from & 1) store<f64>(p + start - 8, 0)
}

/** As its namesake; the scale. `u` has zeros. */
function takeReflector(row: usize, k: i32, n: i32, stride: i32, u: usize, beside: usize): f64 {
  const pitch = (<usize>stride) << 3
  const next = (<usize>(k + 1)) << 3
  const first = load<f64>(row + next)
  // pairs from the first even place behind `first` on, and what is before it
  const pairs = (next + 23) & ~15
  const lone = pairs == next + 16 ? load<f64>(row + next + 8) : 0
  let most = f64x2.splat(0)
  for (let j = pairs; j < pitch; j += 16) {
    most = f64x2.max(most, f64x2.abs(v128.load(row + j)))
  }
  let norm = max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1))
  norm = max(norm, abs(lone))
  if (norm == 0) {
    store<f64>(beside + next, first)
    return 0
  }
  norm = max(norm, abs(first))
  const by = f64x2.splat(norm)
  let squares = f64x2.splat(0)
  for (let j = pairs; j < pitch; j += 16) {
    const x = f64x2.div(v128.load(row + j), by)
    squares = f64x2.add(squares, f64x2.mul(x, x))
  }
  const own = first / norm,
    other = lone / norm
  const length = norm * sqrt(own * own + other * other + sum(squares))
  const left = first > 0 ? -length : length
  store<f64>(beside + next, left)
  const pivot = first - left
  store<f64>(row + next, 1)
  store<f64>(u + next, 1)
  if (pairs == next + 16) {
    store<f64>(row + next + 8, lone / pivot)
    store<f64>(u + next + 8, lone / pivot)
  }
  const over = f64x2.splat(pivot)
  for (let j = pairs; j < pitch; j += 16) {
    const x = f64x2.div(v128.load(row + j), over)
    v128.store(row + j, x)
    v128.store(u + j, x)
  }
  return -pivot / left
}
