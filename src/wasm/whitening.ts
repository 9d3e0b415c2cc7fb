/*
 * AssemblyScript. What whitening takes its time for: products of doubles. Sums of them are taken in another
 * order than in plain TypeScript.
 */

/**
 * One step of the tridiagonalisation: A -= v w^T + w v^T and p = A u, both of rows and columns
 * from..n of the upper triangle; `from` to n; w, v, u, p doubles of n.
 */
export function updateAndMultiply(
  a: usize,
  stride: i32,
  n: i32,
  from: i32,
  v: usize,
  w: usize,
  u: usize,
  p: usize
): void {
  for (let i = from; i < n; i++) store<f64>(p + (i << 3), 0)
  let i = from
  for (; i + 3 < n; i += 4) {
    // the triangle of the four rows
    for (let r = i; r < i + 4; r++) {
      const vr = load<f64>(v + (r << 3)),
        wr = load<f64>(w + (r << 3)),
        ur = load<f64>(u + (r << 3))
      for (let c = r; c < i + 4; c++) {
        const at = a + ((r * stride + c) << 3)
        const value = load<f64>(at) - vr * load<f64>(w + (c << 3)) - wr * load<f64>(v + (c << 3))
        store<f64>(at, value)
        store<f64>(p + (r << 3), load<f64>(p + (r << 3)) + value * load<f64>(u + (c << 3)))
        if (c > r) store<f64>(p + (c << 3), load<f64>(p + (c << 3)) + value * ur)
      }
    }
    const v0 = v128.load64_splat(v + (i << 3)),
      v1 = v128.load64_splat(v + (i << 3), 8),
      v2 = v128.load64_splat(v + (i << 3), 16),
      v3 = v128.load64_splat(v + (i << 3), 24)
    const w0 = v128.load64_splat(w + (i << 3)),
      w1 = v128.load64_splat(w + (i << 3), 8),
      w2 = v128.load64_splat(w + (i << 3), 16),
      w3 = v128.load64_splat(w + (i << 3), 24)
    const u0 = v128.load64_splat(u + (i << 3)),
      u1 = v128.load64_splat(u + (i << 3), 8),
      u2 = v128.load64_splat(u + (i << 3), 16),
      u3 = v128.load64_splat(u + (i << 3), 24)
    let s0 = f64x2.splat(0),
      s1 = f64x2.splat(0),
      s2 = f64x2.splat(0),
      s3 = f64x2.splat(0)
    const row0 = a + ((i * stride) << 3),
      row1 = row0 + (stride << 3),
      row2 = row1 + (stride << 3),
      row3 = row2 + (stride << 3)
    let j: usize = (i + 4) << 3
    const end: usize = (n - 1) << 3
    for (; j < end; j += 16) {
      const vj = v128.load(v + j),
        wj = v128.load(w + j),
        uj = v128.load(u + j)
      let x = f64x2.sub(f64x2.sub(v128.load(row0 + j), f64x2.mul(v0, wj)), f64x2.mul(w0, vj))
      v128.store(row0 + j, x)
      s0 = f64x2.add(s0, f64x2.mul(x, uj))
      let t = f64x2.mul(x, u0)
      x = f64x2.sub(f64x2.sub(v128.load(row1 + j), f64x2.mul(v1, wj)), f64x2.mul(w1, vj))
      v128.store(row1 + j, x)
      s1 = f64x2.add(s1, f64x2.mul(x, uj))
      t = f64x2.add(t, f64x2.mul(x, u1))
      x = f64x2.sub(f64x2.sub(v128.load(row2 + j), f64x2.mul(v2, wj)), f64x2.mul(w2, vj))
      v128.store(row2 + j, x)
      s2 = f64x2.add(s2, f64x2.mul(x, uj))
      t = f64x2.add(t, f64x2.mul(x, u2))
      x = f64x2.sub(f64x2.sub(v128.load(row3 + j), f64x2.mul(v3, wj)), f64x2.mul(w3, vj))
      v128.store(row3 + j, x)
      s3 = f64x2.add(s3, f64x2.mul(x, uj))
      t = f64x2.add(t, f64x2.mul(x, u3))
      v128.store(p + j, f64x2.add(v128.load(p + j), t))
    }
    let r0 = sum(s0),
      r1 = sum(s1),
      r2 = sum(s2),
      r3 = sum(s3)
    if (j == end) {
      const vj = load<f64>(v + j),
        wj = load<f64>(w + j),
        uj = load<f64>(u + j)
      let t = load<f64>(p + j)
      let x = load<f64>(row0 + j) - load<f64>(v + (i << 3)) * wj - load<f64>(w + (i << 3)) * vj
      store<f64>(row0 + j, x)
      r0 += x * uj
      t += x * load<f64>(u + (i << 3))
      x = load<f64>(row1 + j) - load<f64>(v + (i << 3), 8) * wj - load<f64>(w + (i << 3), 8) * vj
      store<f64>(row1 + j, x)
      r1 += x * uj
      t += x * load<f64>(u + (i << 3), 8)
      x = load<f64>(row2 + j) - load<f64>(v + (i << 3), 16) * wj - load<f64>(w + (i << 3), 16) * vj
      store<f64>(row2 + j, x)
      r2 += x * uj
      t += x * load<f64>(u + (i << 3), 16)
      x = load<f64>(row3 + j) - load<f64>(v + (i << 3), 24) * wj - load<f64>(w + (i << 3), 24) * vj
      store<f64>(row3 + j, x)
      r3 += x * uj
      t += x * load<f64>(u + (i << 3), 24)
      store<f64>(p + j, t)
    }
    const at = p + (i << 3)
    store<f64>(at, load<f64>(at) + r0)
    store<f64>(at, load<f64>(at, 8) + r1, 8)
    store<f64>(at, load<f64>(at, 16) + r2, 16)
    store<f64>(at, load<f64>(at, 24) + r3, 24)
  }
  for (; i < n; i++) {
    const vi = load<f64>(v + (i << 3)),
      wi = load<f64>(w + (i << 3)),
      ui = load<f64>(u + (i << 3))
    for (let c = i; c < n; c++) {
      const at = a + ((i * stride + c) << 3)
      const value = load<f64>(at) - vi * load<f64>(w + (c << 3)) - wi * load<f64>(v + (c << 3))
      store<f64>(at, value)
      store<f64>(p + (i << 3), load<f64>(p + (i << 3)) + value * load<f64>(u + (c << 3)))
      if (c > i) store<f64>(p + (c << 3), load<f64>(p + (c << 3)) + value * ui)
    }
  }
}

function sum(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1)
}

/** row *= factor; sums += row, n doubles. */
export function scaleAndAdd(row: usize, factor: f64, sums: usize, n: i32): void {
  const f = f64x2.splat(factor)
  let j: usize = 0
  const end: usize = (n - 1) << 3
  if (n <= 0) return
  for (; j < end; j += 16) {
    const x = f64x2.mul(v128.load(row + j), f)
    v128.store(row + j, x)
    v128.store(sums + j, f64x2.add(v128.load(sums + j), x))
  }
  if (j == end) {
    const x = load<f64>(row + j) * factor
    store<f64>(row + j, x)
    store<f64>(sums + j, load<f64>(sums + j) + x)
  }
}

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

/** Copies what is right of the diagonal, from column `from` on, to below it; tile by tile, for the cache. */
export function mirror(a: usize, stride: i32, n: i32, from: i32): void {
  const pitch = (<usize>stride) << 3
  for (let top = 0; top < n; top += 16) {
    for (let left = max(top, from - (from & 15)); left < n; left += 16) {
      const right = min(n, left + 16)
      for (let i = top; i < min(n, top + 16); i++) {
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
