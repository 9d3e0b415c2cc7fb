import type { RunConfig } from '../src/core/network/config'
import type { InitialiserRecord } from '../src/core/network/initialisers'
import { networkPlan } from '../src/core/network/layers/plan'
import { initialWeights } from '../src/core/network/weights'

/** Initial weights of a network on images of so many values in one row. */
export function startWeights(
  config: RunConfig,
  features: number,
  classes: number,
  table?: readonly InitialiserRecord[]
): Float32Array[] {
  return initialWeights(config, networkPlan(config, [1, 1, features], classes), table)
}
