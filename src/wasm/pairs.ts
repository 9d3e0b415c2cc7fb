/*
 * AssemblyScript. Rows times a matrix, two at a time, without the places where both rows are 0: most images
 * have a background. A product with 0 changes no sum.
 */

/** Bytes of a row of a panel, as in src/wasm/products.ts. */
const PANEL_ROW = 64

/**
 * Where a row of a pair, two behind one another in the `order` of an even number of rows of n doubles, is
 * not 0. For each pair: how many such places (`lengths`, i32), which row of a panel they ask for (`places`,
 * n of u32) and both values (`values`, 2n doubles).
 */
export function listPairs(
  rows: usize,
  count: i32,
  n: i32,
  order: usize,
  lengths: usize,
  places: usize,
  values: usize
): void {
  const pitch = (<usize>n) << 3
  for (let row = 0; row < count; row += 2) {
    const own = order + ((<usize>row) << 2)
    const one = rows + <usize>load<i32>(own) * pitch
    const other = rows + <usize>load<i32>(own, 4) * pitch
    let place = places
    let value = values
    for (let k = 0; k < n; k++) {
      const x = load<f64>(one + ((<usize>k) << 3))
      const y = load<f64>(other + ((<usize>k) << 3))
      store<u32>(place, k * PANEL_ROW)
      store<f64>(value, x)
      store<f64>(value, y, 8)
      const taken = <usize>i32(i32(x != 0) | i32(y != 0))
      place += taken << 2
      value += taken << 4
    }
    store<i32>(lengths + ((<usize>row) << 1), <i32>((place - places) >> 2))
    places += (<usize>n) << 2
    values += pitch << 1
  }
}

/** Eight columns of the products, less `base`, eight doubles; `found` has rows of `stride` doubles. */
export function multiplyPairs(
  panel: usize,
  base: usize,
  count: i32,
  n: i32,
  order: usize,
  lengths: usize,
  places: usize,
  values: usize,
  found: usize,
  stride: i32
): void {
  const pitch = (<usize>stride) << 3
  for (let row = 0; row < count; row += 2) {
    const own = order + ((<usize>row) << 2)
    const length = load<i32>(lengths + ((<usize>row) << 1))
    const one = found + <usize>load<i32>(own) * pitch
    const other = found + <usize>load<i32>(own, 4) * pitch
    multiplyPair(panel, base, length, places, values, one, other)
    places += (<usize>n) << 2
    values += (<usize>n) << 4
  }
}

function multiplyPair(
  panel: usize,
  base: usize,
  length: i32,
  place: usize,
  value: usize,
  one: usize,
  other: usize
): void {
  let p0 = f64x2.neg(v128.load(base)),
    p1 = f64x2.neg(v128.load(base, 16)),
    p2 = f64x2.neg(v128.load(base, 32)),
    p3 = f64x2.neg(v128.load(base, 48))
  let q0 = p0,
    q1 = p1,
    q2 = p2,
    q3 = p3
  for (const end = place + ((<usize>length) << 2); place < end; place += 4) {
    const at = panel + load<u32>(place)
    const x = v128.load64_splat(value),
      y = v128.load64_splat(value, 8)
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
    value += 16
  }
  v128.store(one, p0)
  v128.store(one, p1, 16)
  v128.store(one, p2, 32)
  v128.store(one, p3, 48)
  v128.store(other, q0)
  v128.store(other, q1, 16)
  v128.store(other, q2, 32)
  v128.store(other, q3, 48)
}
