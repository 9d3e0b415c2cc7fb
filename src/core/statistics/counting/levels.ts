import { ofSummary } from '../of-summary'
import type { Counts, Summary } from '../summary-types'
import { tableLevels } from './value-table'

/** Distinct values in ascending order and how often each occurs. */
export interface Levels {
  readonly values: Float64Array
  /** whole numbers; sum is images x height x width */
  readonly counts: Float64Array
}

/** Every value of one channel, exactly; undefined for floats with more than 65,536 distinct values. */
export function channelLevels(summary: Summary, channel: number): Levels | undefined {
  if (summary.values) return tableLevels(summary.values[channel]!)
  return whole(summary)?.[channel]
}

const whole = ofSummary(({ shape, channelCounts, featureCounts }): Levels[] | undefined => {
  const { channels } = shape
  if (channelCounts) {
    const levels = channelCounts.length / channels
    return Array.from({ length: channels }, (_, channel) =>
      occurring(channelCounts.subarray(channel * levels, (channel + 1) * levels))
    )
  }
  return featureCounts && byteCounts(featureCounts, channels).map(occurring)
})

/** How often each byte occurs in each channel. */
function byteCounts(table: Counts, channels: number): Float64Array[] {
  const counts = Array.from({ length: channels }, () => new Float64Array(256))
  for (let feature = 0; feature * 256 < table.length; feature++) {
    const own = counts[feature % channels]!
    for (let byte = 0; byte < 256; byte++) own[byte] = own[byte]! + table[feature * 256 + byte]!
  }
  return counts
}

function occurring(counts: Float64Array): Levels {
  let distinct = 0
  for (const count of counts) if (count > 0) distinct++
  const levels = { values: new Float64Array(distinct), counts: new Float64Array(distinct) }
  let at = 0
  for (let value = 0; value < counts.length; value++) {
    if (counts[value] === 0) continue
    levels.values[at] = value
    levels.counts[at++] = counts[value]!
  }
  return levels
}
