import { activationBytes, batchFault, MOST_STEP_BYTES } from '../../core/network/layers/memory'
import type { NetworkPlan } from '../../core/network/layers/plan'

/** Images of one call of a pass over a split, at most. */
const MOST_IMAGES = 2000

/** Memory by count, as stepBytes counts it. */
export interface Room {
  /** activations in one call of a pass over a split; more are slower too, as they leave the caches */
  readonly pass: number
  /** what a training step may take */
  readonly step: number
}

export const NATIVE_ROOM: Room = { pass: 2 ** 25, step: MOST_STEP_BYTES }
/** WebAssembly has 2 GB in all, and tfjs takes up to four times what is counted. */
export const PORTABLE_ROOM: Room = { pass: 2 ** 26, step: 2 ** 28 }

export function imagesPerPass(plan: NetworkPlan, { pass }: Room): number {
  return Math.min(MOST_IMAGES, Math.max(1, Math.floor(pass / activationBytes(plan))))
}

/** @throws NormscopeError 'batch-too-large' */
export function checkBatch(plan: NetworkPlan, batch: number, images: number, room: Room): void {
  const fault = batchFault(plan, Math.min(batch, images), room.step)
  if (fault) throw fault
}
