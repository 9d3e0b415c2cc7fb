import { featuresOf } from '../../dataset/dataset'
import type { Applier, FormRecord } from './form'

interface ImageEqualiseForm {
  readonly kind: 'image-equalise'
}

/** x -> share of the image's values (per channel) that are <= x */
export const IMAGE_EQUALISE: FormRecord<ImageEqualiseForm> = {
  kind: 'image-equalise',
  cost: 'sorting',
  applier: (_, shape) => equaliser(featuresOf(shape), shape.channels),
  imageLevels(_, shape) {
    const perChannel = shape.height * shape.width
    return (counts, levels) => {
      for (let at = 0; at < counts.length; at += 256) {
        let below = 0
        for (let byte = 0; byte < 256; byte++) {
          below += counts[at + byte]!
          levels[at + byte] = below / perChannel
        }
      }
    }
  },
  snippets: () => ({
    numpy: {
      fit: [
        '',
        'def at_most(channel):  # share of its values that are not greater',
        '    flat = channel.ravel()',
        '    return (np.searchsorted(np.sort(flat), flat, side="right") / flat.size).reshape(channel.shape)'
      ],
      result:
        'np.stack([np.stack([at_most(image[..., c]) for c in range(x.shape[-1])], axis=-1) for image in x])'
    },
    pytorch: {
      before: [
        'flat = x.flatten(start_dim=2).contiguous()',
        'at_most = torch.searchsorted(flat.sort(dim=-1).values, flat, right=True)'
      ],
      result: '(at_most / flat.shape[-1]).reshape(x.shape)'
    },
    tfjs: TFJS
  })
}

const TFJS = [
  "import * as tf from '@tensorflow/tfjs'",
  '',
  'const preprocess = (images) => {',
  '  const [count, height, width, channels] = images.shape',
  '  const pixels = height * width',
  '  const x = images.dataSync()',
  '  const y = new Float32Array(x.length)',
  '  for (let image = 0; image < count; image++) {',
  '    for (let channel = 0; channel < channels; channel++) {',
  '      const at = (pixel) => (image * pixels + pixel) * channels + channel',
  '      const sorted = Float32Array.from({ length: pixels }, (_, pixel) => x[at(pixel)]).sort()',
  '      // share of the values that are not greater',
  '      const atMost = new Map(Array.from(sorted, (value, i) => [value, (i + 1) / pixels]))',
  '      for (let pixel = 0; pixel < pixels; pixel++) y[at(pixel)] = atMost.get(x[at(pixel)])',
  '    }',
  '  }',
  '  return tf.tensor(y, images.shape)',
  '}'
]

/**
 * Histogram equalisation by the image's own cumulative distribution: x becomes the share of the
 * image's values in its channel that are <= x, in (0, 1]. A constant image becomes 1.
 */
function equaliser(features: number, channels: number): Applier {
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
