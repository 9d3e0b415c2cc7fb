import type { PixelArray } from '../../../core/dataset/dataset'
import { applier } from '../../../core/preprocessing/apply'
import { formRecord } from '../../../core/preprocessing/forms/forms'
import type { LinearForm } from '../../../core/preprocessing/forms/linear'
import { AS_CHOSEN } from '../../../core/preprocessing/input'
import type { InputMap } from '../../../core/preprocessing/input'
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
 * forms that cost much are applied once and kept as float32.
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
  if (!formRecord(fitted.form).cost) return undefined
  const all = new Float32Array(count * features)
  const { apply, dispose } = chunkApplier(tf, fitted, features)
  for (let start = 0; start < count; start += CHUNK) {
    const end = Math.min(count, start + CHUNK)
    apply(pixels.subarray(start * features, end * features), all, start * features)
    await new Promise((resolve) => setImmediate(resolve))
  }
  dispose()
  return all
}

interface ChunkApplier {
  apply(images: PixelArray, out: Float32Array, outOffset: number): void
  dispose(): void
}

/** Several images at once: what TensorFlow.js is quicker at by its matrix product, else one by one. */
function chunkApplier(tf: Tf, fitted: FittedPreprocessing, features: number): ChunkApplier {
  const { form, after = AS_CHOSEN } = fitted
  if (form.kind === 'linear') return matrixApplier(tf, form, features, after)
  const one = applier(fitted)
  return {
    apply(images, out, outOffset) {
      for (let at = 0; at < images.length; at += features) {
        one(images.subarray(at, at + features), out, outOffset + at)
      }
    },
    dispose: () => undefined
  }
}

function matrixApplier(
  tf: Tf,
  { matrix, mean }: LinearForm,
  features: number,
  { scale, offset }: InputMap
): ChunkApplier {
  const held = tf.tensor2d(matrix, [features, features])
  return {
    apply(images, out, outOffset) {
      const centred = Float32Array.from(images, (value, i) => value - mean[i % features]!)
      // the matrix is symmetric: a row times it is it times the row
      const product = tf.tidy(() =>
        tf.matMul(tf.tensor2d(centred, [images.length / features, features]), held).dataSync()
      )
      product.forEach((value, i) => (out[outOffset + i] = scale * value + offset))
    },
    dispose: () => held.dispose()
  }
}
