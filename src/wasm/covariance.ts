/*
 * AssemblyScript. Sums and products of bytes, exact: the covariance of images.
 */

/** Adds the bytes of images, at most 65,535, to `sums`, u32 of each of the features. */
export function addColumns(images: usize, features: i32, count: i32, sums: usize): void {
  let f = 0
  for (; f + 16 <= features; f += 16) {
    let a = i32x4.splat(0)
    let b = a
    let c = a
    let d = a
    let at = images + <usize>f
    // 257 bytes are less than 16 bits hold
    for (let image = 0; image < count;) {
      let low = i16x8.splat(0)
      let high = low
      for (const stop = min(count, image + 257); image < stop; image++) {
        const bytes = v128.load(at)
        low = i16x8.add(low, i16x8.extend_low_i8x16_u(bytes))
        high = i16x8.add(high, i16x8.extend_high_i8x16_u(bytes))
        at += features
      }
      a = i32x4.add(a, i32x4.extend_low_i16x8_u(low))
      b = i32x4.add(b, i32x4.extend_high_i16x8_u(low))
      c = i32x4.add(c, i32x4.extend_low_i16x8_u(high))
      d = i32x4.add(d, i32x4.extend_high_i16x8_u(high))
    }
    const into = sums + ((<usize>f) << 2)
    v128.store(into, i32x4.add(v128.load(into), a))
    v128.store(into, i32x4.add(v128.load(into, 16), b), 16)
    v128.store(into, i32x4.add(v128.load(into, 32), c), 32)
    v128.store(into, i32x4.add(v128.load(into, 48), d), 48)
  }
  for (; f < features; f++) {
    let sum: u32 = 0
    for (let image = 0; image < count; image++)
      sum += load<u8>(images + <usize>(image * features + f))
    const into = sums + ((<usize>f) << 2)
    store<u32>(into, load<u32>(into) + sum)
  }
}

/** Bytes of eight images in four columns. */
const FOUR: usize = 64

/**
 * Bytes of images (rows), in an order, to columns of 16-bit numbers from feature `from` on: of four columns
 * eight numbers each, then the next eight. `order` has `count` images, a multiple of 8.
 */
export function columns(
  images: usize,
  features: i32,
  order: usize,
  count: i32,
  from: i32,
  out: usize
): void {
  const pitch = <usize>(count >> 3) * FOUR
  for (let k = 0; k < count; k += 8) {
    const own = order + ((<usize>k) << 2)
    const i0 = imageAt(images, features, own),
      i1 = imageAt(images, features, own + 4),
      i2 = imageAt(images, features, own + 8),
      i3 = imageAt(images, features, own + 12),
      i4 = imageAt(images, features, own + 16),
      i5 = imageAt(images, features, own + 20),
      i6 = imageAt(images, features, own + 24),
      i7 = imageAt(images, features, own + 28)
    for (let f = from; f < features; f += 16) {
      const most = min(16, features - f)
      const to = out + <usize>((f - from) >> 2) * pitch + <usize>(k >> 3) * FOUR
      // the rows of pairs of images, then of four, then of eight
      const r0 = v128.load(i0 + f),
        r1 = v128.load(i1 + f),
        r2 = v128.load(i2 + f),
        r3 = v128.load(i3 + f),
        r4 = v128.load(i4 + f),
        r5 = v128.load(i5 + f),
        r6 = v128.load(i6 + f),
        r7 = v128.load(i7 + f)
      eight(lowBytes(r0, r1), lowBytes(r2, r3), lowBytes(r4, r5), lowBytes(r6, r7), to, pitch, most)
      if (most <= 8) continue
      eight(
        highBytes(r0, r1),
        highBytes(r2, r3),
        highBytes(r4, r5),
        highBytes(r6, r7),
        to + 2 * pitch,
        pitch,
        most - 8
      )
    }
  }
}

function imageAt(images: usize, features: i32, place: usize): usize {
  return images + <usize>(load<i32>(place) * features)
}

/**
 * For each two columns, at most 512 numbers each: which eights of them are not all 0, one bit each, i64.
 * `cols` are as `columns` leaves them.
 */
export function columnMasks(cols: usize, block: i32, count: i32, masks: usize): void {
  const pitch = <usize>(block >> 3) * FOUR
  for (let column = 0; column < count; column += 2) {
    const own = cols + <usize>(column >> 2) * pitch + ((<usize>(column & 2)) << 4)
    let mask: i64 = 0
    for (let k = 0; k < block >> 3; k++) {
      const at = own + <usize>k * FOUR
      const some = v128.any_true(v128.or(v128.load(at), v128.load(at, 16)))
      mask |= i64(some) << (<i64>k)
    }
    store<i64>(masks + ((<usize>column) << 2), mask)
  }
}

/** Bytes of eight features, of pairs of images, to as many columns as there are, at most eight. */
function eight(a: v128, b: v128, c: v128, d: v128, to: usize, pitch: usize, most: i32): void {
  const low = v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11),
    high = v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
  const lower = v128.shuffle<i16>(c, d, 0, 8, 1, 9, 2, 10, 3, 11),
    higher = v128.shuffle<i16>(c, d, 4, 12, 5, 13, 6, 14, 7, 15)
  two(v128.shuffle<i32>(low, lower, 0, 4, 1, 5), to, most)
  two(v128.shuffle<i32>(low, lower, 2, 6, 3, 7), to + 32, most - 2)
  two(v128.shuffle<i32>(high, higher, 0, 4, 1, 5), to + pitch, most - 4)
  two(v128.shuffle<i32>(high, higher, 2, 6, 3, 7), to + pitch + 32, most - 6)
}

/** Eight bytes each of two features. */
function two(bytes: v128, to: usize, most: i32): void {
  if (most > 0) v128.store(to, i16x8.extend_low_i8x16_u(bytes))
  if (most > 1) v128.store(to, i16x8.extend_high_i8x16_u(bytes), 16)
}

function lowBytes(a: v128, b: v128): v128 {
  return v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
}

function highBytes(a: v128, b: v128): v128 {
  return v128.shuffle<i8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
}

/** Columns that stay in the cache while all rows are multiplied by them. */
const NEAR = 256

/**
 * Adds products of columns, as `columns` leaves them, of at most 512 images, to the first `rows` rows of
 * `sums`, doubles, from the diagonal's tile of four on. `rows` and `padded`, columns in all, are multiples of
 * 4; `masks` are those of `columnMasks`: eights that are 0 in one of the factors are left out.
 */
export function addByteProducts(
  cols: usize,
  block: i32,
  masks: usize,
  padded: i32,
  rows: i32,
  sums: usize,
  stride: i32
): void {
  const pitch = <usize>(block >> 3) * FOUR
  const eights = <i64>(block >> 3)
  const one: i64 = 1
  const all: i64 = block == 512 ? -1 : (one << eights) - 1
  for (let near = 0; near < padded; near += NEAR) {
    const end = min(padded, near + NEAR)
    for (let i = 0; i < min(rows, end); i += 4) {
      const x = cols + <usize>(i >> 2) * pitch
      const own = masks + ((<usize>i) << 2)
      const some = load<i64>(own) | load<i64>(own, 8)
      for (let j = max(i, near); j < end; j += 2) {
        const both = some & load<i64>(masks + ((<usize>j) << 2))
        if (both == 0) continue
        const y = cols + <usize>(j >> 2) * pitch + ((<usize>(j & 2)) << 4)
        const at = sums + ((i * stride + j) << 3)
        if (both == all) addWhole(x, y, pitch, at, (<usize>stride) << 3)
        else addEights(x, y, both, at, (<usize>stride) << 3)
      }
    }
  }
}

/** Four rows times two columns. */
function addWhole(x: usize, y: usize, bytes: usize, at: usize, pitch: usize): void {
  let a0 = i32x4.splat(0),
    a1 = i32x4.splat(0),
    a2 = i32x4.splat(0),
    a3 = i32x4.splat(0)
  let b0 = i32x4.splat(0),
    b1 = i32x4.splat(0),
    b2 = i32x4.splat(0),
    b3 = i32x4.splat(0)
  for (const end = x + bytes; x < end; x += FOUR) {
    const p = v128.load(y),
      q = v128.load(y, 16)
    let r = v128.load(x)
    a0 = i32x4.add(a0, i32x4.dot_i16x8_s(r, p))
    b0 = i32x4.add(b0, i32x4.dot_i16x8_s(r, q))
    r = v128.load(x, 16)
    a1 = i32x4.add(a1, i32x4.dot_i16x8_s(r, p))
    b1 = i32x4.add(b1, i32x4.dot_i16x8_s(r, q))
    r = v128.load(x, 32)
    a2 = i32x4.add(a2, i32x4.dot_i16x8_s(r, p))
    b2 = i32x4.add(b2, i32x4.dot_i16x8_s(r, q))
    r = v128.load(x, 48)
    a3 = i32x4.add(a3, i32x4.dot_i16x8_s(r, p))
    b3 = i32x4.add(b3, i32x4.dot_i16x8_s(r, q))
    y += FOUR
  }
  addPairs(at, pitch, a0, b0, a1, b1)
  addPairs(at + 2 * pitch, pitch, a2, b2, a3, b3)
}

/** As well, of the eights of a mask. */
function addEights(x: usize, y: usize, eights: i64, at: usize, pitch: usize): void {
  let a0 = i32x4.splat(0),
    a1 = i32x4.splat(0),
    a2 = i32x4.splat(0),
    a3 = i32x4.splat(0)
  let b0 = i32x4.splat(0),
    b1 = i32x4.splat(0),
    b2 = i32x4.splat(0),
    b3 = i32x4.splat(0)
  for (; eights != 0; eights &= eights - 1) {
    const k = <usize>ctz(eights) * FOUR
    const p = v128.load(y + k),
      q = v128.load(y + k, 16)
    let r = v128.load(x + k)
    a0 = i32x4.add(a0, i32x4.dot_i16x8_s(r, p))
    b0 = i32x4.add(b0, i32x4.dot_i16x8_s(r, q))
    r = v128.load(x + k, 16)
    a1 = i32x4.add(a1, i32x4.dot_i16x8_s(r, p))
    b1 = i32x4.add(b1, i32x4.dot_i16x8_s(r, q))
    r = v128.load(x + k, 32)
    a2 = i32x4.add(a2, i32x4.dot_i16x8_s(r, p))
    b2 = i32x4.add(b2, i32x4.dot_i16x8_s(r, q))
    r = v128.load(x + k, 48)
    a3 = i32x4.add(a3, i32x4.dot_i16x8_s(r, p))
    b3 = i32x4.add(b3, i32x4.dot_i16x8_s(r, q))
  }
  addPairs(at, pitch, a0, b0, a1, b1)
  addPairs(at + 2 * pitch, pitch, a2, b2, a3, b3)
}

/** Adds the sums of the lanes: of two columns in a row, and in the next row. */
function addPairs(at: usize, pitch: usize, a: v128, b: v128, c: v128, d: v128): void {
  const row = i32x4.add(v128.shuffle<i32>(a, b, 0, 1, 4, 5), v128.shuffle<i32>(a, b, 2, 3, 6, 7))
  const next = i32x4.add(v128.shuffle<i32>(c, d, 0, 1, 4, 5), v128.shuffle<i32>(c, d, 2, 3, 6, 7))
  const sums = i32x4.add(
    v128.shuffle<i32>(row, next, 0, 2, 4, 6),
    v128.shuffle<i32>(row, next, 1, 3, 5, 7)
  )
  v128.store(at, f64x2.add(v128.load(at), f64x2.convert_low_i32x4_s(sums)))
  const high = f64x2.convert_low_i32x4_s(v128.shuffle<i32>(sums, sums, 2, 3, 2, 3))
  v128.store(at + pitch, f64x2.add(v128.load(at + pitch), high))
}

/** The population covariance in place of the upper triangle of the products, from sums and count; n x n, tile by tile. */
export function covarianceMatrix(products: usize, sums: usize, count: f64, n: i32): void {
  const pitch = (<usize>n) << 3
  for (let top = 0; top < n; top += 16) {
    for (let left = top; left < n; left += 16) {
      const right = min(n, left + 16)
      for (let i = top; i < min(n, top + 16); i++) {
        const own = load<f64>(sums + ((<usize>i) << 3))
        for (let j = max(i, left); j < right; j++) {
          const at = <usize>i * pitch + ((<usize>j) << 3)
          const product = load<f64>(products + at)
          const value = (product - (own * load<f64>(sums + ((<usize>j) << 3))) / count) / count
          store<f64>(products + at, value)
          store<f64>(products + <usize>j * pitch + ((<usize>i) << 3), value)
        }
      }
    }
  }
}
