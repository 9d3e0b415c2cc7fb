import { NormscopeError } from '../../../core/error'
import { activationBytes, stepBytes } from '../../../core/network/layers/memory'
import type { NetworkPlan } from '../../../core/network/layers/plan'
import { plain } from '../../../core/numbers'

/** Images of one call of a pass over a split, at most. */
const MOST_IMAGES = 2000
/** Activations in one call of a pass over a split. */
const PASS_BYTES = 2 ** 28
/** What a training step may take. */
const STEP_BYTES = 2 ** 31

export function imagesPerPass(plan: NetworkPlan): number {
  return Math.min(MOST_IMAGES, Math.max(1, Math.floor(PASS_BYTES / activationBytes(plan))))
}

/** @throws NormscopeError 'batch-too-large' */
export function checkBatch(plan: NetworkPlan, batch: number, images: number): void {
  const size = Math.min(batch, images)
  const bytes = stepBytes(plan, size)
  if (bytes <= STEP_BYTES) return
  const [one, none] = [stepBytes(plan, 1), stepBytes(plan, 0)]
  const most = Math.floor((STEP_BYTES - none) / (one - none))
  const gigabytes = (count: number): string => `${plain(count / 1e9, 3)} GB`
  throw new NormscopeError({
    code: 'batch-too-large',
    message: `A step of ${size} images takes about ${gigabytes(bytes)} of memory; a trainer has ${gigabytes(STEP_BYTES)} for it.`,
    expected: `at most ${Math.max(most, 0)} images a step`,
    actual: `${size} images`,
    hint: most > 0 ? `Take a batch of at most ${most}, or pool earlier.` : 'Take fewer units.'
  })
}
