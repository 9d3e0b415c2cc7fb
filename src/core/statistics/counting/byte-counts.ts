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

/** Sums over one image's bytes, exact. */
export interface ByteSums {
  count: number
  sum: number
  squares: number
  min: number
  max: number
}

/** The slots of counts (channels x 256) that are not 0, ascending, and what they sum to. */
export interface Occurring extends ByteSums {
  readonly slots: Uint16Array
  used: number
}

export function createOccurring(channels: number): Occurring {
  const slots = new Uint16Array(channels * 256 + 1)
  return { slots, used: 0, count: 0, sum: 0, squares: 0, min: 255, max: 0 }
}

export function findOccurring(counts: Uint32Array, found: Occurring): void {
  const { slots } = found
  let used = 0
  let count = 0
  let sum = 0
  let squares = 0
  let min = 255
  let max = 0
  for (let table = 0; table < counts.length; table += 256) {
    const first = used
    for (let byte = 0; byte < 256; byte++) {
      const times = counts[table + byte]!
      // without a branch, which could not be foreseen
      slots[used] = table + byte
      used += times > 0 ? 1 : 0
      const part = Math.imul(times, byte)
      count += times
      sum += part
      squares += part * byte
    }
    min = Math.min(min, slots[first]! - table)
    max = Math.max(max, slots[used - 1]! - table)
  }
  found.used = used
  found.count = count
  found.sum = sum
  found.squares = squares
  found.min = min
  found.max = max
}
