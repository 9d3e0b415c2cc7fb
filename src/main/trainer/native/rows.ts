import type { PixelArray } from '../../../core/dataset/dataset'
import { applier } from '../../../core/preprocessing/apply'
import type { FittedPreprocessing } from '../../../core/preprocessing/preprocessing'
import type { ByteTransform } from './program'

/** How stored pixels get into the session, for one fitted preprocessing. */
export interface SessionRows {
  /** the transform that the graph does itself, on bytes; absent: `values` are transformed already */
  transform(pixels: PixelArray): ByteTransform | undefined
  /** count x D values for the session */
  values(pixels: PixelArray, count: number): Uint8Array | Float32Array
}

/**
 * Bytes under an affine choice stay bytes and are transformed step by step, which costs a few percent
 * and a quarter of the memory; everything else is transformed once, in float64, and kept as float32.
 */
export function featuresByForm(preprocessing: FittedPreprocessing): SessionRows {
  const { form, height, width, channels } = preprocessing
  const features = height * width * channels
  const asBytes = (pixels: PixelArray): pixels is Uint8Array =>
    pixels instanceof Uint8Array && form.kind === 'affine'
  return {
    transform(pixels) {
      if (form.kind !== 'affine' || !asBytes(pixels)) return undefined
      const spread = (list: readonly number[]): readonly number[] =>
        list.length === 1 || list.length === features
          ? list
          : Array.from({ length: features }, (_, at) => list[at % channels]!)
      return { centre: spread(form.centre), divisor: spread(form.divisor) }
    },
    values(pixels, count) {
      if (asBytes(pixels)) return pixels
      const apply = applier(preprocessing)
      const out = new Float32Array(count * features)
      for (let image = 0; image < count; image++) {
        const begin = image * features
        apply(pixels.subarray(begin, begin + features), out, begin)
      }
      return out
    }
  }
}
