import { featuresOf } from '../../dataset/dataset'
import type { FormRecord } from './form'

interface ImageRangeForm {
  readonly kind: 'image-range'
}

/** (x - min_i) / (max_i - min_i), 0 for a constant image */
export const IMAGE_RANGE: FormRecord<ImageRangeForm> = {
  kind: 'image-range',
  applier(_, shape) {
    const features = featuresOf(shape)
    return (image, out, outOffset = 0) => {
      let min = Infinity
      let max = -Infinity
      for (let f = 0; f < features; f++) {
        const value = image[f]!
        if (value < min) min = value
        if (value > max) max = value
      }
      const range = max > min ? max - min : 1
      for (let f = 0; f < features; f++) out[outOffset + f] = (image[f]! - min) / range
    }
  },
  // of whole numbers a range that is not 0 is at least 1
  imageAffine: () => ({ centre: 'min', divisor: 'range', least: 1 }),
  snippets: () => ({
    numpy: {
      before: [
        'least = x.min(axis=(1, 2, 3), keepdims=True)',
        'span = x.max(axis=(1, 2, 3), keepdims=True) - least'
      ],
      result: '(x - least) / np.where(span > 0, span, 1)'
    },
    keras: {
      before: [
        'least = keras.ops.min(x, axis=(1, 2, 3), keepdims=True)',
        'span = keras.ops.max(x, axis=(1, 2, 3), keepdims=True) - least'
      ],
      result: '(x - least) / keras.ops.where(span > 0, span, keras.ops.ones_like(span))'
    },
    pytorch: {
      before: [
        'least = x.amin(dim=(1, 2, 3), keepdim=True)',
        'span = x.amax(dim=(1, 2, 3), keepdim=True) - least'
      ],
      result: '(x - least) / torch.where(span > 0, span, torch.ones_like(span))'
    },
    tfjs: {
      before: [
        'const least = x.min([1, 2, 3], true)',
        'const span = x.max([1, 2, 3], true).sub(least)'
      ],
      result: 'x.sub(least).div(tf.where(span.greater(0), span, tf.onesLike(span)))'
    }
  })
}
