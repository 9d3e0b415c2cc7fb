import { NormscopeError } from '../../core/error'
import { activationBytes, stepBytes } from '../../core/network/layers/memory'
import type { NetworkPlan } from '../../core/network/layers/plan'
import { plain } from '../../core/numbers'

/** Images of one call of a pass over a split, at most. */
const MOST_IMAGES = 2000

/** Memory by count, as stepBytes counts it. */
export interface Room {
  /** activations in one call of a pass over a split */
  readonly pass: number
  /** what a training step may take */
  readonly step: number
}

export const NATIVE_ROOM: Room = { pass: 2 ** 28, step: 2 ** 31 }
/** WebAssembly has 2 GB in all, and tfjs takes up to four times what is counted. */
export const PORTABLE_ROOM: Room = { pass: 2 ** 26, step: 2 ** 28 }

export function imagesPerPass(plan: NetworkPlan, { pass }: Room): number {
  return Math.min(MOST_IMAGES, Math.max(1, Math.floor(pass / activationBytes(plan))))
}

/** @throws NormscopeError 'batch-too-large' */
export function checkBatch(plan: NetworkPlan, batch: number, images: number, room: Room): void {
  const size = Math.min(batch, images)
  const bytes = stepBytes(plan, size)
  if (bytes <= room.step) return
  const [one, none] = [stepBytes(plan, 1), stepBytes(plan, 0)]
  const most = Math.floor((room.step - none) / (one - none))
  const gigabytes = (count: number): string => `${plain(count / 1e9, 3)} GB`
  throw new NormscopeError({
    code: 'batch-too-large',
    message: `A step of ${size} images takes about ${gigabytes(bytes)} of memory; a trainer has ${gigabytes(room.step)} for it.`,
    expected: `at most ${Math.max(most, 0)} images a step`,
    actual: `${size} images`,
    hint: most > 0 ? `Take a batch of at most ${most}, or pool earlier.` : 'Take fewer units.'
  })
}
