import { featuresOf } from '../../dataset/dataset'
import { constant } from '../../numbers'
import { number } from '../snippet'
import type { FormRecord } from './form'

interface ImageStandardiseForm {
  readonly kind: 'image-standardise'
}

/** (x - mean_i) / max(std_i, 1/sqrt(D)): the floor keeps a constant image at 0. */
export const IMAGE_STANDARDISE: FormRecord<ImageStandardiseForm> = {
  kind: 'image-standardise',
  applier(_, shape) {
    const features = featuresOf(shape)
    const floor = 1 / Math.sqrt(features)
    return (image, out, outOffset = 0) => {
      let sum = 0
      for (let f = 0; f < features; f++) sum += image[f]!
      const mean = sum / features
      let squares = 0
      for (let f = 0; f < features; f++) {
        const deviation = image[f]! - mean
        squares += deviation * deviation
      }
      const divisor = Math.max(Math.sqrt(squares / features), floor)
      for (let f = 0; f < features; f++) out[outOffset + f] = (image[f]! - mean) / divisor
    }
  },
  imageAffine: (_, shape) => ({
    centre: 'mean',
    divisor: 'std',
    least: 1 / Math.sqrt(featuresOf(shape))
  }),
  describe: (_, shape) =>
    `(x - mean_i) / max(std_i, ${constant(1 / Math.sqrt(featuresOf(shape)))})`,
  snippets(_, shape) {
    const least = 1 / Math.sqrt(featuresOf(shape))
    const floor = number(least, 'numpy')
    return {
      numpy: {
        before: [
          'mean = x.mean(axis=(1, 2, 3), keepdims=True)',
          'std = x.std(axis=(1, 2, 3), keepdims=True)'
        ],
        result: `(x - mean) / np.maximum(std, ${floor})`
      },
      keras: [
        'import tensorflow as tf',
        '',
        '',
        'def preprocess(x):',
        '    # of whole numbers the function would rescale the range first',
        '    return tf.image.per_image_standardization(tf.cast(x, "float32"))'
      ],
      pytorch: {
        before: [
          'mean = x.mean(dim=(1, 2, 3), keepdim=True)',
          'std = x.std(dim=(1, 2, 3), unbiased=False, keepdim=True)'
        ],
        result: `(x - mean) / std.clamp(min=${floor})`
      },
      tfjs: {
        before: ['const { mean, variance } = tf.moments(x, [1, 2, 3], true)'],
        result: `x.sub(mean).div(variance.sqrt().maximum(${number(least, 'tfjs')}))`
      }
    }
  }
}
