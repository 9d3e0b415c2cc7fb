import { featuresOf } from '../../dataset/dataset'
import type { Summary } from '../summary'
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
  const counts = channelCounts(summary, channel)
  return counts && occurring(counts)
}

/** How often value v occurs in the channel, at [v]; whole-number pixels only. */
function channelCounts(summary: Summary, channel: number): Float64Array | undefined {
  const { channels } = summary.shape
  if (summary.channelCounts) {
    const levels = summary.channelCounts.length / channels
    return summary.channelCounts.subarray(channel * levels, (channel + 1) * levels)
  }
  if (!summary.featureCounts) return undefined
  const counts = new Float64Array(256)
  const features = featuresOf(summary.shape)
  for (let feature = channel; feature < features; feature += channels) {
    for (let value = 0; value < 256; value++) {
      counts[value] = counts[value]! + summary.featureCounts[feature * 256 + value]!
    }
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
