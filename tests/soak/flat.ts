/** What is watched, its unit, and by how much it may rise in a minute. */
export interface Watched {
  readonly name: string
  readonly unit?: string
  /** a minute: what surely rises by more is a leak */
  readonly most: number
}

export interface Point {
  readonly minute: number
  readonly value: number
}

interface Line {
  readonly mean: number
  /** a minute */
  readonly slope: number
  /** to either side of the slope: it lies there 95 times of 100 */
  readonly within: number
}

export interface Judged extends Watched, Line {
  readonly flat: boolean
}

/** Points of the second half that a slope can be taken of. */
export const FEWEST_POINTS = 8

/**
 * Flat: the slope over the second half is not surely more than is allowed, or one of that half's two
 * parts does not rise: a leak is in both, a step of the allocator in one. The first half is left out:
 * code is compiled, caches fill.
 */
export function judged(watched: Watched, points: readonly Point[]): Judged {
  const last = points.at(-1)?.minute ?? 0
  const half = points.filter(({ minute }) => minute >= last / 2)
  if (half.length < FEWEST_POINTS) {
    throw new Error(`${half.length} late samples of ${watched.name}; ${FEWEST_POINTS} at least`)
  }
  const middle = Math.floor(half.length / 2)
  const parts = [half.slice(0, middle), half.slice(middle)].map(lineThrough)
  const line = lineThrough(half)
  const rises = line.slope - line.within > watched.most
  return {
    ...watched,
    ...line,
    flat: !(rises && parts.every((part) => part.slope > watched.most / 4))
  }
}

function lineThrough(points: readonly Point[]): Line {
  const minute = meanOf(points.map((point) => point.minute))
  const mean = meanOf(points.map((point) => point.value))
  const spread = sum(points.map((point) => (point.minute - minute) ** 2))
  const slope = sum(points.map((point) => (point.minute - minute) * (point.value - mean))) / spread
  const rests = points.map((point) => point.value - mean - slope * (point.minute - minute))
  const squares = sum(rests.map((rest) => rest * rest))
  const freedom = points.length - 2
  const error = Math.sqrt(squares / freedom / spread)
  return { mean, slope, within: student(freedom) * error * inflation(rests, squares) }
}

/** Student's t at 97.5 %: its expansion about the normal 1.96. */
function student(freedom: number): number {
  return 1.96 + 2.372 / freedom + 2.823 / freedom ** 2
}

/**
 * Samples that hang together, as of memory that rises in steps, tell less than as many that do not: the
 * error of a first-order autoregression.
 */
function inflation(rests: readonly number[], squares: number): number {
  if (squares === 0) return 1
  const pairs = sum(rests.slice(1).map((rest, at) => rest * rests[at]!))
  const lag = Math.min(0.9, Math.max(0, pairs / squares))
  return Math.sqrt((1 + lag) / (1 - lag))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0)
}

function meanOf(values: readonly number[]): number {
  return sum(values) / values.length
}
