import type { InitialiserId, RunConfig } from './config'
import { createRandom } from '../random'
import type { Random } from '../random'

/** A distribution of initial weights; biases start at 0 with every one of them. */
export interface InitialiserRecord {
  readonly id: InitialiserId
  readonly name: string
  /** std or limit as a formula in n_in and n_out */
  readonly formula: string
  readonly source: string
  readonly kind: 'uniform' | 'truncated-normal' | 'normal'
  /**
   * The weights' standard deviation; of a uniform distribution the limit is sqrt(3) times as much.
   * `std` is the configuration's, for 'normal' only.
   */
  std(inputs: number, outputs: number, std: number): number
}

/**
 * Standard deviation of a standard normal cut off at two standard deviations.
 * Keras divides by it, so that a truncated distribution has the std it is named for.
 */
export const TRUNCATED_STD = 0.87962566103423978

export const INITIALISERS: readonly InitialiserRecord[] = [
  {
    id: 'glorot-uniform',
    name: 'Glorot uniform',
    formula: 'U(-a, a), a = sqrt(6 / (n_in + n_out))',
    source: 'Glorot & Bengio 2010',
    kind: 'uniform',
    std: (inputs, outputs) => Math.sqrt(2 / (inputs + outputs))
  },
  {
    id: 'glorot-normal',
    name: 'Glorot normal',
    formula: 'truncated N(0, s), s = sqrt(2 / (n_in + n_out))',
    source: 'Glorot & Bengio 2010',
    kind: 'truncated-normal',
    std: (inputs, outputs) => Math.sqrt(2 / (inputs + outputs))
  },
  {
    id: 'he-uniform',
    name: 'He uniform',
    formula: 'U(-a, a), a = sqrt(6 / n_in)',
    source: 'He et al. 2015',
    kind: 'uniform',
    std: (inputs) => Math.sqrt(2 / inputs)
  },
  {
    id: 'he-normal',
    name: 'He normal',
    formula: 'truncated N(0, s), s = sqrt(2 / n_in)',
    source: 'He et al. 2015',
    kind: 'truncated-normal',
    std: (inputs) => Math.sqrt(2 / inputs)
  },
  {
    id: 'lecun-normal',
    name: 'LeCun normal',
    formula: 'truncated N(0, s), s = sqrt(1 / n_in)',
    source: 'LeCun, Bottou, Orr & Müller 1998',
    kind: 'truncated-normal',
    std: (inputs) => Math.sqrt(1 / inputs)
  },
  {
    id: 'normal',
    name: 'Normal',
    formula: 'N(0, s), s as given',
    source: 'Keras RandomNormal',
    kind: 'normal',
    std: (_inputs, _outputs, std) => std
  }
]

export function initialiserRecord(id: InitialiserId): InitialiserRecord {
  return INITIALISERS.find((record) => record.id === id)!
}

const DRAW: Readonly<Record<InitialiserRecord['kind'], (random: Random, std: number) => number>> = {
  uniform: (random, std) => (2 * random.uniform() - 1) * std * Math.sqrt(3),
  'truncated-normal': (random, std) => {
    let drawn = random.normal()
    while (Math.abs(drawn) > 2) drawn = random.normal()
    return (drawn * std) / TRUNCATED_STD
  },
  normal: (random, std) => random.normal() * std
}

/** Inputs and outputs of every layer: hidden layers first, output last. */
export function layerSizes(
  config: Pick<RunConfig, 'hidden'>,
  features: number,
  outputs: number
): { readonly inputs: number; readonly outputs: number }[] {
  const widths = [features, ...config.hidden, outputs]
  return widths.slice(1).map((width, layer) => ({ inputs: widths[layer]!, outputs: width }))
}

/** Output units: one for two classes with a sigmoid, else one per class. */
export function outputUnits(config: Pick<RunConfig, 'output'>, classes: number): number {
  return config.output === 'sigmoid' ? 1 : classes
}

/**
 * Initial weights, layer by layer: kernel (inputs x outputs, row-major), then bias (zeros).
 * They depend on the seed and the shape of the network only, so every choice starts alike;
 * a layer's factor multiplies its kernel.
 */
export function initialWeights(
  config: Pick<RunConfig, 'hidden' | 'initialiser' | 'initialStd' | 'initFactors' | 'seed'>,
  features: number,
  outputs: number
): Float32Array[] {
  const record = initialiserRecord(config.initialiser)
  const draw = DRAW[record.kind]
  return layerSizes(config, features, outputs).flatMap((size, layer) => {
    const random = createRandom(config.seed, `weights/${layer}`)
    const std = record.std(size.inputs, size.outputs, config.initialStd)
    const factor = config.initFactors[layer] ?? 1
    const kernel = new Float32Array(size.inputs * size.outputs)
    for (let i = 0; i < kernel.length; i++) kernel[i] = draw(random, std) * factor
    return [kernel, new Float32Array(size.outputs)]
  })
}
