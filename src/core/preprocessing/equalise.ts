import type { Applier } from './preprocessing'

/**
 * Histogram equalisation by the image's own cumulative distribution: x becomes the share of the
 * image's values in its channel that are <= x, in (0, 1]. A constant image becomes 1.
 */
export function equaliser(features: number, channels: number): Applier {
  const perChannel = features / channels
  const counts = new Float64Array(256)
  const sorted = new Float64Array(perChannel)
  return (image, out, outOffset = 0) => {
    for (let channel = 0; channel < channels; channel++) {
      if (countBytes(image, channel, features, channels, counts)) {
        for (let value = 1; value < 256; value++)
          counts[value] = counts[value]! + counts[value - 1]!
        for (let f = channel; f < features; f += channels) {
          out[outOffset + f] = counts[image[f]!]! / perChannel
        }
      } else {
        for (let k = 0; k < perChannel; k++) sorted[k] = image[channel + k * channels]!
        sorted.sort()
        for (let f = channel; f < features; f += channels) {
          out[outOffset + f] = notGreater(sorted, image[f]!) / perChannel
        }
      }
    }
  }
}

/** Counts each value of the channel; false where one of them is not a whole number in 0..255. */
function countBytes(
  image: ArrayLike<number>,
  channel: number,
  features: number,
  channels: number,
  counts: Float64Array
): boolean {
  counts.fill(0)
  for (let f = channel; f < features; f += channels) {
    const value = image[f]!
    if ((value & 255) !== value) return false
    counts[value] = counts[value]! + 1
  }
  return true
}

/** How many of the sorted values are <= value. */
function notGreater(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! <= value) low = middle + 1
    else high = middle
  }
  return low
}
