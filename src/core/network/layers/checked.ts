import { ImpossibleLayer } from './builder'
import { imagesOf, networkPlan } from './plan'
import type { NetworkConfig, NetworkPlan, PlannedConfig, PlannedImages, PlanLayer } from './plan'
import type { Shape } from './shape'

/** A plan, or the layer that cannot be and the layers before it, of whose work there is no share yet. */
export type Checked =
  | { readonly plan: NetworkPlan; readonly refused?: undefined }
  | {
      readonly plan?: undefined
      readonly refused: ImpossibleLayer
      readonly before: readonly PlanLayer[]
    }

/** networkPlan that gives its refusal back. */
export function checkedPlan(config: NetworkConfig, input: Shape, classes: number): Checked {
  const found = planned(config, input, classes)
  if (!(found instanceof ImpossibleLayer)) return { plan: found }
  const earlier = { ...config, layers: config.layers.slice(0, found.layer) }
  const before = planned(earlier, input, classes)
  return {
    refused: found,
    before: before instanceof ImpossibleLayer ? [] : before.layers.slice(0, found.layer)
  }
}

/** planOn that gives its refusal back. */
export function checkedOn(config: PlannedConfig, dataset: PlannedImages): Checked {
  return checkedPlan(config, ...imagesOf(config, dataset))
}

function planned(
  config: NetworkConfig,
  input: Shape,
  classes: number
): NetworkPlan | ImpossibleLayer {
  try {
    return networkPlan(config, input, classes)
  } catch (thrown) {
    if (thrown instanceof ImpossibleLayer) return thrown
    throw thrown
  }
}
