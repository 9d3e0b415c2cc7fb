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

/** Bytes of images (rows) to columns of 16-bit numbers, `block` a feature, from feature `from` on. */
export function columns(
  images: usize,
  features: i32,
  count: i32,
  from: i32,
  out: usize,
  block: i32
): void {
  for (let f0 = from; f0 < features; f0 += 16) {
    const most = min(16, features - f0)
    for (let k = 0; k < count; k++) {
      const row = images + k * features + f0
      for (let f = 0; f < most; f++) {
        store<u16>(out + (((f0 - from + f) * block + k) << 1), load<u8>(row + f))
      }
    }
  }
}

/**
 * Adds products of columns, i32 lanes of at most 1024 images, to the first `rows` rows of `sums`, doubles,
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
      addPair(at, a0, b0)
      addPair(at + pitch, a1, b1)
      addPair(at + 2 * pitch, a2, b2)
      addPair(at + 3 * pitch, a3, b3)
    }
  }
}

function total(v: v128): i32 {
  const s = i32x4.add(v, v128.shuffle<i32>(v, v, 2, 3, 0, 1))
  return i32x4.extract_lane(s, 0) + i32x4.extract_lane(s, 1)
}
function addPair(at: usize, a: v128, b: v128): void {
  store<f64>(at, load<f64>(at) + <f64>total(a))
  store<f64>(at + 8, load<f64>(at + 8) + <f64>total(b))
}
