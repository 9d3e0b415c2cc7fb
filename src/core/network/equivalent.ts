import type { InputMap } from '../preprocessing/input'
import { decayKindOf } from './decay'
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

/** Whether a run has it at all: SGD has no epsilon, a run without weight decay none to move. */
export function has({ optimiser, weightDecay }: RunConfig, id: MovedId): boolean {
  if (id === 'epsilon') return 'epsilon' in optimiserOf(optimiser.id).parameters
  return id === 'decay' ? weightDecay.factor > 0 : true
}

/**
 * Factors on the first layer's kernel with which training on `scale` times an input is training on
 * the input, but for what is kept. Decoupled decay acts on the product of rate and factor: where the
 * rate stays, so does the factor.
 */
export function movedFactors(config: RunConfig, scale: number, keep?: MovedId): KernelFactors {
  const kind = decayKindOf(config)
  const exact = kernelFactors(1 / scale, config.optimiser.id, kind)
  const decay = keep === 'step' && kind === 'decoupled' ? 1 : exact.decay
  return { ...exact, decay, ...(keep && { [keep]: 1 }) }
}

/**
 * The run on `scale` times its input and `offset`, with its first layer moved along: the same
 * training where nothing is kept and there is no offset. With one it is the same network at the start,
 * for the first biases undo the offset; from then on the gradients of the kernel are others.
 */
export function equivalent(config: RunConfig, input: InputMap, keep?: MovedId): RunConfig {
  const factors = movedFactors(config, input.scale, keep)
  const first = (list: readonly number[], factor: number): number[] =>
    list.map((value, layer) => (layer === 0 ? value * factor : value))
  return {
    ...config,
    input,
    startBias: input.offset === 0 ? config.startBias : 'undo-offset',
    initFactors: first(config.initFactors, factors.init),
    stepFactors: first(config.stepFactors, factors.step),
    epsilonFactors: first(config.epsilonFactors, factors.epsilon),
    decayFactors: first(config.decayFactors, factors.decay)
  }
}
