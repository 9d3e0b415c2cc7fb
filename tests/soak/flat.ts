/** What is watched, its unit, and how much more of it there may be at the end: a share and an amount. */
export interface Watched {
  readonly name: string
  readonly unit?: string
  readonly share: number
  readonly amount: number
}

export interface Judged extends Watched {
  /** medians over the second and over the last quarter of the samples */
  readonly early: number
  readonly late: number
  readonly most: number
  readonly flat: boolean
}

/** Samples that quarters can be taken of. */
export const FEWEST_SAMPLES = 12

/**
 * Flat: the median of the last quarter is at most that of the second, and the allowed share and
 * amount more. The first quarter is left out: caches fill, code is compiled.
 */
export function judged(watched: Watched, samples: readonly number[]): Judged {
  if (samples.length < FEWEST_SAMPLES) {
    throw new Error(`${samples.length} samples of ${watched.name}; ${FEWEST_SAMPLES} at least`)
  }
  const quarter = Math.floor(samples.length / 4)
  const early = median(samples.slice(quarter, 2 * quarter))
  const late = median(samples.slice(-quarter))
  const most = early * (1 + watched.share) + watched.amount
  return { ...watched, early, late, most, flat: late <= most }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2
}
