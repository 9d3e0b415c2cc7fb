import type { RunConfig } from '../../../network/config'
import { decayKindOf } from '../../../network/decay'
import type { MovedId } from '../../../network/equivalent'
import { kernelFactors } from '../../../network/input-scale'
import { firstLayer } from '../../../network/layers/first-layer'
import { recordOf } from '../../../network/setting'

/** A setting that is varied against the scale of the input. */
interface MapAxis<Id extends string = string> {
  readonly id: Id
  /** within a sentence */
  readonly name: string
  /** of the first layer's kernel, where the rest moves with the scale */
  readonly moved: MovedId
  /** the value from which the map begins, at scale 1 */
  base(config: RunConfig): number
  /** the setting of the whole run */
  set(config: RunConfig, value: number): RunConfig
  /** a factor on the setting of the first layer's kernel alone */
  setFirst(config: RunConfig, factor: number): RunConfig
}

/** Weight decay from which a map begins where the run has none. */
const USUAL_DECAY = 1e-4

const first = (list: readonly number[], value: number): number[] => [value, ...list.slice(1)]

export const MAP_AXES = [
  {
    id: 'rate',
    name: 'learning rate',
    moved: 'step',
    base: ({ optimiser }) => optimiser.learningRate,
    set: (config, learningRate) => ({
      ...config,
      optimiser: { ...config.optimiser, learningRate }
    }),
    setFirst: (config, factor) => ({ ...config, stepFactors: first(config.stepFactors, factor) })
  },
  {
    id: 'init',
    name: 'factor on the first layer’s initial weights',
    moved: 'init',
    base: ({ initFactors }) => initFactors[0] ?? 1,
    set: (config, value) => ({ ...config, initFactors: first(config.initFactors, value) }),
    setFirst: (config, factor) => ({ ...config, initFactors: first(config.initFactors, factor) })
  },
  {
    id: 'decay',
    name: 'weight decay',
    moved: 'decay',
    base: ({ weightDecay: { factor } }) => (factor > 0 ? factor : USUAL_DECAY),
    set: (config, factor) => ({ ...config, weightDecay: { ...config.weightDecay, factor } }),
    setFirst: (config, factor) => ({ ...config, decayFactors: first(config.decayFactors, factor) })
  }
] as const satisfies readonly MapAxis[]

type MapAxisId = (typeof MAP_AXES)[number]['id']

export function mapAxisOf(id: MapAxisId): MapAxis<MapAxisId> {
  return recordOf<MapAxis<MapAxisId>>(MAP_AXES, id)
}

/**
 * The power of the scale that the best setting goes with. Where a normalisation of the input or behind the first
 * layer takes the scale away, the loss is the same function of the weights at any scale, but for its epsilon: 0.
 * Else that of the first layer in equivalent training; where the rest of it moves along, that holds behind a normalisation too.
 */
export function predictedPower(config: RunConfig, axis: MapAxisId, rest: 'stay' | 'move'): number {
  const { before, behind } = firstLayer(config)
  if (before !== undefined || (rest === 'stay' && behind !== undefined)) return 0
  return kernelPower(config, axis)
}

/** The power of the scale that the setting of the first layer goes with in equivalent training. */
export function kernelPower(config: RunConfig, axis: MapAxisId): number {
  const { moved } = mapAxisOf(axis)
  const factors = kernelFactors(1 / 2, config.optimiser.id, decayKindOf(config))
  return Math.log2(factors[moved])
}
