/*
 * AssemblyScript. Counts and sums of bytes. Addresses are byte offsets into the module's memory;
 * each function does what its namesake in core/statistics/kernels/plain.ts does, to the last bit.
 */

/** Bytes after which 32-bit lanes of squares are emptied: 65,025 x 4 a lane and 16 bytes. */
const FLUSH: i32 = 1 << 17
/** Bytes after which 16-bit lanes of sums are: 510 a lane and 16 bytes. */
const FLUSH_SUMS: i32 = 128 * 16

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
      while (done < stop) {
        const near = min(stop, done + FLUSH_SUMS)
        let sums16 = i16x8.splat(0)
        for (; done < near; done += 16) {
          const bytes = v128.load(at)
          at += 16
          const a = i16x8.extend_low_i8x16_u(bytes)
          const b = i16x8.extend_high_i8x16_u(bytes)
          sums16 = i16x8.add(sums16, i16x8.add(a, b))
          totalSquares = i32x4.add(
            totalSquares,
            i32x4.add(i32x4.dot_i16x8_s(a, a), i32x4.dot_i16x8_s(b, b))
          )
          low = i8x16.min_u(low, bytes)
          high = i8x16.max_u(high, bytes)
        }
        total = i32x4.add(total, i32x4.extadd_pairwise_i16x8_u(sums16))
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

/** Features whose counters are in use at a time: 17 kB of them stay near. */
const TILE: i32 = 16
/**
 * From one feature's counters to the next, bytes: 256 of u32, and a line of the cache more. Counters of the same byte
 * would share few sets of the nearest cache, and the processor take some for one another, which it tells apart by
 * their last twelve bits at first.
 */
const PITCH: usize = 1088

/** Adds to `table`, features x 256 of u32; `counters`: room for TILE of PITCH bytes, all 0. */
export function countBytes(
  pixels: usize,
  images: i32,
  features: i32,
  table: usize,
  counters: usize
): void {
  for (let tile = 0; tile < features; tile += TILE) {
    const width = min(TILE, features - tile)
    let at = pixels + <usize>tile
    if (width === TILE) {
      countTile(at, images, features, counters)
    } else {
      for (let image = 0; image < images; image++) {
        for (let f = 0; f < width; f++) {
          const slot = counters + <usize>f * PITCH + ((<usize>load<u8>(at + <usize>f)) << 2)
          store<u32>(slot, load<u32>(slot) + 1)
        }
        at += <usize>features
      }
    }
    for (let f = 0; f < width; f++) {
      empty(counters + <usize>f * PITCH, table + ((<usize>(tile + f)) << 10))
    }
  }
}

/**
 * Counts 16 bytes of each image. A third of them are cut out of words: a processor has ports for loads and others
 * for shifts, and either alone would wait for its own.
 */
function countTile(pixels: usize, images: i32, features: i32, counters: usize): void {
  let at = pixels
  for (let image = 0; image < images; image++) {
    const first = load<u64>(at)
    const second = load<u64>(at, 8)
    let slot = counters + ((<usize>load<u8>(at)) << 2)
    store<u32>(slot, load<u32>(slot) + 1)
    slot = counters + ((<usize>load<u8>(at, 1)) << 2)
    store<u32>(slot, load<u32>(slot, PITCH) + 1, PITCH)
    slot = counters + <usize>((first >> 14) & 1020)
    store<u32>(slot, load<u32>(slot, 2 * PITCH) + 1, 2 * PITCH)
    slot = counters + ((<usize>load<u8>(at, 3)) << 2)
    store<u32>(slot, load<u32>(slot, 3 * PITCH) + 1, 3 * PITCH)
    slot = counters + ((<usize>load<u8>(at, 4)) << 2)
    store<u32>(slot, load<u32>(slot, 4 * PITCH) + 1, 4 * PITCH)
    slot = counters + <usize>((first >> 38) & 1020)
    store<u32>(slot, load<u32>(slot, 5 * PITCH) + 1, 5 * PITCH)
    slot = counters + ((<usize>load<u8>(at, 6)) << 2)
    store<u32>(slot, load<u32>(slot, 6 * PITCH) + 1, 6 * PITCH)
    slot = counters + ((<usize>load<u8>(at, 7)) << 2)
    store<u32>(slot, load<u32>(slot, 7 * PITCH) + 1, 7 * PITCH)
    slot = counters + <usize>((second << 2) & 1020)
    store<u32>(slot, load<u32>(slot, 8 * PITCH) + 1, 8 * PITCH)
    slot = counters + ((<usize>load<u8>(at, 9)) << 2)
    store<u32>(slot, load<u32>(slot, 9 * PITCH) + 1, 9 * PITCH)
    slot = counters + ((<usize>load<u8>(at, 10)) << 2)
    store<u32>(slot, load<u32>(slot, 10 * PITCH) + 1, 10 * PITCH)
    slot = counters + <usize>((second >> 22) & 1020)
    store<u32>(slot, load<u32>(slot, 11 * PITCH) + 1, 11 * PITCH)
    slot = counters + ((<usize>load<u8>(at, 12)) << 2)
    store<u32>(slot, load<u32>(slot, 12 * PITCH) + 1, 12 * PITCH)
    slot = counters + ((<usize>load<u8>(at, 13)) << 2)
    store<u32>(slot, load<u32>(slot, 13 * PITCH) + 1, 13 * PITCH)
    slot = counters + <usize>((second >> 46) & 1020)
    store<u32>(slot, load<u32>(slot, 14 * PITCH) + 1, 14 * PITCH)
    slot = counters + ((<usize>load<u8>(at, 15)) << 2)
    store<u32>(slot, load<u32>(slot, 15 * PITCH) + 1, 15 * PITCH)
    at += <usize>features
  }
}

/** Adds 256 counters and sets them to 0. */
function empty(counters: usize, into: usize): void {
  for (let at = 0; at < 256; at += 4) {
    v128.store(into, i32x4.add(v128.load(into), v128.load(counters)))
    v128.store(counters, i32x4.splat(0))
    counters += 16
    into += 16
  }
}
