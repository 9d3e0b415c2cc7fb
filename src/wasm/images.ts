/*
 * AssemblyScript. Values that a shift and a scale of their image, or of their place, make of bytes.
 * Each function does what its namesake in core/statistics/kernels/plain.ts does, to the last bit.
 */

/** How near a border of a bin may come to a byte before division decides, in bytes. */
const NEAR: f64 = 1e-6

/**
 * Adds to `below`, bins of f64 for each frame: values that are less than the lower edge of the bin,
 * and to `atMinimum`, one f64 a frame. `constants`: images x frames x 2, centre and divisor.
 * `edges`: bins + 1 for each frame. `tables`: room for 5 x 257 of u32.
 */
export function tallyImages(
  pixels: usize,
  images: i32,
  features: i32,
  frames: i32,
  constants: usize,
  edges: usize,
  bins: i32,
  minima: usize,
  below: usize,
  atMinimum: usize,
  tables: usize
): void {
  const prefix = tables + 4096
  for (let image = 0; image < images; image++) {
    countImage(pixels + <usize>image * <usize>features, features, tables)
    let least = -1
    let sum: u32 = 0
    for (let byte = 0; byte < 256; byte++) {
      const slot = (<usize>byte) << 2
      const count =
        load<u32>(tables + slot) +
        load<u32>(tables + slot, 1024) +
        load<u32>(tables + slot, 2048) +
        load<u32>(tables + slot, 3072)
      store<u32>(prefix + slot, sum)
      if (sum === 0 && count > 0) least = byte
      sum += count
    }
    store<u32>(prefix, sum, 1024)
    for (let frame = 0; frame < frames; frame++) {
      const own = constants + ((<usize>image * <usize>frames + <usize>frame) << 4)
      const centre = load<f64>(own)
      const divisor = load<f64>(own, 8)
      const first = edges + <usize>frame * <usize>(bins + 1) * 8
      const into = below + <usize>frame * <usize>bins * 8
      addBelow(first, bins, centre, divisor, prefix, into)
      if ((<f64>least - centre) / divisor === load<f64>(minima + ((<usize>frame) << 3))) {
        const slot = atMinimum + ((<usize>frame) << 3)
        const count = load<u32>(prefix + ((<usize>least + 1) << 2))
        store<f64>(slot, load<f64>(slot) + <f64>count)
      }
    }
  }
}

function countImage(pixels: usize, features: i32, tables: usize): void {
  memory.fill(tables, 0, 4096)
  let at = pixels
  const end = pixels + <usize>features
  for (; at + 8 <= end; at += 8) {
    const eight = load<u64>(at)
    bump(tables + <usize>((eight & 255) << 2))
    bump(tables + 1024 + <usize>(((eight >> 8) & 255) << 2))
    bump(tables + 2048 + <usize>(((eight >> 16) & 255) << 2))
    bump(tables + 3072 + <usize>(((eight >> 24) & 255) << 2))
    bump(tables + <usize>(((eight >> 32) & 255) << 2))
    bump(tables + 1024 + <usize>(((eight >> 40) & 255) << 2))
    bump(tables + 2048 + <usize>(((eight >> 48) & 255) << 2))
    bump(tables + 3072 + <usize>((eight >> 56) << 2))
  }
  for (; at < end; at++) bump(tables + ((<usize>load<u8>(at)) << 2))
}

function bump(slot: usize): void {
  store<u32>(slot, load<u32>(slot) + 1)
}

/** A value is less than an edge where its byte is less than edge x divisor + centre. */
function addBelow(
  edges: usize,
  bins: i32,
  centre: f64,
  divisor: f64,
  prefix: usize,
  below: usize
): void {
  const centres = f64x2.splat(centre)
  const divisors = f64x2.splat(divisor)
  const near = f64x2.splat(NEAR)
  const none = f64x2.splat(0)
  const all = f64x2.splat(256)
  let bin = 1
  for (; bin + 1 < bins; bin += 2) {
    const border = f64x2.add(f64x2.mul(v128.load(edges + ((<usize>bin) << 3)), divisors), centres)
    const apart = f64x2.abs(f64x2.sub(border, f64x2.nearest(border)))
    if (v128.any_true(f64x2.lt(apart, near))) {
      addAt(edges, bin, centre, divisor, prefix, below)
      addAt(edges, bin + 1, centre, divisor, prefix, below)
      continue
    }
    const bytes = i32x4.trunc_sat_f64x2_s_zero(
      f64x2.pmin(f64x2.pmax(f64x2.ceil(border), none), all)
    )
    const a = load<u32>(prefix + ((<usize>i32x4.extract_lane(bytes, 0)) << 2))
    const b = load<u32>(prefix + ((<usize>i32x4.extract_lane(bytes, 1)) << 2))
    const slot = below + ((<usize>bin) << 3)
    const more = f64x2.replace_lane(f64x2.splat(<f64>a), 1, <f64>b)
    v128.store(slot, f64x2.add(v128.load(slot), more))
  }
  for (; bin < bins; bin++) addAt(edges, bin, centre, divisor, prefix, below)
}

/** The same where division must decide. */
function addAt(
  edges: usize,
  bin: i32,
  centre: f64,
  divisor: f64,
  prefix: usize,
  below: usize
): void {
  const edge = load<f64>(edges + ((<usize>bin) << 3))
  let byte = <i32>min(max(ceil(edge * divisor + centre), 0), 256)
  while (byte > 0 && (<f64>(byte - 1) - centre) / divisor >= edge) byte--
  while (byte < 256 && (<f64>byte - centre) / divisor < edge) byte++
  const slot = below + ((<usize>bin) << 3)
  store<f64>(slot, load<f64>(slot) + <f64>load<u32>(prefix + ((<usize>byte) << 2)))
}

/**
 * Adds each image's shifts, x * scale - offset - origin, and their squares to those of the features.
 * `scales`, `offsets`: images x frames; `origins`, `shifts`, `squares`: features for each frame;
 * `group`: room for 4 x features of f64.
 */
export function addShifts(
  pixels: usize,
  images: i32,
  features: i32,
  frames: i32,
  scales: usize,
  offsets: usize,
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
      const own = (<usize>image * <usize>frames + <usize>frame) << 3
      const scale = scales + own
      const offset = offsets + own
      const at = <usize>frame * row
      const next = (<usize>frames) << 3
      addFour(group, features, scale, offset, next, origins + at, shifts + at, squares + at)
    }
  }
  for (; image < images; image++) {
    widen(pixels + <usize>image * <usize>features, features, group)
    for (let frame = 0; frame < frames; frame++) {
      const own = (<usize>image * <usize>frames + <usize>frame) << 3
      const scale = load<f64>(scales + own)
      const offset = load<f64>(offsets + own)
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
  scales: usize,
  offsets: usize,
  next: usize,
  origins: usize,
  shifts: usize,
  squares: usize
): void {
  const row = (<usize>features) << 3
  const scaleA = v128.load64_splat(scales)
  const scaleB = v128.load64_splat(scales + next)
  const scaleC = v128.load64_splat(scales + 2 * next)
  const scaleD = v128.load64_splat(scales + 3 * next)
  const offsetA = v128.load64_splat(offsets)
  const offsetB = v128.load64_splat(offsets + next)
  const offsetC = v128.load64_splat(offsets + 2 * next)
  const offsetD = v128.load64_splat(offsets + 3 * next)
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
    const a = load<f64>(group + f) * load<f64>(scales) - load<f64>(offsets) - origin
    const b = load<f64>(second + f) * load<f64>(scales + next) - load<f64>(offsets + next) - origin
    const c =
      load<f64>(third + f) * load<f64>(scales + 2 * next) - load<f64>(offsets + 2 * next) - origin
    const d =
      load<f64>(fourth + f) * load<f64>(scales + 3 * next) - load<f64>(offsets + 3 * next) - origin
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
    v128.store(out, f64x2.convert_low_i32x4_u(low))
    v128.store(out, f64x2.convert_low_i32x4_u(upper(low)), 16)
    v128.store(out, f64x2.convert_low_i32x4_u(high), 32)
    v128.store(out, f64x2.convert_low_i32x4_u(upper(high)), 48)
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
 * Mean, std, min and max of each image after x * scale - offset; `rows`: images x 4 of f64.
 * `scales`, `offsets`: features. Four sums by turns, of what differs from the image's first value.
 */
export function imageMoments(
  pixels: usize,
  images: i32,
  features: i32,
  scales: usize,
  offsets: usize,
  rows: usize
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
    for (; f + 4 <= features; f += 4) {
      const words = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(bytes)))
      bytes += 4
      const a = f64x2.sub(
        f64x2.sub(f64x2.mul(f64x2.convert_low_i32x4_u(words), v128.load(scale)), v128.load(offset)),
        firsts
      )
      const b = f64x2.sub(
        f64x2.sub(
          f64x2.mul(f64x2.convert_low_i32x4_u(upper(words)), v128.load(scale, 16)),
          v128.load(offset, 16)
        ),
        firsts
      )
      scale += 32
      offset += 32
      sumA = f64x2.add(sumA, a)
      sumB = f64x2.add(sumB, b)
      squaresA = f64x2.add(squaresA, f64x2.mul(a, a))
      squaresB = f64x2.add(squaresB, f64x2.mul(b, b))
      low = f64x2.pmin(low, f64x2.pmin(a, b))
      high = f64x2.pmax(high, f64x2.pmax(a, b))
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
      const a = <f64>load<u8>(bytes++) * load<f64>(scale) - load<f64>(offset) - first
      scale += 8
      offset += 8
      sum += a
      squares += a * a
      if (a < least) least = a
      if (a > most) most = a
    }
    const average = sum / count
    const variance = squares / count - average * average
    store<f64>(rows, first + average)
    store<f64>(rows, least === most ? 0 : sqrt(max(0, variance)), 8)
    store<f64>(rows, first + least, 16)
    store<f64>(rows, first + most, 24)
    rows += 32
  }
}
