import { applier } from '../../../core/preprocessing/apply'
import type { FittedPreprocessing } from '../../../core/preprocessing/preprocessing'
import type { LabelledImages } from '../session'
import type { Tensor2D, Tf } from './tensors'

/** The preprocessed images of a split, a few at a time. */
export interface Rows {
  /** rows x features, in the order asked for; the caller disposes it */
  take(rows: ArrayLike<number>): Tensor2D
}

/**
 * Rows kept as stored and preprocessed when taken, which costs little time and no memory;
 * the two forms that cost much are applied once and kept as float32.
 */
export async function createRows(
  tf: Tf,
  fitted: FittedPreprocessing,
  images: LabelledImages,
  features: number
): Promise<Rows> {
  const kept = await keepCostly(tf, fitted, images, features)
  const apply = kept ? undefined : applier(fitted)
  return {
    take(rows) {
      const values = new Float32Array(rows.length * features)
      for (let i = 0; i < rows.length; i++) {
        const from = rows[i]! * features
        if (kept) values.set(kept.subarray(from, from + features), i * features)
        else apply!(images.pixels.subarray(from, from + features), values, i * features)
      }
      return tf.tensor2d(values, [rows.length, features])
    }
  }
}

/** Images between two pauses for messages. */
const CHUNK = 500

async function keepCostly(
  tf: Tf,
  fitted: FittedPreprocessing,
  { count, pixels }: LabelledImages,
  features: number
): Promise<Float32Array | undefined> {
  const { form } = fitted
  if (form.kind !== 'linear' && form.kind !== 'image-equalise') return undefined
  const all = new Float32Array(count * features)
  const equalise = form.kind === 'image-equalise' ? applier(fitted) : undefined
  const matrix = form.kind === 'linear' ? tf.tensor2d(form.matrix, [features, features]) : undefined
  for (let start = 0; start < count; start += CHUNK) {
    const end = Math.min(count, start + CHUNK)
    if (equalise) {
      for (let at = start * features; at < end * features; at += features) {
        equalise(pixels.subarray(at, at + features), all, at)
      }
    } else if (form.kind === 'linear') {
      const centred = new Float32Array((end - start) * features)
      for (let i = 0; i < centred.length; i++) {
        centred[i] = pixels[start * features + i]! - form.mean[i % features]!
      }
      // the matrix is symmetric: a row times it is it times the row
      const product = tf.tidy(() =>
        tf.matMul(tf.tensor2d(centred, [end - start, features]), matrix!).dataSync()
      )
      all.set(product, start * features)
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  matrix?.dispose()
  return all
}
