/* AssemblyScript. A step of the tridiagonalisation, in parts of rows. */
import { asked } from './team'

/** Parts of a step: sums of theirs are added in this order, whoever did them. */
export const UPDATE_PARTS = 4

/**
 * A -= v w^T + w v^T and p = A u, of the upper triangle, of every fourth four rows from `from` on, where u is
 * 0 above. A has `stride` rows and columns, a multiple of 8; each part has a p of its own.
 */
export function update(team: usize, part: i32): void {
  const a: usize = asked(team, 0)
  const stride = asked(team, 1)
  const from = asked(team, 2)
  const v: usize = asked(team, 3)
  const w: usize = asked(team, 4)
  const u: usize = asked(team, 5)
  const end = (<usize>stride) << 3
  const p: usize = <usize>asked(team, 6) + <usize>part * end
  let i = from & ~3
  memory.fill(p + ((<usize>i) << 3), 0, (stride - i) << 3)
  // the same rows in every step: they stay in the cache
  i += ((part - (i >> 2)) & (UPDATE_PARTS - 1)) << 2
  for (; i < stride; i += UPDATE_PARTS << 2) updateRows(a, stride, i, v, w, u, p)
}

/** Four rows. */
function updateRows(a: usize, stride: i32, i: i32, v: usize, w: usize, u: usize, p: usize): void {
  const end = (<usize>stride) << 3
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
  const own = (<usize>i) << 3
  const v0 = v128.load64_splat(v + own),
    v1 = v128.load64_splat(v + own, 8),
    v2 = v128.load64_splat(v + own, 16),
    v3 = v128.load64_splat(v + own, 24)
  const w0 = v128.load64_splat(w + own),
    w1 = v128.load64_splat(w + own, 8),
    w2 = v128.load64_splat(w + own, 16),
    w3 = v128.load64_splat(w + own, 24)
  const u0 = v128.load64_splat(u + own),
    u1 = v128.load64_splat(u + own, 8),
    u2 = v128.load64_splat(u + own, 16),
    u3 = v128.load64_splat(u + own, 24)
  let s0 = f64x2.splat(0),
    s1 = f64x2.splat(0),
    s2 = f64x2.splat(0),
    s3 = f64x2.splat(0)
  const row0 = a + <usize>i * end,
    row1 = row0 + end,
    row2 = row1 + end,
    row3 = row2 + end
  for (let j: usize = own + 32; j < end; j += 16) {
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
  const at = p + own
  store<f64>(at, load<f64>(at) + sum(s0))
  store<f64>(at, load<f64>(at, 8) + sum(s1), 8)
  store<f64>(at, load<f64>(at, 16) + sum(s2), 16)
  store<f64>(at, load<f64>(at, 24) + sum(s3), 24)
}

export function sum(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1)
}
