import { applier } from '../../../core/preprocessing/apply'
import type { FittedPreprocessing } from '../../../core/preprocessing/preprocessing'
import type { LabelledImages } from '../session'
import type { ByteTransform } from './transforms'

/** Images copied into the session at once. */
const CHUNK = 2048

/** Consecutive images as the session stores them. */
interface RowChunk {
  readonly begin: number
  readonly count: number
  /** count x D: bytes as they are, or float32, transformed; valid until the next chunk */
  readonly values: Uint8Array | Float32Array
  readonly labels: Int32Array
}

export function* rowChunks(
  { count, pixels, labels }: LabelledImages,
  preprocessing: FittedPreprocessing,
  transform: ByteTransform | undefined
): Generator<RowChunk> {
  const features = preprocessing.height * preprocessing.width * preprocessing.channels
  const room = transform ? undefined : new Float32Array(Math.min(count, CHUNK) * features)
  const apply = transform ? undefined : applier(preprocessing)
  for (let begin = 0; begin < count; begin += CHUNK) {
    const size = Math.min(CHUNK, count - begin)
    const chunk = { begin, count: size, labels: labels.subarray(begin, begin + size) }
    const stored = pixels.subarray(begin * features, (begin + size) * features)
    if (!room || !apply) {
      yield { ...chunk, values: stored as Uint8Array }
      continue
    }
    for (let at = 0; at < size * features; at += features) {
      apply(stored.subarray(at, at + features), room, at)
    }
    yield { ...chunk, values: room.subarray(0, size * features) }
  }
}
