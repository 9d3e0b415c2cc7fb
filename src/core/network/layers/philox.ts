/**
 * Philox 4x32-10 (Salmon, Moraes, Dror & Shaw 2011): random words as a function of a counter and a key,
 * without a state, so that both trainers drop the same values whatever calls a run is cut into.
 */
const MULTIPLIER_0 = 0xd2511f53
const MULTIPLIER_1 = 0xcd9e8d57
const WEYL_0 = 0x9e3779b9
const WEYL_1 = 0xbb67ae85
const ROUNDS = 10

export type Counter = readonly [number, number, number, number]
export type Key = readonly [number, number]

/** Writes four random words to `out` at `at`. */
export function philox(counter: Counter, key: Key, out: Uint32Array, at = 0): void {
  let [c0, c1, c2, c3] = counter
  let [k0, k1] = key
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = highWord(MULTIPLIER_0, c0)
    const low0 = Math.imul(MULTIPLIER_0, c0)
    const high1 = highWord(MULTIPLIER_1, c2)
    const low1 = Math.imul(MULTIPLIER_1, c2)
    c0 = high1 ^ c1 ^ k0
    c1 = low1
    c2 = high0 ^ c3 ^ k1
    c3 = low0
    k0 = (k0 + WEYL_0) | 0
    k1 = (k1 + WEYL_1) | 0
  }
  out[at] = c0
  out[at + 1] = c1
  out[at + 2] = c2
  out[at + 3] = c3
}

/** Upper 32 bits of the product of two words. */
function highWord(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const first = aHigh * bLow + ((aLow * bLow) >>> 16)
  const second = aLow * bHigh + (first & 0xffff)
  return (aHigh * bHigh + (first >>> 16) + (second >>> 16)) | 0
}

/** Which random numbers a dropout layer draws. */
export interface Draw {
  /** of the run */
  readonly seed: number
  /** steps taken in the run before this one */
  readonly step: number
  /** the layer's among those of the network */
  readonly stream: number
}

/** 'norm': tells a key from that of another use of Philox with the same seed. */
const PURPOSE = 0x6e6f726d
const TWO_TO_32 = 4294967296

export function dropoutKey({ seed }: Pick<Draw, 'seed'>): Key {
  return [seed >>> 0, (PURPOSE ^ Math.floor(seed / TWO_TO_32)) >>> 0]
}

/**
 * Of the first block of four values; the blocks that follow count up its first word. With key and counter
 * as little-endian words TensorFlow's StatelessRandomUniformV2 makes the same numbers.
 */
export function dropoutCounter({ step, stream }: Pick<Draw, 'step' | 'stream'>): Counter {
  return [0, 0, step, stream + 1]
}

/** A word as a float32 in [0, 1): TensorFlow's 23 bits. */
const BITS = 0x7fffff
const STEP = 2 ** -23

/** 1 for each value that dropout keeps, 0 for each with u < rate; row-major over a whole batch. */
export function dropoutMask(count: number, rate: number, draw: Draw): Uint8Array {
  const kept = new Uint8Array(count)
  const words = new Uint32Array(4)
  const key = dropoutKey(draw)
  const [, , step, stream] = dropoutCounter(draw)
  const threshold = Math.fround(rate)
  for (let i = 0; i < count; i++) {
    const word = i & 3
    if (word === 0) philox([i >>> 2, 0, step, stream], key, words)
    if ((words[word]! & BITS) * STEP >= threshold) kept[i] = 1
  }
  return kept
}
