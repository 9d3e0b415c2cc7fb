import type { InputMap } from '../preprocessing/input'
import { decayKindOf } from './decay'
import { firstLayer, isNormalisationSpec } from './layers/first-layer'
import type { RunConfig } from './config'
import { kernelFactors } from './input-scale'
import type { KernelFactors } from './input-scale'
import { optimiserOf } from './optimisers'

/** What of the first layer's kernel moves with the scale of its input, in the order in which it is told. */
export const MOVED = [
  { id: 'init', name: 'initial weights' },
  { id: 'step', name: 'learning rate' },
  { id: 'epsilon', name: 'epsilon' },
  { id: 'decay', name: 'weight decay' }
] as const

export type MovedId = (typeof MOVED)[number]['id']

/**
 * Whether a run has it at all: SGD has no epsilon, a run without weight decay none to move, and behind a
 * normalisation of the input nothing of the first layer depends on the input's size.
 */
export function has(config: RunConfig, id: MovedId): boolean {
  const { optimiser, weightDecay } = config
  if (firstLayer(config).before !== undefined) return false
  if (id === 'epsilon') return 'epsilon' in optimiserOf(optimiser.id).parameters
  return id === 'decay' ? weightDecay.factor > 0 : true
}

const UNMOVED: KernelFactors = { init: 1, step: 1, epsilon: 1, decay: 1 }

/**
 * Factors on the first layer's kernel with which training on `scale` times an input is training on
 * the input, but for what is kept. Decoupled decay acts on the product of rate and factor: where the
 * rate stays, so does the factor.
 */
export function movedFactors(config: RunConfig, scale: number, keep?: MovedId): KernelFactors {
  if (firstLayer(config).before !== undefined) return UNMOVED
  const kind = decayKindOf(config)
  const exact = kernelFactors(1 / scale, config.optimiser.id, kind)
  const decay = keep === 'step' && kind === 'decoupled' ? 1 : exact.decay
  return { ...exact, decay, ...(keep && { [keep]: 1 }) }
}

/** What is in the way of moving the first layer along: its kernels share their factors. */
export function cannotMove(config: Pick<RunConfig, 'layers'>): boolean {
  const { kind, before } = firstLayer(config)
  return kind === 'residual' && before === undefined
}

/**
 * Whether an offset of the input changes nothing in training: a normalisation takes it away, of the input, or
 * a batch normalisation of what the first layer makes of it. With zeros around the image it stays at the border.
 */
export function offsetVanishes(config: Pick<RunConfig, 'layers'>): boolean {
  const { at, before, behind, padded } = firstLayer(config)
  const dropout = config.layers.slice(0, before ?? at).some(({ kind }) => kind === 'dropout')
  return !dropout && (before !== undefined || (behind === 'batch-norm' && !padded))
}

/**
 * The run on `scale` times its input and `offset`, with its first layer moved along: the same
 * training where nothing is kept and there is no offset. With one it is the same network at the start,
 * for the first biases undo the offset; from then on the gradients of the kernel are others. Behind a
 * normalisation of the input, its epsilon alone moves: with the square, as the variance does.
 */
export function equivalent(config: RunConfig, input: InputMap, keep?: MovedId): RunConfig {
  const { before } = firstLayer(config)
  if (before !== undefined) {
    const layers = config.layers.map((layer, at) =>
      at === before && isNormalisationSpec(layer)
        ? { ...layer, epsilon: layer.epsilon * input.scale ** 2 }
        : layer
    )
    return { ...config, input, layers }
  }
  const factors = movedFactors(config, input.scale, keep)
  const first = (list: readonly number[], factor: number): number[] =>
    list.map((value, layer) => (layer === 0 ? value * factor : value))
  return {
    ...config,
    input,
    startBias: input.offset === 0 || offsetVanishes(config) ? config.startBias : 'undo-offset',
    initFactors: first(config.initFactors, factors.init),
    stepFactors: first(config.stepFactors, factors.step),
    epsilonFactors: first(config.epsilonFactors, factors.epsilon),
    decayFactors: first(config.decayFactors, factors.decay)
  }
}
