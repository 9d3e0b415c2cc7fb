/** A trial at 2^(index / 4) times a first guess. */
export type Trial = 'trains' | 'fails'

export interface RateSearch {
  /** indices tried and yet to try, in order */
  readonly indices: readonly number[]
  /** the greatest that trains below the least that fails, once they are neighbours */
  readonly found?: number
  /** none fails up to here, or none trains down to here */
  readonly open?: 'above' | 'below'
}

/** Steps of a factor 2^(1/4) = 1.19. */
const STEPS_PER_OCTAVE = 4
/** A first stride of a factor 4. */
const STRIDE = 8
/** A factor 2^20 either way. */
const REACH = 80

/**
 * Where trials change from training to failing: outwards from the guess in strides, then by halves.
 * `tried` knows nothing of trials that have not ended; the search then waits for them.
 */
export function searchRate(tried: (index: number) => Trial | undefined): RateSearch {
  const indices: number[] = []
  const ask = (index: number): Trial | undefined => {
    indices.push(index)
    return tried(index)
  }
  const first = ask(0)
  if (!first) return { indices }
  const outwards = first === 'trains' ? STRIDE : -STRIDE
  let inside = 0
  let outside = outwards
  for (; ; outside += outwards) {
    if (Math.abs(outside) > REACH) {
      return { indices, open: first === 'trains' ? 'above' : 'below' }
    }
    const next = ask(outside)
    if (!next) return { indices }
    if (next !== first) break
    inside = outside
  }
  let [trains, fails] = first === 'trains' ? [inside, outside] : [outside, inside]
  while (fails - trains > 1) {
    const middle = Math.floor((trains + fails) / 2)
    const next = ask(middle)
    if (!next) return { indices }
    if (next === 'trains') trains = middle
    else fails = middle
  }
  return { indices, found: trains }
}

/** The rate of an index, in three digits: it stands in configurations and tables. */
export function rateAt(guess: number, index: number): number {
  return Number((guess * 2 ** (index / STEPS_PER_OCTAVE)).toPrecision(3))
}
