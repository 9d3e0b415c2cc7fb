import { lowestOfKey } from './counting/count-floats'
import { channelLevels } from './counting/levels'
import type { Levels } from './counting/levels'
import type { Summary } from './summary'

/**
 * Quantiles of one channel's values by linear interpolation between order statistics (definition 7
 * of Hyndman & Fan 1996: the default of numpy.percentile and of scikit-learn's RobustScaler).
 * Exact unless the values are floats with more than 65,536 distinct ones: see `quantilesAreExact`.
 */
export function channelQuantiles(
  summary: Summary,
  channel: number,
  shares: readonly number[]
): number[] {
  const levels = channelLevels(summary, channel) ?? leadingLevels(summary, channel)
  return shares.map((share) => quantile(levels, share))
}

/** False where quantiles are read from bins by the float's leading 16 bits: off by at most 0.4 %. */
export function quantilesAreExact(summary: Summary): boolean {
  return summary.shape.dtype !== 'float32' || summary.values !== undefined
}

function quantile({ values, counts }: Levels, share: number): number {
  let total = 0
  for (const count of counts) total += count
  const position = share * (total - 1)
  const below = Math.floor(position)
  const part = position - below
  const low = valueAt(values, counts, below)
  if (part === 0) return low
  const high = valueAt(values, counts, below + 1)
  // as NumPy does, from the nearer end
  return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part)
}

function valueAt(values: Float64Array, counts: Float64Array, rank: number): number {
  let before = 0
  for (let i = 0; i < values.length; i++) {
    before += counts[i]!
    if (rank < before) return values[i]!
  }
  return values[values.length - 1]!
}

/** The middle of each occupied bin stands for its values. */
export function leadingLevels(summary: Summary, channel: number): Levels {
  const counts = summary.leadingCounts!.subarray(channel * 65536, (channel + 1) * 65536)
  const keys: number[] = []
  counts.forEach((count, key) => {
    if (count > 0) keys.push(key)
  })
  return {
    values: Float64Array.from(keys, (key) => (lowestOfKey(key) + lowestOfKey(key + 1)) / 2),
    counts: Float64Array.from(keys, (key) => counts[key]!)
  }
}
