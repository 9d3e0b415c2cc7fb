import { createRandom } from '../random'
import type { Random } from '../random'
import type { RunConfig } from './config'
import { INITIALISERS, initialiserOf } from './initialisers'
import type { InitialiserRecord, InitialiserValues } from './initialisers'
import { outputOf } from './outputs'
import { recordOf, valuesFrom } from './setting'

/**
 * Standard deviation of a standard normal cut off at two standard deviations.
 * Keras divides by it, so that a truncated distribution has the std it is named for.
 */
const TRUNCATED_STD = 0.87962566103423978

const DRAW: Readonly<Record<InitialiserRecord['kind'], (random: Random, std: number) => number>> = {
  uniform: (random, std) => (2 * random.uniform() - 1) * std * Math.sqrt(3),
  'truncated-normal': (random, std) => {
    let drawn = random.normal()
    while (Math.abs(drawn) > 2) drawn = random.normal()
    return (drawn * std) / TRUNCATED_STD
  },
  normal: (random, std) => random.normal() * std
}

/** Inputs and outputs of a layer. */
interface LayerSize {
  readonly inputs: number
  readonly outputs: number
}

/** Inputs and outputs of every layer: hidden layers first, output last. */
export function layerSizes(
  config: Pick<RunConfig, 'hidden'>,
  features: number,
  outputs: number
): LayerSize[] {
  const widths = [features, ...config.hidden, outputs]
  return widths.slice(1).map((width, layer) => ({ inputs: widths[layer]!, outputs: width }))
}

export function outputUnits(config: Pick<RunConfig, 'output'>, classes: number): number {
  return outputOf(config.output).units(classes)
}

type InitialConfig = Pick<
  RunConfig,
  'hidden' | 'initialiser' | 'initFactors' | 'seed' | 'input' | 'startBias'
> &
  InitialiserValues

/**
 * Initial weights, layer by layer: kernel (inputs x outputs, row-major), then bias (zeros, unless the
 * first one undoes the input's offset). They depend on the seed and the shape of the network only, so
 * every choice starts alike; a layer's factor multiplies its kernel.
 */
export function initialWeights(
  config: InitialConfig,
  features: number,
  outputs: number,
  table: readonly InitialiserRecord[] = INITIALISERS
): Float32Array[] {
  const record = recordOf(table, config.initialiser)
  const draw = DRAW[record.kind]
  const values = valuesFrom(record.parameters, config)
  return layerSizes(config, features, outputs).flatMap((size, layer) => {
    const random = createRandom(config.seed, `weights/${layer}`)
    const std = record.std(size.inputs, size.outputs, values)
    const factor = config.initFactors[layer] ?? 1
    const kernel = new Float32Array(size.inputs * size.outputs)
    for (let i = 0; i < kernel.length; i++) kernel[i] = draw(random, std) * factor
    const undone = layer === 0 && config.startBias === 'undo-offset' ? config.input.offset : 0
    return [kernel, undoing(undone, kernel, size.outputs)]
  })
}

/** Biases that take back what an offset of every input adds to each unit's sum. */
function undoing(offset: number, kernel: Float32Array, units: number): Float32Array {
  const sums = new Float64Array(units)
  if (offset !== 0) kernel.forEach((weight, i) => (sums[i % units]! -= offset * weight))
  return Float32Array.from(sums)
}

/** Standard deviation of the initial weights of a layer, its factor included. */
export function initialStd(
  config: InitialConfig,
  layer: number,
  { inputs, outputs }: LayerSize
): number {
  const record = initialiserOf(config.initialiser)
  const std = record.std(inputs, outputs, valuesFrom(record.parameters, config))
  return std * (config.initFactors[layer] ?? 1)
}
