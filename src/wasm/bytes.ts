/*
 * AssemblyScript. Counts and sums of bytes. Addresses are byte offsets into the module's memory;
 * each function does what its namesake in core/statistics/kernels/plain.ts does, to the last bit.
 */

/** Bytes after which 32-bit lanes of squares are emptied: 65,025 x 4 a lane and 16 bytes. */
const FLUSH: i32 = 1 << 17

/**
 * Of each image: sum, sum of squares, std, min and max, f64 each; `sums`: the first of the sums, and so
 * many bytes further on, `apart`, that of the squares, and so on.
 */
export function sumBytes(
  pixels: usize,
  images: i32,
  features: i32,
  sums: usize,
  apart: usize
): void {
  const count = <f64>features
  let at = pixels
  for (let image = 0; image < images; image++) {
    let sum: u64 = 0
    let squares: u64 = 0
    let low = i8x16.splat(-1)
    let high = i8x16.splat(0)
    let least: u32 = 255
    let most: u32 = 0
    let done = 0
    while (done + 16 <= features) {
      const stop = min(features - 15, done + FLUSH)
      let total = i32x4.splat(0)
      let totalSquares = i32x4.splat(0)
      for (; done < stop; done += 16) {
        const bytes = v128.load(at)
        at += 16
        total = i32x4.add(
          total,
          i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes))
        )
        const a = i32x4.extadd_pairwise_i16x8_u(i16x8.extmul_low_i8x16_u(bytes, bytes))
        const b = i32x4.extadd_pairwise_i16x8_u(i16x8.extmul_high_i8x16_u(bytes, bytes))
        totalSquares = i32x4.add(totalSquares, i32x4.add(a, b))
        low = i8x16.min_u(low, bytes)
        high = i8x16.max_u(high, bytes)
      }
      sum += lanesOf(total)
      squares += lanesOf(totalSquares)
    }
    for (; done < features; done++) {
      const value = <u32>load<u8>(at++)
      sum += value
      squares += value * value
      if (value < least) least = value
      if (value > most) most = value
    }
    low = i8x16.min_u(
      low,
      i8x16.shuffle(low, low, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)
    )
    high = i8x16.max_u(
      high,
      i8x16.shuffle(high, high, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)
    )
    const lows = i64x2.extract_lane(low, 0)
    const highs = i64x2.extract_lane(high, 0)
    for (let lane = 0; lane < 64; lane += 8) {
      const a = <u32>((lows >> lane) & 255)
      const b = <u32>((highs >> lane) & 255)
      if (a < least) least = a
      if (b > most) most = b
    }
    const total = <f64>sum
    const variance = count * <f64>squares - total * total
    store<f64>(sums, total)
    store<f64>(sums + apart, <f64>squares)
    store<f64>(sums + 2 * apart, sqrt(max(0, variance)) / count)
    store<f64>(sums + 3 * apart, <f64>least)
    store<f64>(sums + 4 * apart, <f64>most)
    sums += 8
  }
}

/** Zeros. */
export function clear(address: usize, bytes: usize): void {
  memory.fill(address, 0, bytes)
}

function lanesOf(lanes: v128): u64 {
  return (
    <u64>(<u32>i32x4.extract_lane(lanes, 0)) +
    <u64>(<u32>i32x4.extract_lane(lanes, 1)) +
    <u64>(<u32>i32x4.extract_lane(lanes, 2)) +
    <u64>(<u32>i32x4.extract_lane(lanes, 3))
  )
}

/** Features whose counters are in use at a time: 36 kB of them stay near. */
const TILE: i32 = 64
/**
 * From one feature's counters to the next, bytes: 256 of u16, and a line of the cache more. Counters of the same byte
 * would share few sets of the nearest cache, and the processor take some for one another, which it tells apart by
 * their last twelve bits at first.
 */
const PITCH: usize = 576
/** Images after which 16-bit counters are emptied. */
const MOST: i32 = 65535

/** Adds to `table`, features x 256 of u32; `counters`: room for TILE of PITCH bytes, all 0. */
export function countBytes(
  pixels: usize,
  images: i32,
  features: i32,
  table: usize,
  counters: usize
): void {
  for (let first = 0; first < images; first += MOST) {
    const last = min(images, first + MOST)
    for (let tile = 0; tile < features; tile += TILE) {
      const width = min(TILE, features - tile)
      for (let image = first; image < last; image++) {
        let at = pixels + <usize>image * <usize>features + <usize>tile
        let row = counters
        let f = 0
        for (; f + 8 <= width; f += 8) {
          const eight = load<u64>(at)
          at += 8
          bump(row + <usize>((eight & 255) << 1))
          bump(row + PITCH + <usize>(((eight >> 8) & 255) << 1))
          bump(row + 2 * PITCH + <usize>(((eight >> 16) & 255) << 1))
          bump(row + 3 * PITCH + <usize>(((eight >> 24) & 255) << 1))
          bump(row + 4 * PITCH + <usize>(((eight >> 32) & 255) << 1))
          bump(row + 5 * PITCH + <usize>(((eight >> 40) & 255) << 1))
          bump(row + 6 * PITCH + <usize>(((eight >> 48) & 255) << 1))
          bump(row + 7 * PITCH + <usize>((eight >> 56) << 1))
          row += 8 * PITCH
        }
        for (; f < width; f++) {
          bump(row + ((<usize>load<u8>(at++)) << 1))
          row += PITCH
        }
      }
      for (let f = 0; f < width; f++) {
        empty(counters + <usize>f * PITCH, table + ((<usize>(tile + f)) << 10))
      }
    }
  }
}

function bump(slot: usize): void {
  store<u16>(slot, load<u16>(slot) + 1)
}

/** Adds 256 u16 counters to u32 ones and sets them to 0. */
function empty(counters: usize, into: usize): void {
  for (let at = 0; at < 256; at += 8) {
    const some = v128.load(counters)
    v128.store(counters, i32x4.splat(0))
    v128.store(into, i32x4.add(v128.load(into), i32x4.extend_low_i16x8_u(some)))
    v128.store(into, i32x4.add(v128.load(into, 16), i32x4.extend_high_i16x8_u(some)), 16)
    counters += 16
    into += 32
  }
}
