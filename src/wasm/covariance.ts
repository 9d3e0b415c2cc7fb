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

/**
 * Bytes of images (rows) to columns of 16-bit numbers, `block` a feature, from feature `from` on, eight
 * images at a time: behind `count` images there are zeros up to a multiple of 8.
 */
export function columns(
  images: usize,
  features: i32,
  count: i32,
  from: i32,
  out: usize,
  block: i32
): void {
  const pitch = <usize>features
  for (let f = from; f < features; f += 16) {
    const most = min(16, features - f)
    for (let k = 0; k < count; k += 8) {
      const at = images + <usize>k * pitch + <usize>f
      const to = out + ((<usize>((f - from) * block + k)) << 1)
      // the rows of pairs of images, then of four, then of eight
      const r0 = v128.load(at),
        r1 = v128.load(at + pitch),
        r2 = v128.load(at + 2 * pitch),
        r3 = v128.load(at + 3 * pitch),
        r4 = v128.load(at + 4 * pitch),
        r5 = v128.load(at + 5 * pitch),
        r6 = v128.load(at + 6 * pitch),
        r7 = v128.load(at + 7 * pitch)
      eight(lowBytes(r0, r1), lowBytes(r2, r3), lowBytes(r4, r5), lowBytes(r6, r7), to, block, most)
      if (most <= 8) continue
      const next = to + ((<usize>block) << 4)
      eight(
        highBytes(r0, r1),
        highBytes(r2, r3),
        highBytes(r4, r5),
        highBytes(r6, r7),
        next,
        block,
        most - 8
      )
    }
  }
}

/** Bytes of eight features, of pairs of images, to as many columns as there are, at most eight. */
function eight(a: v128, b: v128, c: v128, d: v128, to: usize, block: i32, most: i32): void {
  const low = v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11),
    high = v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
  const lower = v128.shuffle<i16>(c, d, 0, 8, 1, 9, 2, 10, 3, 11),
    higher = v128.shuffle<i16>(c, d, 4, 12, 5, 13, 6, 14, 7, 15)
  const pitch = (<usize>block) << 1
  two(v128.shuffle<i32>(low, lower, 0, 4, 1, 5), to, pitch, most)
  two(v128.shuffle<i32>(low, lower, 2, 6, 3, 7), to + 2 * pitch, pitch, most - 2)
  two(v128.shuffle<i32>(high, higher, 0, 4, 1, 5), to + 4 * pitch, pitch, most - 4)
  two(v128.shuffle<i32>(high, higher, 2, 6, 3, 7), to + 6 * pitch, pitch, most - 6)
}

/** Eight bytes each of two features. */
function two(bytes: v128, to: usize, pitch: usize, most: i32): void {
  if (most > 0) v128.store(to, i16x8.extend_low_i8x16_u(bytes))
  if (most > 1) v128.store(to + pitch, i16x8.extend_high_i8x16_u(bytes))
}

function lowBytes(a: v128, b: v128): v128 {
  return v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
}

function highBytes(a: v128, b: v128): v128 {
  return v128.shuffle<i8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
}

/**
 * Adds products of columns, of at most 1024 images, whose sums 32 bits hold, to the first `rows` rows of `sums`, doubles,
 * from the diagonal's tile of four on. `rows` and `padded`, columns in all, are multiples of 4.
 */
export function addByteProducts(
  cols: usize,
  block: i32,
  padded: i32,
  rows: i32,
  sums: usize,
  stride: i32
): void {
  const bytes = block << 1
  for (let i = 0; i < rows; i += 4) {
    const x = cols + i * bytes
    for (let j = i; j < padded; j += 2) {
      const y = cols + j * bytes
      let a0 = i32x4.splat(0),
        a1 = i32x4.splat(0),
        a2 = i32x4.splat(0),
        a3 = i32x4.splat(0)
      let b0 = i32x4.splat(0),
        b1 = i32x4.splat(0),
        b2 = i32x4.splat(0),
        b3 = i32x4.splat(0)
      const x1 = x + bytes,
        x2 = x1 + bytes,
        x3 = x2 + bytes,
        y1 = y + bytes
      for (let k: usize = 0; k < <usize>bytes; k += 16) {
        const p = v128.load(y + k),
          q = v128.load(y1 + k)
        let r = v128.load(x + k)
        a0 = i32x4.add(a0, i32x4.dot_i16x8_s(r, p))
        b0 = i32x4.add(b0, i32x4.dot_i16x8_s(r, q))
        r = v128.load(x1 + k)
        a1 = i32x4.add(a1, i32x4.dot_i16x8_s(r, p))
        b1 = i32x4.add(b1, i32x4.dot_i16x8_s(r, q))
        r = v128.load(x2 + k)
        a2 = i32x4.add(a2, i32x4.dot_i16x8_s(r, p))
        b2 = i32x4.add(b2, i32x4.dot_i16x8_s(r, q))
        r = v128.load(x3 + k)
        a3 = i32x4.add(a3, i32x4.dot_i16x8_s(r, p))
        b3 = i32x4.add(b3, i32x4.dot_i16x8_s(r, q))
      }
      const at = sums + ((i * stride + j) << 3)
      const pitch = (<usize>stride) << 3
      addPairs(at, pitch, a0, b0, a1, b1)
      addPairs(at + 2 * pitch, pitch, a2, b2, a3, b3)
    }
  }
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

/** The population covariance from the upper triangle of the products, sums and count; n x n, tile by tile. */
export function covarianceMatrix(
  products: usize,
  sums: usize,
  count: f64,
  n: i32,
  out: usize
): void {
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
          store<f64>(out + at, value)
          store<f64>(out + <usize>j * pitch + ((<usize>i) << 3), value)
        }
      }
    }
  }
}
