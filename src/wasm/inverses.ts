/* AssemblyScript. Inverses of tridiagonal matrices, added up, as core/statistics/inverse-root.ts has it. */
import { asked, PARTS } from './team'

/** As `largestOf` in core/statistics/inverse-root.ts, to the last bit. */
export function largestOf(diagonal: usize, off: usize, n: i32): f64 {
  let low = -Infinity
  let high = -Infinity
  for (let i = 0; i < n; i++) {
    const own = (<usize>i) << 3
    const before = i > 0 ? abs(load<f64>(off + own)) : 0
    const behind = i + 1 < n ? abs(load<f64>(off + own, 8)) : 0
    low = max(low, load<f64>(diagonal + own))
    high = max(high, load<f64>(diagonal + own) + (before + behind))
  }
  let middle = low + (high - low) / 2
  while (middle > low && middle < high) {
    if (isAbove(middle, diagonal, off, n)) high = middle
    else low = middle
    middle = low + (high - low) / 2
  }
  return high
}

/** Whether a number is above all eigenvalues: then all pivots are negative. */
function isAbove(x: f64, diagonal: usize, off: usize, n: i32): bool {
  let pivot = load<f64>(diagonal) - x
  for (let i: usize = 8; pivot < 0 && i < (<usize>n) << 3; i += 8) {
    const beside = load<f64>(off + i)
    pivot = load<f64>(diagonal + i) - x - (beside * beside) / pivot
  }
  return pivot < 0
}

/**
 * Diagonals and factors of `count` inverses, an even number, of a tridiagonal matrix of n rows plus shifts,
 * `count` doubles a row; as `inverseRows` has them. `off` are the elements beside the diagonal; `above` and
 * `below` are for as many pivots.
 */
export function inverseRows(
  diagonal: usize,
  off: usize,
  n: i32,
  shifts: usize,
  weights: usize,
  count: i32,
  above: usize,
  below: usize,
  diagonals: usize,
  factors: usize
): void {
  const pitch = (<usize>count) << 3
  for (let k: usize = 0; k < pitch; k += 16) {
    const shift = v128.load(shifts + k)
    for (let i = 0; i < n; i++) {
      const own = (<usize>i) << 3
      const at = above + <usize>i * pitch + k
      const shifted = f64x2.add(v128.load64_splat(diagonal + own), shift)
      const beside = load<f64>(off + own)
      let pivot = shifted
      if (i > 0) {
        pivot = f64x2.sub(shifted, f64x2.div(f64x2.splat(beside * beside), v128.load(at - pitch)))
      }
      v128.store(at, pivot)
    }
    for (let i = n - 1; i >= 0; i--) {
      const own = (<usize>i) << 3
      const at = below + <usize>i * pitch + k
      const shifted = f64x2.add(v128.load64_splat(diagonal + own), shift)
      let pivot = shifted
      if (i + 1 < n) {
        const beside = load<f64>(off + own + 8)
        pivot = f64x2.sub(shifted, f64x2.div(f64x2.splat(beside * beside), v128.load(at + pitch)))
      }
      v128.store(at, pivot)
    }
    const weight = v128.load(weights + k)
    for (let i = 0; i < n; i++) {
      const own = (<usize>i) << 3
      const at = <usize>i * pitch + k
      const value = v128.load(above + at)
      const middle = v128.load64_splat(diagonal + own)
      const sum = f64x2.sub(f64x2.sub(f64x2.add(value, v128.load(below + at)), middle), shift)
      v128.store(diagonals + at, f64x2.div(weight, sum))
      const next = i + 1 < n ? -load<f64>(off + own + 8) : 0
      v128.store(factors + at, f64x2.div(f64x2.splat(next), value))
    }
  }
}

/**
 * The upper triangle of the sum of `count` inverses, n rows and columns: in each inverse a row is the one
 * below it times its factor, and has its own element on the diagonal. `diagonals` and `factors` have
 * `count` doubles a row. A part has every sixteenth eight columns, and `rows`, count x 8 doubles, of its own.
 */
export function addInverses(team: usize, part: i32): void {
  const sums: usize = asked(team, 0)
  const stride = asked(team, 1)
  const n = asked(team, 2)
  const diagonals: usize = asked(team, 3)
  const factors: usize = asked(team, 4)
  const count = (<usize>asked(team, 5)) << 3
  const rows: usize = asked(team, 6) + part * (asked(team, 5) << 6)
  for (let column = part << 3; column < n; column += PARTS << 3) {
    memory.fill(rows, 0, count << 3)
    const own = (<usize>column) << 3
    for (let i = min(n, column + 8) - 1; i >= 0; i--) {
      const at = <usize>i * count
      if (i >= column) {
        // what is left of the diagonal is 0
        for (let k: usize = 0; k < count; k += 8) {
          const row = rows + (k << 3)
          const factor = load<f64>(factors + at + k)
          for (let c = i + 1 - column; c < 8; c++) {
            const to = row + ((<usize>c) << 3)
            store<f64>(to, load<f64>(to) * factor)
          }
          store<f64>(row + ((<usize>(i - column)) << 3), load<f64>(diagonals + at + k))
        }
      }
      let a = f64x2.splat(0),
        b = a,
        c = a,
        d = a
      const scaled = i < column
      for (let k: usize = 0; k < count; k += 8) {
        const row = rows + (k << 3)
        let w = v128.load(row),
          x = v128.load(row, 16),
          y = v128.load(row, 32),
          z = v128.load(row, 48)
        if (scaled) {
          const factor = v128.load64_splat(factors + at + k)
          w = f64x2.mul(w, factor)
          x = f64x2.mul(x, factor)
          y = f64x2.mul(y, factor)
          z = f64x2.mul(z, factor)
          v128.store(row, w)
          v128.store(row, x, 16)
          v128.store(row, y, 32)
          v128.store(row, z, 48)
        }
        a = f64x2.add(a, w)
        b = f64x2.add(b, x)
        c = f64x2.add(c, y)
        d = f64x2.add(d, z)
      }
      const into = sums + <usize>i * ((<usize>stride) << 3) + own
      v128.store(into, a)
      v128.store(into, b, 16)
      v128.store(into, c, 32)
      v128.store(into, d, 48)
    }
  }
}
