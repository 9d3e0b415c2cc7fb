import { NormscopeError } from '../../../core/error'
import type { NetworkPlan } from '../../../core/network/layers/plan'
import { sizeOfShape } from '../../../core/network/layers/shape'
import { plain } from '../../../core/numbers'

/** Images of one call of a pass over a split, at most. */
const MOST_IMAGES = 2000
/** Bytes of activations in one call of a pass over a split, and in one training step. */
const PASS_BYTES = 2 ** 28
const STEP_BYTES = 2 ** 30

/** Bytes of what all operations compute for one image. */
function activationBytes({ nodes }: NetworkPlan): number {
  const values = nodes.map(({ op, shape }) => (op === 'flatten' ? 0 : sizeOfShape(shape)))
  return values.reduce((sum, count) => sum + count, 0) * Float32Array.BYTES_PER_ELEMENT
}

export function imagesPerPass(plan: NetworkPlan): number {
  return Math.min(MOST_IMAGES, Math.max(1, Math.floor(PASS_BYTES / activationBytes(plan))))
}

/** @throws NormscopeError 'batch-too-large' */
export function checkBatch(plan: NetworkPlan, batch: number, images: number): void {
  const size = Math.min(batch, images)
  const bytes = size * activationBytes(plan)
  if (size === 1 || bytes <= STEP_BYTES) return
  const most = Math.max(1, Math.floor(STEP_BYTES / activationBytes(plan)))
  throw new NormscopeError({
    code: 'batch-too-large',
    message: `The activations of a batch of ${size} images take ${plain(bytes / 1e9)} GB; a step has ${plain(STEP_BYTES / 1e9)} GB for them.`,
    expected: `batches of at most ${most} images`,
    actual: `${size} images`,
    hint: `Take a batch of at most ${most}, or pool earlier.`
  })
}
