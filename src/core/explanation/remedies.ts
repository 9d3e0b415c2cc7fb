import type { RunConfig } from '../network/config'
import { INITIALISERS } from '../network/initialisers'
import { optimiserOf } from '../network/optimisers'
import { AS_CHOSEN } from '../preprocessing/input'
import type { RemedyRecord } from './finding-record'

/** The same run on standardised images; undefined where that is what it has. */
export function standardised(config: RunConfig): RunConfig | undefined {
  if (config.choice.id === 'standardised') return undefined
  return { ...config, choice: { id: 'standardised' }, input: AS_CHOSEN }
}

/** Glorot's weights, unscaled. */
function usualWeights(config: RunConfig): RunConfig {
  const [initialiser] = INITIALISERS
  const initFactors = config.initFactors.map(() => 1)
  return { ...config, initialiser: initialiser.id, initFactors }
}

/** The optimiser's usual rate, for all layers alike. */
function usualRate(config: RunConfig): RunConfig {
  const { learningRate } = optimiserOf(config.optimiser.id)
  return {
    ...config,
    stepFactors: config.stepFactors.map(() => 1),
    optimiser: { ...config.optimiser, learningRate }
  }
}

const isAbove = ({ optimiser }: RunConfig): boolean =>
  optimiser.learningRate > optimiserOf(optimiser.id).learningRate

function changedRate(config: RunConfig, times: number): RunConfig {
  const learningRate = config.optimiser.learningRate * times
  return { ...config, optimiser: { ...config.optimiser, learningRate } }
}

export const NEAR_ONE: RemedyRecord = {
  words: 'Standardise the images, or divide them so that they lie near 1.',
  test: 'Train the same network on standardised images.',
  change: standardised
}

export const USUAL_WEIGHTS: RemedyRecord = {
  words:
    'Start from weights made for the width of the layer (Glorot, He, LeCun), without a factor.',
  test: 'Train the same network with Glorot’s initial weights, without a factor.',
  change: usualWeights
}

export const LOWER_RATE: RemedyRecord = {
  words: 'Lower the learning rate: to the optimiser’s usual one, or by a factor of 10.',
  test: 'Train the same network with the lower rate.',
  change: (config) => (isAbove(config) ? usualRate(config) : changedRate(config, 0.1))
}

export const HIGHER_RATE: RemedyRecord = {
  words: 'Raise the learning rate: to the optimiser’s usual one, or by a factor of 10.',
  test: 'Train the same network with the higher rate.',
  change(config) {
    const usual = usualRate(config)
    const below = config.optimiser.learningRate < usual.optimiser.learningRate
    return below ? usual : changedRate(config, 10)
  }
}
