/** A reproducible source of random numbers; the same seed and stream give the same numbers everywhere. */
export interface Random {
  /** in [0, 1), 53 random bits */
  uniform(): number
  /** standard normal: mean 0, std 1 */
  normal(): number
  /** a whole number in [0, limit), every one equally likely; limit in [1, 2^32] */
  integer(limit: number): number
  /** puts the values into a random order, in place; every order equally likely */
  shuffle(values: Int32Array): void
}

const TWO_TO_32 = 4294967296

/**
 * xoshiro128** (Blackman & Vigna 2018), seeded by hashing the seed and the name of the stream.
 * Streams of one seed are independent of one another, so that one more draw here moves nothing there.
 * Integer arithmetic only, except for `normal`, whose logarithm may differ by an ulp between engines.
 */
export function createRandom(seed: number, stream = ''): Random {
  const next = xoshiro128(seed, stream)
  let spare: number | undefined

  function uniform(): number {
    const high = next() >>> 5
    const low = next() >>> 6
    return (high * 67108864 + low) / 9007199254740992
  }

  /** Marsaglia's polar method: no sine or cosine. */
  function normal(): number {
    if (spare !== undefined) {
      const kept = spare
      spare = undefined
      return kept
    }
    for (;;) {
      const x = 2 * uniform() - 1
      const y = 2 * uniform() - 1
      const square = x * x + y * y
      if (square >= 1 || square === 0) continue
      const scale = Math.sqrt((-2 * Math.log(square)) / square)
      spare = y * scale
      return x * scale
    }
  }

  /** Numbers past the last whole multiple of `limit` are drawn again: a plain remainder is biased. */
  function integer(limit: number): number {
    if (!Number.isInteger(limit) || limit < 1 || limit > TWO_TO_32) {
      throw new RangeError(`A random integer needs a limit from 1 to 2^32, not ${limit}.`)
    }
    const end = TWO_TO_32 - (TWO_TO_32 % limit)
    let drawn = next()
    while (drawn >= end) drawn = next()
    return drawn % limit
  }

  /** Fisher and Yates. */
  function shuffle(values: Int32Array): void {
    for (let last = values.length - 1; last > 0; last--) {
      const other = integer(last + 1)
      const kept = values[last]!
      values[last] = values[other]!
      values[other] = kept
    }
  }

  return { uniform, normal, integer, shuffle }
}

function xoshiro128(seed: number, stream: string): () => number {
  const mix = splitmix32(hash(seed, stream))
  let a = mix()
  let b = mix()
  let c = mix()
  let d = mix() | 1 // the state must not be all zero
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotate(d, 11)
    return result
  }
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by))
}

/** Spreads a 32-bit seed over a state (Steele, Lea & Flood 2014, with the finaliser of MurmurHash3). */
function splitmix32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    return finalise(state)
  }
}

function finalise(value: number): number {
  let mixed = value
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}

/** FNV-1a over the seed's eight bytes and the stream's UTF-16 code units, then finalised. */
function hash(seed: number, stream: string): number {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`A seed is a whole number from 0, not ${seed}.`)
  }
  let state = 0x811c9dc5
  const add = (value: number): void => {
    state = Math.imul(state ^ value, 0x01000193)
  }
  const low = seed % TWO_TO_32
  const high = Math.floor(seed / TWO_TO_32)
  for (const word of [low, high]) {
    for (let shift = 0; shift < 32; shift += 8) add((word >>> shift) & 255)
  }
  for (let i = 0; i < stream.length; i++) add(stream.charCodeAt(i))
  return finalise(state)
}

/**
 * The order in which an epoch visits the training images: a permutation of 0 ... count - 1.
 * It depends on nothing else, so every preprocessing choice sees the images in the same order.
 * @param epoch from 1
 */
export function epochOrder(seed: number, epoch: number, count: number): Int32Array {
  const order = new Int32Array(count)
  for (let i = 0; i < count; i++) order[i] = i
  createRandom(seed, `shuffle/${epoch}`).shuffle(order)
  return order
}
