import { createRandom } from '../random'
import type { Random } from '../random'
import type { RunConfig } from './config'
import { INITIALISERS, initialiserOf } from './initialisers'
import type { InitialiserRecord, InitialiserValues } from './initialisers'
import { elements } from './layers/plan'
import type { NetworkPlan } from './layers/plan'
import type { ParameterRole, PlanParameter } from './layers/builder'
import { recordOf, valuesFrom } from './setting'

/**
 * Standard deviation of a standard normal cut off at two standard deviations.
 * Keras divides by it, so that a truncated distribution has the std it is named for.
 */
export const TRUNCATED_STD = 0.87962566103423978

const DRAW: Readonly<Record<InitialiserRecord['kind'], (random: Random, std: number) => number>> = {
  uniform: (random, std) => (2 * random.uniform() - 1) * std * Math.sqrt(3),
  'truncated-normal': (random, std) => {
    let drawn = random.normal()
    while (Math.abs(drawn) > 2) drawn = random.normal()
    return (drawn * std) / TRUNCATED_STD
  },
  normal: (random, std) => random.normal() * std
}

type InitialConfig = Pick<
  RunConfig,
  'initialiser' | 'initFactors' | 'seed' | 'input' | 'startBias'
> &
  InitialiserValues

/** What moments and biases start from. */
const START: Readonly<Record<Exclude<ParameterRole, 'kernel'>, number>> = {
  bias: 0,
  scale: 1,
  shift: 0,
  mean: 0,
  variance: 1
}

/**
 * Initial values of a plan's parameters, in its order: kernels row-major, biases zeros, unless the
 * first one undoes the input's offset. They depend on the seed and the shape of the network only, so
 * every choice starts alike; a layer's factor multiplies its kernels.
 */
export function initialWeights(
  config: InitialConfig,
  plan: Pick<NetworkPlan, 'parameters'>,
  table: readonly InitialiserRecord[] = INITIALISERS
): Float32Array[] {
  const record = recordOf(table, config.initialiser)
  const draw = DRAW[record.kind]
  const values = valuesFrom(record.parameters, config)
  const made: Float32Array[] = []
  for (const parameter of plan.parameters) {
    const { role, kernel, factor = 0, fans } = parameter
    const numbers = new Float32Array(elements(parameter))
    const before = plan.parameters[made.length - 1]
    if (role === 'kernel' && fans) {
      const random = createRandom(config.seed, `weights/${kernel}`)
      const std = record.std(fans.inputs, fans.outputs, values)
      const times = config.initFactors[factor] ?? 1
      for (let i = 0; i < numbers.length; i++) numbers[i] = draw(random, std) * times
    } else if (role !== 'kernel' && START[role] !== 0) {
      numbers.fill(START[role])
    } else if (role === 'bias' && before?.kernel === 0 && config.startBias === 'undo-offset') {
      numbers.set(undoing(config.input.offset, made[made.length - 1]!, numbers.length))
    }
    made.push(numbers)
  }
  return made
}

/** Biases that take back what an offset of every input adds to each unit's sum. */
function undoing(offset: number, kernel: Float32Array, units: number): Float32Array {
  const sums = new Float64Array(units)
  if (offset !== 0) kernel.forEach((weight, i) => (sums[i % units]! -= offset * weight))
  return Float32Array.from(sums)
}

/** Standard deviation of a kernel's initial weights, its layer's factor included. */
export function initialStd(
  config: InitialConfig,
  { inputs, outputs }: NonNullable<PlanParameter['fans']>,
  factor = 0
): number {
  const record = initialiserOf(config.initialiser)
  const std = record.std(inputs, outputs, valuesFrom(record.parameters, config))
  return std * (config.initFactors[factor] ?? 1)
}
