/*
 * AssemblyScript. Values that a shift and a scale of their image make of bytes, in bins. The function does
 * what its namesake in core/statistics/kernels/plain.ts does, to the last bit.
 */

/** How near a border of a bin may come to a byte before division decides, in bytes. */
const NEAR: f64 = 1e-6

/**
 * Adds to `below`, bins of f64 for each frame: values that are less than the lower edge of the bin,
 * and to `atMinimum`, one f64 a frame. `centres`, `divisors`: f64 of each image, those of a frame
 * `apart` bytes behind those of the one before. `edges`: bins + 1 for each frame. `tables`: room for
 * 8 x 272 + 260 + frames x bins of u32. The pixels are fewer than 2^32.
 */
export function tallyImages(
  pixels: usize,
  images: i32,
  features: i32,
  frames: i32,
  centres: usize,
  divisors: usize,
  apart: usize,
  edges: usize,
  bins: i32,
  minima: usize,
  below: usize,
  atMinimum: usize,
  tables: usize
): void {
  const prefix = tables + TABLES
  const under = prefix + 1040
  memory.fill(under, 0, (<usize>frames * <usize>bins) << 2)
  for (let image = 0; image < images; image++) {
    countImage(pixels + <usize>image * <usize>features, features, tables)
    const least = addUp(tables, prefix)
    for (let frame = 0; frame < frames; frame++) {
      const own = <usize>frame * apart + ((<usize>image) << 3)
      const centre = load<f64>(centres + own)
      const divisor = load<f64>(divisors + own)
      const first = edges + <usize>frame * <usize>(bins + 1) * 8
      addBelow(first, bins, centre, divisor, prefix, under + ((<usize>(frame * bins)) << 2))
      if ((<f64>least - centre) / divisor === load<f64>(minima + ((<usize>frame) << 3))) {
        const slot = atMinimum + ((<usize>frame) << 3)
        const count = load<u32>(prefix + ((<usize>least + 1) << 2))
        store<f64>(slot, load<f64>(slot) + <f64>count)
      }
    }
  }
  for (let at = 0; at < frames * bins; at++) {
    const slot = below + ((<usize>at) << 3)
    store<f64>(slot, load<f64>(slot) + <f64>load<u32>(under + ((<usize>at) << 2)))
  }
}

/**
 * Eight of 256 counts of u32: bytes that are alike and near each other need not wait for one another. They have a gap
 * between them, for the processor takes addresses for one another at first that have the last twelve bits in common.
 */
const PITCH: usize = 1088
const TABLES: usize = 8 * PITCH

/** By turns loaded and cut out, as `countTile` of bytes.ts. */
function countImage(pixels: usize, features: i32, tables: usize): void {
  memory.fill(tables, 0, TABLES)
  let at = pixels
  const end = pixels + <usize>features
  for (; at + 8 <= end; at += 8) {
    const eight = load<u64>(at)
    let slot = tables + ((<usize>load<u8>(at)) << 2)
    store<u32>(slot, load<u32>(slot) + 1)
    slot = tables + ((<usize>load<u8>(at, 1)) << 2)
    store<u32>(slot, load<u32>(slot, PITCH) + 1, PITCH)
    slot = tables + <usize>((eight >> 14) & 1020)
    store<u32>(slot, load<u32>(slot, 2 * PITCH) + 1, 2 * PITCH)
    slot = tables + ((<usize>load<u8>(at, 3)) << 2)
    store<u32>(slot, load<u32>(slot, 3 * PITCH) + 1, 3 * PITCH)
    slot = tables + ((<usize>load<u8>(at, 4)) << 2)
    store<u32>(slot, load<u32>(slot, 4 * PITCH) + 1, 4 * PITCH)
    slot = tables + <usize>((eight >> 38) & 1020)
    store<u32>(slot, load<u32>(slot, 5 * PITCH) + 1, 5 * PITCH)
    slot = tables + ((<usize>load<u8>(at, 6)) << 2)
    store<u32>(slot, load<u32>(slot, 6 * PITCH) + 1, 6 * PITCH)
    slot = tables + ((<usize>load<u8>(at, 7)) << 2)
    store<u32>(slot, load<u32>(slot, 7 * PITCH) + 1, 7 * PITCH)
  }
  for (; at < end; at++) bump(tables + ((<usize>load<u8>(at)) << 2))
}

function bump(slot: usize): void {
  store<u32>(slot, load<u32>(slot) + 1)
}

/** How many bytes are less than each of 0 to 256; the least that occurs. */
function addUp(tables: usize, prefix: usize): i32 {
  const none = i32x4.splat(0)
  let carry = none
  let least = -1
  for (let at: usize = 0; at < 1024; at += 16) {
    const slot = tables + at
    const counts = i32x4.add(
      i32x4.add(
        i32x4.add(v128.load(slot), v128.load(slot, PITCH)),
        i32x4.add(v128.load(slot, 2 * PITCH), v128.load(slot, 3 * PITCH))
      ),
      i32x4.add(
        i32x4.add(v128.load(slot, 4 * PITCH), v128.load(slot, 5 * PITCH)),
        i32x4.add(v128.load(slot, 6 * PITCH), v128.load(slot, 7 * PITCH))
      )
    )
    if (least < 0 && v128.any_true(counts)) {
      least = <i32>(at >> 2) + ctz(i32x4.bitmask(i32x4.ne(counts, none)))
    }
    const pairs = i32x4.add(counts, v128.shuffle<i32>(none, counts, 0, 4, 5, 6))
    const sums = i32x4.add(pairs, v128.shuffle<i32>(none, pairs, 0, 1, 4, 5))
    v128.store(prefix + at, i32x4.sub(i32x4.add(carry, sums), counts))
    carry = i32x4.add(carry, v128.shuffle<i32>(sums, sums, 3, 3, 3, 3))
  }
  store<i32>(prefix, i32x4.extract_lane(carry, 0), 1024)
  return least
}

/** Doubles from here on have no fraction: what is added to it is rounded to a whole number. */
const WHOLE: f64 = 4503599627370496

/**
 * A value is less than an edge where its byte is less than the border, edge x divisor + centre, and the
 * first byte that is not is the border plus a half, rounded. Where that rounds by nearly a half, the
 * border is near a byte, and division decides whether this byte's value is less.
 */
function addBelow(
  edges: usize,
  bins: i32,
  centre: f64,
  divisor: f64,
  prefix: usize,
  under: usize
): void {
  const centres = f64x2.splat(centre)
  const halves = f64x2.splat(centre + 0.5)
  const divisors = f64x2.splat(divisor)
  const far = f64x2.splat(0.5 - NEAR)
  const whole = f64x2.splat(WHOLE)
  const none = f64x2.splat(0)
  const all = f64x2.splat(256)
  let bin = 0
  for (; bin + 3 < bins; bin += 4) {
    const at = edges + ((<usize>bin) << 3)
    const a = f64x2.pmin(
      all,
      f64x2.pmax(none, f64x2.add(f64x2.mul(v128.load(at), divisors), halves))
    )
    const b = f64x2.pmin(
      all,
      f64x2.pmax(none, f64x2.add(f64x2.mul(v128.load(at, 16), divisors), halves))
    )
    let first = f64x2.add(a, whole)
    let second = f64x2.add(b, whole)
    const rounding = f64x2.pmax(
      f64x2.abs(f64x2.sub(f64x2.sub(first, whole), a)),
      f64x2.abs(f64x2.sub(f64x2.sub(second, whole), b))
    )
    if (v128.any_true(f64x2.gt(rounding, far))) {
      first = decided(v128.load(at), centres, divisors)
      second = decided(v128.load(at, 16), centres, divisors)
    }
    // of the whole doubles, the last digits
    const bytes = i32x4.shl(v128.shuffle<i32>(first, second, 0, 2, 4, 6), 2)
    const slot = under + ((<usize>bin) << 2)
    let more = v128.load32_zero(prefix + <usize>i32x4.extract_lane(bytes, 0))
    more = v128.load_lane<i32>(prefix + <usize>i32x4.extract_lane(bytes, 1), more, 1)
    more = v128.load_lane<i32>(prefix + <usize>i32x4.extract_lane(bytes, 2), more, 2)
    more = v128.load_lane<i32>(prefix + <usize>i32x4.extract_lane(bytes, 3), more, 3)
    v128.store(slot, i32x4.add(v128.load(slot), more))
  }
  for (; bin < bins; bin++) {
    const edge = load<f64>(edges + ((<usize>bin) << 3))
    const byte = i32x4.extract_lane(decided(f64x2.splat(edge), centres, divisors), 0)
    const slot = under + ((<usize>bin) << 2)
    store<u32>(slot, load<u32>(slot) + load<u32>(prefix + ((<usize>byte) << 2)))
  }
}

/** The first bytes from 0 to 256 whose values are not less than two edges, in the last digits of whole doubles. */
function decided(edges: v128, centres: v128, divisors: v128): v128 {
  const none = f64x2.splat(0)
  const all = f64x2.splat(256)
  const nearest = f64x2.nearest(f64x2.add(f64x2.mul(edges, divisors), centres))
  const less = f64x2.lt(f64x2.div(f64x2.sub(nearest, centres), divisors), edges)
  const bytes = f64x2.add(nearest, v128.and(less, f64x2.splat(1)))
  return f64x2.add(f64x2.pmin(all, f64x2.pmax(none, bytes)), f64x2.splat(WHOLE))
}
