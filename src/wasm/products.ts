/* AssemblyScript. Products of matrices of doubles. Sums are taken in another order than in plain TypeScript. */
import { asked, PARTS } from './team'

/**
 * c += a b: rows of a, an even number, of stride lda and `inner` long; b is `inner` x 8 without gaps,
 * c has 8 columns and stride ldc.
 */
export function multiplyPanel(
  a: usize,
  lda: i32,
  rows: i32,
  b: usize,
  inner: i32,
  c: usize,
  ldc: i32
): void {
  const bytes: usize = inner << 3
  for (let i = 0; i < rows; i += 2) {
    tile(a + ((i * lda) << 3), lda, b, bytes, c + ((i * ldc) << 3), ldc)
  }
}

function tile(a: usize, lda: i32, bp: usize, bytes: usize, c: usize, ldc: i32): void {
  const a1 = a + (lda << 3),
    c1 = c + (ldc << 3)
  let p0 = v128.load(c),
    p1 = v128.load(c, 16),
    p2 = v128.load(c, 32),
    p3 = v128.load(c, 48)
  let q0 = v128.load(c1),
    q1 = v128.load(c1, 16),
    q2 = v128.load(c1, 32),
    q3 = v128.load(c1, 48)
  for (let k: usize = 0; k < bytes; k += 8) {
    const x = v128.load64_splat(a + k),
      y = v128.load64_splat(a1 + k)
    const at = bp + (k << 3)
    let z = v128.load(at)
    p0 = f64x2.add(p0, f64x2.mul(x, z))
    q0 = f64x2.add(q0, f64x2.mul(y, z))
    z = v128.load(at, 16)
    p1 = f64x2.add(p1, f64x2.mul(x, z))
    q1 = f64x2.add(q1, f64x2.mul(y, z))
    z = v128.load(at, 32)
    p2 = f64x2.add(p2, f64x2.mul(x, z))
    q2 = f64x2.add(q2, f64x2.mul(y, z))
    z = v128.load(at, 48)
    p3 = f64x2.add(p3, f64x2.mul(x, z))
    q3 = f64x2.add(q3, f64x2.mul(y, z))
  }
  v128.store(c, p0)
  v128.store(c, p1, 16)
  v128.store(c, p2, 32)
  v128.store(c, p3, 48)
  v128.store(c1, q0)
  v128.store(c1, q1, 16)
  v128.store(c1, q2, 32)
  v128.store(c1, q3, 48)
}

/** Copies what is right of the diagonal, from a column on, to below it; tile by tile, for the cache. */
export function mirrorPart(team: usize, part: i32): void {
  const a: usize = asked(team, 0)
  const stride = asked(team, 1)
  const from = asked(team, 2)
  const pitch = (<usize>stride) << 3
  for (let top = part << 4; top < stride; top += PARTS << 4) {
    for (let left = max(top, from & ~15); left < stride; left += 16) {
      const right = min(stride, left + 16)
      for (let i = top; i < min(stride, top + 16); i++) {
        const row = a + <usize>i * pitch
        for (let j = max(max(left, from), i + 1); j < right; j++) {
          store<f64>(a + <usize>j * pitch + ((<usize>i) << 3), load<f64>(row + ((<usize>j) << 3)))
        }
      }
    }
  }
}

/** Eight columns from `column` on of a matrix of f32 with n rows and columns, as a panel of f64. */
export function panelOf(matrix: usize, n: i32, column: i32, panel: usize): void {
  const width = min(8, n - column)
  let row = matrix + ((<usize>column) << 2)
  for (let k = 0; k < n; k++) {
    if (width === 8) {
      const low = v128.load(row)
      const high = v128.load(row, 16)
      v128.store(panel, f64x2.promote_low_f32x4(low))
      v128.store(panel, f64x2.promote_low_f32x4(i64x2.shuffle(low, low, 1, 1)), 16)
      v128.store(panel, f64x2.promote_low_f32x4(high), 32)
      v128.store(panel, f64x2.promote_low_f32x4(i64x2.shuffle(high, high, 1, 1)), 48)
    } else {
      for (let c = 0; c < width; c++) {
        store<f64>(panel + ((<usize>c) << 3), <f64>load<f32>(row + ((<usize>c) << 2)))
      }
    }
    row += (<usize>n) << 2
    panel += 64
  }
}

/** Bytes less one number, as doubles. */
export function less(bytes: usize, count: i32, background: i32, out: usize): void {
  const own = i16x8.splat(<i16>background)
  let at = 0
  for (; at + 8 <= count; at += 8) {
    const words = i16x8.sub(v128.load8x8_u(bytes), own)
    const low = i32x4.extend_low_i16x8_s(words)
    const high = i32x4.extend_high_i16x8_s(words)
    v128.store(out, f64x2.convert_low_i32x4_s(low))
    v128.store(out, f64x2.convert_low_i32x4_s(i64x2.shuffle(low, low, 1, 1)), 16)
    v128.store(out, f64x2.convert_low_i32x4_s(high), 32)
    v128.store(out, f64x2.convert_low_i32x4_s(i64x2.shuffle(high, high, 1, 1)), 48)
    bytes += 8
    out += 64
  }
  for (; at < count; at++) {
    store<f64>(out, <f64>(<i32>load<u8>(bytes++) - background))
    out += 8
  }
}
