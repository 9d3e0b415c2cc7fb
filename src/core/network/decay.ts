import type { RunConfig } from './config'
import { optimiserOf } from './optimisers'
import { recordOf } from './setting'
import { DECAYS } from './settings'
import type { DecayId } from './settings'

/** Weight decay of a layer's kernel: at most one of the two differs from 0. Biases have none. */
interface Decay {
  /** 2 x l2 x w is added to a kernel's gradient (Keras' l2 penalty l2 x sum of w^2) */
  readonly l2: number
  /**
   * rate x decoupled x w is taken from a kernel at each step, beside the optimiser's own step, with
   * the rate of that layer, its factor included (Loshchilov & Hutter 2019)
   */
  readonly decoupled: number
}

type Decaying = Pick<RunConfig, 'optimiser' | 'weightDecay'>

/** What the optimiser does with weight decay: AdamW decouples it by definition, whatever kind is named. */
export function decayKindOf({
  optimiser,
  weightDecay
}: {
  readonly optimiser: Pick<RunConfig['optimiser'], 'id'>
  readonly weightDecay: Pick<RunConfig['weightDecay'], 'kind'>
}): DecayId {
  return optimiserOf(optimiser.id).decay ?? weightDecay.kind
}

/** @param layer from 0; the output's is the last */
export function decayOf(config: Decaying & Pick<RunConfig, 'decayFactors'>, layer: number): Decay {
  const factor = config.weightDecay.factor * (config.decayFactors[layer] ?? 1)
  return { l2: 0, decoupled: 0, [decayKindOf(config)]: factor }
}

/** 'L2 penalty 0.01', 'decoupled decay 0.004', 'no weight decay'. */
export function decayText(config: Decaying): string {
  const { factor } = config.weightDecay
  return factor === 0
    ? 'no weight decay'
    : `${recordOf(DECAYS, decayKindOf(config)).label} ${factor}`
}
