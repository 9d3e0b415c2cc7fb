import type { RunConfig } from '../../../core/network/config'
import type { NetworkPlan } from '../../../core/network/layers/plan'
import { initialWeights } from '../../../core/network/weights'
import { canonicalJson } from '../../../core/study/json'
import type { OpenSet } from '../dataset/open-set'

interface Drawn {
  readonly key: string
  readonly weights: readonly Float32Array[]
}

/** One network a set: its weights may be large. */
const latest = new WeakMap<OpenSet, Drawn>()

/** Initial weights of a network on a set, drawn once for all its choices and pictures. */
export function initialWeightsOf(
  set: OpenSet,
  { choice: _, epochs: __, ...config }: RunConfig,
  plan: NetworkPlan
): readonly Float32Array[] {
  const key = canonicalJson(config)
  const known = latest.get(set)
  if (known?.key === key) return known.weights
  const weights = initialWeights(config, plan)
  latest.set(set, { key, weights })
  return weights
}
