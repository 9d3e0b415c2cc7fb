import type { RunConfig } from './config'
import { optimiserOf } from './optimisers'

/** Weight decay of a run: at most one of the two differs from 0. Kernels only. */
export interface Decay {
  /** 2 x l2 x w is added to a kernel's gradient (Keras' l2 penalty l2 x sum of w^2) */
  readonly l2: number
  /** rate x decoupled x w is taken from a kernel at each step, beside the optimiser's own step (Loshchilov & Hutter 2019) */
  readonly decoupled: number
}

/** AdamW means decoupled decay by definition, whatever kind the configuration names. */
export function decayOf({
  optimiser,
  weightDecay
}: Pick<RunConfig, 'optimiser' | 'weightDecay'>): Decay {
  const { kind, factor } = weightDecay
  return { l2: 0, decoupled: 0, [optimiserOf(optimiser.id).decay ?? kind]: factor }
}
