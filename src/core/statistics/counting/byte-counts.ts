/**
 * How often each byte occurs in one image, per channel: `counts` is channels x 256. Runs of one value,
 * as backgrounds are, would wait for one counter: grey images are counted in four tables by turns.
 */
export type ByteCounter = (pixels: Uint8Array, start: number, counts: Uint32Array) => void

export function byteCounter(features: number, channels: number): ByteCounter {
  if (channels > 1) {
    return (pixels, start, counts) => {
      counts.fill(0)
      for (let f = 0; f < features; f += channels) {
        for (let channel = 0; channel < channels; channel++) {
          const slot = channel * 256 + pixels[start + f + channel]!
          counts[slot] = counts[slot]! + 1
        }
      }
    }
  }
  const tables = new Uint32Array(4 * 256)
  const fours = features - (features % 4)
  return (pixels, start, counts) => {
    tables.fill(0)
    const end = start + fours
    for (let at = start; at < end; at += 4) {
      const a = pixels[at]!
      const b = 256 + pixels[at + 1]!
      const c = 512 + pixels[at + 2]!
      const d = 768 + pixels[at + 3]!
      tables[a] = tables[a]! + 1
      tables[b] = tables[b]! + 1
      tables[c] = tables[c]! + 1
      tables[d] = tables[d]! + 1
    }
    for (let at = end; at < start + features; at++) {
      const value = pixels[at]!
      tables[value] = tables[value]! + 1
    }
    for (let value = 0; value < 256; value++) {
      counts[value] =
        tables[value]! + tables[256 + value]! + tables[512 + value]! + tables[768 + value]!
    }
  }
}

/** Sums over one image's bytes, exact, from how often each occurs (channels x 256). */
export interface ByteSums {
  readonly count: number
  readonly sum: number
  readonly squares: number
  readonly min: number
  readonly max: number
}

export function byteSums(counts: Uint32Array): ByteSums {
  let count = 0
  let sum = 0
  let squares = 0
  let min = 255
  let max = 0
  for (let slot = 0; slot < counts.length; slot++) {
    const times = counts[slot]!
    if (times === 0) continue
    const value = slot & 255
    count += times
    sum += times * value
    squares += times * value * value
    if (value < min) min = value
    if (value > max) max = value
  }
  return { count, sum, squares, min, max }
}
