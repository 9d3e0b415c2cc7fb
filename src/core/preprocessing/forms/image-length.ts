import { featuresOf } from '../../dataset/dataset'
import { number } from '../snippet'
import type { FormRecord } from './form'

interface ImageLengthForm {
  readonly kind: 'image-length'
  readonly tiny: number
}

/** x / max(||x||_2, tiny) */
export const IMAGE_LENGTH: FormRecord<ImageLengthForm> = {
  kind: 'image-length',
  applier({ tiny }, shape) {
    const features = featuresOf(shape)
    return (image, out, outOffset = 0) => {
      let squares = 0
      for (let f = 0; f < features; f++) squares += image[f]! * image[f]!
      const length = Math.max(Math.sqrt(squares), tiny)
      for (let f = 0; f < features; f++) out[outOffset + f] = image[f]! / length
    }
  },
  imageAffine: ({ tiny }) => ({ centre: 'none', divisor: 'length', least: tiny }),
  snippets({ tiny }) {
    const least = number(tiny, 'numpy')
    return {
      numpy: {
        before: ['length = np.sqrt((x * x).sum(axis=(1, 2, 3), keepdims=True))'],
        result: `x / np.maximum(length, ${least})`
      },
      keras: {
        before: ['length = keras.ops.sqrt(keras.ops.sum(x * x, axis=(1, 2, 3), keepdims=True))'],
        result: `x / keras.ops.maximum(length, ${least})`
      },
      pytorch: {
        before: ['length = x.square().sum(dim=(1, 2, 3), keepdim=True).sqrt()'],
        result: `x / length.clamp(min=${least})`
      },
      tfjs: {
        before: ['const length = x.square().sum([1, 2, 3], true).sqrt()'],
        result: `x.div(length.maximum(${number(tiny, 'tfjs')}))`
      }
    }
  }
}
