import type { RunConfig } from '../../../core/network/config'
import { sizeOfShape } from '../../../core/network/layers/shape'
import { addSums, NO_SAMPLES } from '../session'
import type {
  Evaluation,
  LabelledImages,
  Probe,
  SampleSums,
  SessionInput,
  StepsResult,
  TrainingSession,
  Weights
} from '../session'
import { checkImages, checkRows, checkWeights } from './checks'
import { OPTIMISER_NODES } from './network/optimisers'
import { EVALUATE_OUTPUTS } from './passes'
import { buildProgram } from './program'
import type { Program } from './program'
import { rowChunks } from './rows'
import { NativeGraph } from './tensorflow/runtime'
import type { Feed } from './tensorflow/runtime'
import type { SplitId } from './split'
import { STEP_OUTPUTS } from './steps'
import { byteTransform } from './transforms'

/** Images of one call of a forward pass over a split. */
const CHUNK = 2000

/** A training session inside TensorFlow; loads the graph and the images when made. */
export class NativeSession implements TrainingSession {
  readonly #config: RunConfig
  readonly #counts: Readonly<Record<SplitId, number>>
  readonly #program: Program
  readonly #graph: NativeGraph

  constructor(input: SessionInput) {
    const { config, plan, classes, train, test, preprocessing } = input
    const features = sizeOfShape(plan.input)
    checkImages('training', train, features, classes)
    checkImages('test', test, features, classes)
    // Both splits are of one data set and so of one type of pixels.
    const transform = byteTransform(preprocessing, train.pixels)
    this.#config = config
    this.#counts = { train: train.count, test: test.count }
    this.#program = buildProgram({ config, plan, transform })
    this.#graph = new NativeGraph(this.#program.bytes)
    const constants = Object.entries(transform?.constants ?? {}).map(([name, values]): Feed => ({
      name: `transform_${name}`,
      shape: [values.length],
      values
    }))
    if (constants.length > 0) this.#graph.run(constants, ['transform_set'])
    const put = (name: SplitId, images: LabelledImages): void => {
      this.#graph.run([scalar(`${name}_total`, images.count)], [`${name}_make`])
      for (const chunk of rowChunks(images, preprocessing, transform)) {
        const feeds = [
          scalar(`${name}_put_begin`, chunk.begin),
          { name: `${name}_put_rows`, shape: [chunk.count, features], values: chunk.values },
          { name: `${name}_put_labels`, shape: [chunk.count], values: chunk.labels }
        ]
        this.#graph.run(feeds, [`${name}_put`])
      }
    }
    put('train', train)
    put('test', test)
  }

  initialise(weights: Weights): void {
    const { parameters } = this.#program
    checkWeights(parameters, weights)
    const feeds = parameters.map(({ name, shape }, at) => ({
      name: `set_${name}`,
      shape,
      values: weights[at]!
    }))
    this.#graph.run(feeds, ['initialised'])
  }

  steps(rows: Int32Array, firstStep: number): StepsResult {
    checkRows(rows, this.#counts.train)
    const { batch, optimiser } = this.#config
    const total = Math.ceil(rows.length / batch)
    const { rate } = OPTIMISER_NODES[optimiser.id]
    const rates = Float32Array.from(
      { length: total },
      (_, at) => rate?.(optimiser, firstStep + at + 1) ?? optimiser.learningRate
    )
    const feeds = [
      list('steps_rows', rows),
      scalar('steps_batch', batch),
      { name: 'steps_rates', shape: [total], values: rates }
    ]
    const out = this.#graph.run(feeds, STEP_OUTPUTS)
    const bad = out[5]![0]!
    return bad < 0
      ? sampleSums(rows.length, out)
      : {
          ...sampleSums(Math.min(rows.length, (bad + 1) * batch), out),
          firstNonFiniteStep: bad
        }
  }

  evaluate(split: SplitId): Evaluation {
    let total = NO_SAMPLES
    const guesses = new Int32Array(this.#counts[split])
    const names = EVALUATE_OUTPUTS.map((name) => `${split}_${name}`)
    this.#chunks(this.#all(split), names, (out, count, begin) => {
      total = addSums(total, sampleSums(count, out))
      guesses.set(out[5]!, begin)
    })
    return { ...total, guesses }
  }

  /** A unit with a pre-activation that is not a number may hide it: TensorFlow's maximum drops NaN. */
  greatestPreactivations(): Float32Array[] {
    const { hidden } = this.#program
    const greatest = hidden.map((units) => new Float32Array(units).fill(-Infinity))
    const names = hidden.map((_, layer) => `train_greatest_z${layer}`)
    this.#chunks(this.#all('train'), names, (out) => {
      out.forEach((values, layer) => {
        const kept = greatest[layer]!
        values.forEach((value, unit) => (kept[unit] = Math.max(kept[unit]!, value)))
      })
    })
    return greatest
  }

  preactivations(probe: Probe): Float32Array[] {
    const { hidden } = this.#program
    const found = hidden.map((units) => new Float32Array(probe.rows.length * units))
    const names = hidden.map((_, layer) => `${probe.split}_z${layer}`)
    this.#chunks(probe, names, (out, _count, begin) => {
      out.forEach((values, layer) => found[layer]!.set(values, begin * hidden[layer]!))
    })
    return found
  }

  gradientNorms({ split, rows }: Probe): number[] {
    const names = [...this.#program.hidden, undefined].map((_, layer) => `${split}_norm${layer}`)
    return this.#graph.run([list(`${split}_at`, rows)], names).map((values) => values[0]!)
  }

  pull({ split, rows }: Probe): Float32Array {
    const [pull] = this.#graph.run([list(`${split}_at`, rows)], [`${split}_pull`])
    return pull as Float32Array
  }

  read(): Weights {
    const names = this.#program.parameters.map(({ name }) => `read_${name}`)
    return this.#graph.run([], names) as Float32Array[]
  }

  dispose(): void {
    this.#graph.dispose()
  }

  #all(split: SplitId): Probe {
    return { split, rows: Int32Array.from({ length: this.#counts[split] }, (_, row) => row) }
  }

  #chunks(
    { split, rows }: Probe,
    outputs: readonly string[],
    take: (out: readonly Feed['values'][], count: number, begin: number) => void
  ): void {
    if (outputs.length === 0) return
    for (let begin = 0; begin < rows.length; begin += CHUNK) {
      const chunk = rows.subarray(begin, begin + CHUNK)
      take(this.#graph.run([list(`${split}_at`, chunk)], outputs), chunk.length, begin)
    }
  }
}

function scalar(name: string, value: number): Feed {
  return { name, shape: [], values: Int32Array.of(value) }
}

function list(name: string, values: Int32Array): Feed {
  return { name, shape: [values.length], values }
}

/** From the first five outputs of EVALUATE_OUTPUTS or STEP_OUTPUTS. */
function sampleSums(
  samples: number,
  [high, low, hits, zero, trapped]: readonly Feed['values'][]
): SampleSums {
  return {
    samples,
    // a sum that is not finite has no meaningful lower part
    loss: Number.isFinite(high![0]!) ? high![0]! + low![0]! : high![0]!,
    hits: hits![0]!,
    zeroGradient: zero![0]!,
    trapped: trapped![0]!
  }
}
