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

const whole = ofSummary((summary): Levels[] | undefined => {
  const { channelCounts } = summary
  const { channels } = summary.shape
  if (channelCounts) {
    const levels = channelCounts.length / channels
    return Array.from({ length: channels }, (_, channel) =>
      occurring(channelCounts.subarray(channel * levels, (channel + 1) * levels))
    )
  }
  const places = placeLevels(summary)
  return places && byteCounts(places, channels).map(occurring)
})

/** The bytes that occur at each place, in ascending order: those of feature f are from starts[f] to starts[f + 1]. */
export interface PlaceLevels {
  /** D + 1 */
  readonly starts: Uint32Array
  readonly bytes: Uint8Array
  /** how often each occurs there */
  readonly counts: Counts
}

/** Undefined where the summary has no counts of each place. */
export const placeLevels = ofSummary(({ featureCounts: table }): PlaceLevels | undefined => {
  if (!table) return undefined
  const features = table.length / 256
  const starts = new Uint32Array(features + 1)
  const bytes = new Uint8Array(table.length)
  const counts = table.slice()
  let used = 0
  for (let at = 0; at < table.length; at++) {
    const count = table[at]!
    if (count > 0) {
      bytes[used] = at & 255
      counts[used++] = count
    }
    if ((at & 255) === 255) starts[(at >> 8) + 1] = used
  }
  return { starts, bytes: bytes.slice(0, used), counts: counts.slice(0, used) }
})

/** How often each byte occurs in each channel. */
function byteCounts({ starts, bytes, counts }: PlaceLevels, channels: number): Float64Array[] {
  const own = Array.from({ length: channels }, () => new Float64Array(256))
  for (let feature = 0; feature + 1 < starts.length; feature++) {
    const channel = own[feature % channels]!
    for (let i = starts[feature]!; i < starts[feature + 1]!; i++) {
      channel[bytes[i]!] = channel[bytes[i]!]! + counts[i]!
    }
  }
  return own
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
