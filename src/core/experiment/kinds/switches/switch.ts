import { decayKindOf } from '../../../network/decay'
import type { RunConfig } from '../../../network/config'
import { kernelFactors } from '../../../network/input-scale'
import type { KernelFactors } from '../../../network/input-scale'
import { canonicalJson } from '../../../study/json'
import type { LayerFactorsKey } from '../../../network/settings'
import type { ExperimentFacts } from '../../kind'
import { relate } from './relation'
import type { Relation } from './relation'

/** Two settings that are compared, and how their inputs hang together. */
export interface Pair {
  readonly from: RunConfig
  readonly to: RunConfig
  readonly relation: Relation
}

/** Which part of the network's input, or of the first layer that gets it, a switch is about. */
type InputPart = 'form' | 'centring' | 'weights' | 'rate' | 'decay'

/** One thing in which two settings differ. */
export interface Switch {
  /** short and stable, for programs: 'loss' */
  readonly name: string
  /** within a sentence: 'the loss' */
  readonly noun: string
  /** what is done when it is switched on: 'First-layer weights ÷ 255' */
  readonly label: string
  /** of the input: together these make one setting's input the other's */
  readonly part?: InputPart
  /** of any other: the configuration with it switched on */
  readonly put?: (config: RunConfig) => RunConfig
  /** what the two settings are called by: 'exact loss' */
  readonly value?: (config: RunConfig) => string
}

/** A switch where two settings differ in it. */
export type SwitchRecord = (pair: Pair) => Switch | undefined

export const differ = (a: unknown, b: unknown): boolean => canonicalJson([a]) !== canonicalJson([b])

/** Keys that change no training, and the seed, which is each cell's own. */
export const MEASURED: readonly string[] = ['seed', 'probeImages', 'testChoices']

export function picked(config: RunConfig, keys: readonly string[]): Partial<RunConfig> {
  return Object.fromEntries(keys.map((key) => [key, config[key as keyof RunConfig]]))
}

/** What is measured beside the training, and the seed, is the first setting's. */
export function pairOf(from: RunConfig, to: RunConfig, facts: ExperimentFacts): Pair {
  const alike: RunConfig = { ...to, ...picked(from, MEASURED) }
  return { from, to: alike, relation: relate(from, alike, facts) }
}

export const firstOf = (config: RunConfig, key: LayerFactorsKey): number => config[key][0] ?? 1

/** The first layer's factors by which the first setting's input is as good as the second's. */
export function kernelOf({ to, relation }: Pair, config: RunConfig = to): KernelFactors {
  return kernelFactors(relation.ratio, config.optimiser.id, decayKindOf(config))
}

/**
 * The first setting with some switches on, on one seed. With all of them on it is the second setting
 * by the identity of scalings: the same training but for rounding.
 */
export function configWith(pair: Pair, on: readonly Switch[], seed: number): RunConfig {
  const config = on.reduce((made, { put }) => put?.(made) ?? made, pair.from)
  const parts = new Set(on.map(({ part }) => part))
  return { ...config, ...inputWith(pair, parts), ...firstLayerWith(pair, config, on), seed }
}

function inputWith(
  { from, to, relation: { ratio, shift } }: Pair,
  parts: ReadonlySet<InputPart | undefined>
): Pick<RunConfig, 'choice' | 'input' | 'startBias'> {
  const centred = parts.has('centring')
  if (!parts.has('form')) {
    const { scale, offset } = from.input
    const { choice, startBias } = from
    return { choice, startBias, input: { scale, offset: offset + (centred ? shift : 0) } }
  }
  // the second choice, brought to the first one's mean and spread
  const { choice, startBias, input } = to
  const offset = input.offset / ratio - (centred ? 0 : shift)
  return { choice, startBias, input: { scale: input.scale / ratio, offset } }
}

function firstLayerWith(
  pair: Pair,
  config: RunConfig,
  on: readonly Switch[]
): Pick<RunConfig, LayerFactorsKey> {
  const { from, to } = pair
  const parts = new Set(on.map(({ part }) => part))
  const kernel = kernelOf(pair, config)
  const decayed = parts.has('decay') || on.some(({ name }) => name === 'weight decay')
  const decoupled = decayKindOf(config) === 'decoupled'
  // decoupled decay acts by the product with the rate: it follows the rate
  const decay = (decoupled ? parts.has('rate') : decayed) ? kernel.decay : 1
  const first: Readonly<Record<LayerFactorsKey, number>> = {
    initFactors: parts.has('weights')
      ? kernel.init * firstOf(to, 'initFactors')
      : firstOf(from, 'initFactors'),
    stepFactors: parts.has('rate')
      ? kernel.step * firstOf(to, 'stepFactors')
      : firstOf(from, 'stepFactors'),
    epsilonFactors: parts.has('rate')
      ? kernel.epsilon * firstOf(to, 'epsilonFactors')
      : firstOf(from, 'epsilonFactors'),
    decayFactors:
      config.weightDecay.factor === 0
        ? firstOf(from, 'decayFactors')
        : decay * firstOf(decayed ? to : from, 'decayFactors')
  }
  const withFirst = (key: LayerFactorsKey): number[] => [first[key], ...config[key].slice(1)]
  return {
    initFactors: withFirst('initFactors'),
    stepFactors: withFirst('stepFactors'),
    epsilonFactors: withFirst('epsilonFactors'),
    decayFactors: withFirst('decayFactors')
  }
}

/** What of a setting's weight decay differs from the other's by itself. */
export function decayed(config: RunConfig, other: RunConfig): unknown {
  const { factor, kind } = config.weightDecay
  if (factor === 0) return 0
  return [config.optimiser.id === other.optimiser.id ? decayKindOf(config) : kind, factor]
}
