/*
 * AssemblyScript. Values that a shift and a scale of their image, or of their place, make of bytes.
 * Each function does what its namesake in core/statistics/kernels/plain.ts does, to the last bit.
 */

/** An image's centre and divisor, as core/statistics/kernels/kernels.ts names them. */
const MEAN: i32 = 1
const MIN: i32 = 2
const STD: i32 = 1
const RANGE: i32 = 2

/**
 * What a rule makes of images. `sums`: rows `apart` bytes behind one another, of sums, sums of squares, stds, least
 * and greatest values. `into`: rows as far apart for centres, divisors, and mean, std, min and max after them.
 * `range`: least and greatest of all so far.
 */
export function scaleImages(
  images: i32,
  features: i32,
  sums: usize,
  apart: usize,
  centreBy: i32,
  divisorBy: i32,
  least: f64,
  into: usize,
  range: usize
): void {
  let low = load<f64>(range)
  let high = load<f64>(range, 8)
  for (let image = 0; image < images; image++) {
    const mean = load<f64>(sums) / <f64>features
    const std = load<f64>(sums + 2 * apart)
    const min = load<f64>(sums + 3 * apart)
    const max = load<f64>(sums + 4 * apart)
    const centre = centreBy === MEAN ? mean : centreBy === MIN ? min : 0
    let divisor = std
    if (divisorBy !== STD) divisor = divisorBy === RANGE ? max - min : sqrt(load<f64>(sums + apart))
    if (divisor < least) divisor = least
    const lowest = (min - centre) / divisor
    const highest = (max - centre) / divisor
    store<f64>(into, centre)
    store<f64>(into + apart, divisor)
    store<f64>(into + 2 * apart, (mean - centre) / divisor)
    store<f64>(into + 3 * apart, std / divisor)
    store<f64>(into + 4 * apart, lowest)
    store<f64>(into + 5 * apart, highest)
    if (lowest < low) low = lowest
    if (highest > high) high = highest
    sums += 8
    into += 8
  }
  store<f64>(range, low)
  store<f64>(range, high, 8)
}

/**
 * Adds each image's shifts, x * scale - offset - origin, and their squares to those of the features:
 * scale is 1 / divisor, offset is centre * scale, which are as in `tallyImages`.
 * `origins`, `shifts`, `squares`: features for each frame; `group`: room for 4 x features of f64.
 */
export function addShifts(
  pixels: usize,
  images: i32,
  features: i32,
  frames: i32,
  centres: usize,
  divisors: usize,
  apart: usize,
  origins: usize,
  shifts: usize,
  squares: usize,
  group: usize
): void {
  const row = (<usize>features) << 3
  let image = 0
  for (; image + 4 <= images; image += 4) {
    widen(pixels + <usize>image * <usize>features, features * 4, group)
    for (let frame = 0; frame < frames; frame++) {
      const own = <usize>frame * apart + ((<usize>image) << 3)
      const at = <usize>frame * row
      addFour(
        group,
        features,
        centres + own,
        divisors + own,
        origins + at,
        shifts + at,
        squares + at
      )
    }
  }
  for (; image < images; image++) {
    widen(pixels + <usize>image * <usize>features, features, group)
    for (let frame = 0; frame < frames; frame++) {
      const own = <usize>frame * apart + ((<usize>image) << 3)
      const scale = 1 / load<f64>(divisors + own)
      const offset = load<f64>(centres + own) * scale
      const at = <usize>frame * row
      for (let f: usize = 0; f < row; f += 8) {
        const shift = load<f64>(group + f) * scale - offset - load<f64>(origins + at + f)
        store<f64>(shifts + at + f, load<f64>(shifts + at + f) + shift)
        store<f64>(squares + at + f, load<f64>(squares + at + f) + shift * shift)
      }
    }
  }
}

function addFour(
  group: usize,
  features: i32,
  centres: usize,
  divisors: usize,
  origins: usize,
  shifts: usize,
  squares: usize
): void {
  const row = (<usize>features) << 3
  const scale0 = 1 / load<f64>(divisors)
  const scale1 = 1 / load<f64>(divisors, 8)
  const scale2 = 1 / load<f64>(divisors, 16)
  const scale3 = 1 / load<f64>(divisors, 24)
  const offset0 = load<f64>(centres) * scale0
  const offset1 = load<f64>(centres, 8) * scale1
  const offset2 = load<f64>(centres, 16) * scale2
  const offset3 = load<f64>(centres, 24) * scale3
  const scaleA = f64x2.splat(scale0)
  const scaleB = f64x2.splat(scale1)
  const scaleC = f64x2.splat(scale2)
  const scaleD = f64x2.splat(scale3)
  const offsetA = f64x2.splat(offset0)
  const offsetB = f64x2.splat(offset1)
  const offsetC = f64x2.splat(offset2)
  const offsetD = f64x2.splat(offset3)
  const second = group + row
  const third = second + row
  const fourth = third + row
  let f: usize = 0
  for (; f + 16 <= row; f += 16) {
    const origin = v128.load(origins + f)
    const a = f64x2.sub(f64x2.sub(f64x2.mul(v128.load(group + f), scaleA), offsetA), origin)
    const b = f64x2.sub(f64x2.sub(f64x2.mul(v128.load(second + f), scaleB), offsetB), origin)
    const c = f64x2.sub(f64x2.sub(f64x2.mul(v128.load(third + f), scaleC), offsetC), origin)
    const d = f64x2.sub(f64x2.sub(f64x2.mul(v128.load(fourth + f), scaleD), offsetD), origin)
    const sum = f64x2.add(f64x2.add(a, b), f64x2.add(c, d))
    const square = f64x2.add(
      f64x2.add(f64x2.mul(a, a), f64x2.mul(b, b)),
      f64x2.add(f64x2.mul(c, c), f64x2.mul(d, d))
    )
    v128.store(shifts + f, f64x2.add(v128.load(shifts + f), sum))
    v128.store(squares + f, f64x2.add(v128.load(squares + f), square))
  }
  for (; f < row; f += 8) {
    const origin = load<f64>(origins + f)
    const a = load<f64>(group + f) * scale0 - offset0 - origin
    const b = load<f64>(second + f) * scale1 - offset1 - origin
    const c = load<f64>(third + f) * scale2 - offset2 - origin
    const d = load<f64>(fourth + f) * scale3 - offset3 - origin
    store<f64>(shifts + f, load<f64>(shifts + f) + (a + b + (c + d)))
    store<f64>(squares + f, load<f64>(squares + f) + (a * a + b * b + (c * c + d * d)))
  }
}

function widen(bytes: usize, count: i32, out: usize): void {
  let at = 0
  for (; at + 8 <= count; at += 8) {
    const words = v128.load8x8_u(bytes)
    const low = i32x4.extend_low_i16x8_u(words)
    const high = i32x4.extend_high_i16x8_u(words)
    v128.store(out, f64x2.convert_low_i32x4_s(low))
    v128.store(out, f64x2.convert_low_i32x4_s(upper(low)), 16)
    v128.store(out, f64x2.convert_low_i32x4_s(high), 32)
    v128.store(out, f64x2.convert_low_i32x4_s(upper(high)), 48)
    bytes += 8
    out += 64
  }
  for (; at < count; at++) {
    store<f64>(out, <f64>load<u8>(bytes++))
    out += 8
  }
}

function upper(words: v128): v128 {
  return i64x2.shuffle(words, words, 1, 1)
}

/**
 * Mean, std, min and max of each image after x * scale - offset, f64 each; `means`: the first mean, and
 * `apart` bytes further on the first std, and so on. `scales`, `offsets`: features. Four sums by turns, of what differs from the image's first value.
 */
export function imageMoments(
  pixels: usize,
  images: i32,
  features: i32,
  scales: usize,
  offsets: usize,
  means: usize,
  apart: usize
): void {
  let bytes = pixels
  const count = <f64>features
  for (let image = 0; image < images; image++) {
    const first = <f64>load<u8>(bytes) * load<f64>(scales) - load<f64>(offsets)
    const firsts = f64x2.splat(first)
    let sumA = f64x2.splat(0)
    let sumB = sumA
    let squaresA = sumA
    let squaresB = sumA
    let low = sumA
    let high = sumA
    let f = 0
    let scale = scales
    let offset = offsets
    let a: v128
    let b: v128
    for (; f + 8 <= features; f += 8) {
      const words = v128.load8x8_u(bytes)
      const four = i32x4.extend_low_i16x8_u(words)
      a = f64x2.sub(
        f64x2.sub(
          f64x2.mul(f64x2.convert_low_i32x4_s(four), v128.load(scale, 0)),
          v128.load(offset, 0)
        ),
        firsts
      )
      b = f64x2.sub(
        f64x2.sub(
          f64x2.mul(f64x2.convert_low_i32x4_s(upper(four)), v128.load(scale, 16)),
          v128.load(offset, 16)
        ),
        firsts
      )
      sumA = f64x2.add(sumA, a)
      sumB = f64x2.add(sumB, b)
      squaresA = f64x2.add(squaresA, f64x2.mul(a, a))
      squaresB = f64x2.add(squaresB, f64x2.mul(b, b))
      low = f64x2.pmin(low, f64x2.pmin(a, b))
      high = f64x2.pmax(high, f64x2.pmax(a, b))
      const next = i32x4.extend_high_i16x8_u(words)
      a = f64x2.sub(
        f64x2.sub(
          f64x2.mul(f64x2.convert_low_i32x4_s(next), v128.load(scale, 32)),
          v128.load(offset, 32)
        ),
        firsts
      )
      b = f64x2.sub(
        f64x2.sub(
          f64x2.mul(f64x2.convert_low_i32x4_s(upper(next)), v128.load(scale, 48)),
          v128.load(offset, 48)
        ),
        firsts
      )
      sumA = f64x2.add(sumA, a)
      sumB = f64x2.add(sumB, b)
      squaresA = f64x2.add(squaresA, f64x2.mul(a, a))
      squaresB = f64x2.add(squaresB, f64x2.mul(b, b))
      low = f64x2.pmin(low, f64x2.pmin(a, b))
      high = f64x2.pmax(high, f64x2.pmax(a, b))
      bytes += 8
      scale += 64
      offset += 64
    }
    if (f + 4 <= features) {
      const four = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(bytes)))
      a = f64x2.sub(
        f64x2.sub(
          f64x2.mul(f64x2.convert_low_i32x4_s(four), v128.load(scale, 0)),
          v128.load(offset, 0)
        ),
        firsts
      )
      b = f64x2.sub(
        f64x2.sub(
          f64x2.mul(f64x2.convert_low_i32x4_s(upper(four)), v128.load(scale, 16)),
          v128.load(offset, 16)
        ),
        firsts
      )
      sumA = f64x2.add(sumA, a)
      sumB = f64x2.add(sumB, b)
      squaresA = f64x2.add(squaresA, f64x2.mul(a, a))
      squaresB = f64x2.add(squaresB, f64x2.mul(b, b))
      low = f64x2.pmin(low, f64x2.pmin(a, b))
      high = f64x2.pmax(high, f64x2.pmax(a, b))
      bytes += 4
      scale += 32
      offset += 32
      f += 4
    }
    let sum =
      f64x2.extract_lane(sumA, 0) +
      f64x2.extract_lane(sumA, 1) +
      (f64x2.extract_lane(sumB, 0) + f64x2.extract_lane(sumB, 1))
    let squares =
      f64x2.extract_lane(squaresA, 0) +
      f64x2.extract_lane(squaresA, 1) +
      (f64x2.extract_lane(squaresB, 0) + f64x2.extract_lane(squaresB, 1))
    let least = min(f64x2.extract_lane(low, 0), f64x2.extract_lane(low, 1))
    let most = max(f64x2.extract_lane(high, 0), f64x2.extract_lane(high, 1))
    for (; f < features; f++) {
      const value = <f64>load<u8>(bytes++) * load<f64>(scale) - load<f64>(offset) - first
      scale += 8
      offset += 8
      sum += value
      squares += value * value
      if (value < least) least = value
      if (value > most) most = value
    }
    const average = sum / count
    const variance = squares / count - average * average
    store<f64>(means, first + average)
    store<f64>(means + apart, least === most ? 0 : sqrt(max(0, variance)))
    store<f64>(means + 2 * apart, first + least)
    store<f64>(means + 3 * apart, first + most)
    means += 8
  }
}
