import type { RunConfig } from '../../../core/network/config'
import { addSums, NO_SAMPLES } from '../session'
import type {
  LabelledImages,
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
    const { config, features, classes, train, test, preprocessing } = input
    checkImages('training', train, features, classes)
    checkImages('test', test, features, classes)
    // Both splits are of one data set and so of one type of pixels.
    const transform = byteTransform(preprocessing, train.pixels)
    this.#config = config
    this.#counts = { train: train.count, test: test.count }
    this.#program = buildProgram({ config, features, classes, transform })
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
      { name: 'steps_rows', shape: [rows.length], values: rows },
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

  evaluate(split: SplitId): SampleSums {
    let total = NO_SAMPLES
    const names = EVALUATE_OUTPUTS.map((name) => `${split}_${name}`)
    this.#chunks(split, this.#counts[split], names, (out, count) => {
      total = addSums(total, sampleSums(count, out))
    })
    return total
  }

  /** A unit with a pre-activation that is not a number may hide it: TensorFlow's maximum drops NaN. */
  greatestPreactivations(): Float32Array[] {
    const { hidden } = this.#program
    const greatest = hidden.map((units) => new Float32Array(units).fill(-Infinity))
    const names = hidden.map((_, layer) => `train_greatest_z${layer}`)
    this.#chunks('train', this.#counts.train, names, (out) => {
      out.forEach((values, layer) => {
        const kept = greatest[layer]!
        values.forEach((value, unit) => (kept[unit] = Math.max(kept[unit]!, value)))
      })
    })
    return greatest
  }

  preactivations(count: number): Float32Array[] {
    const { hidden } = this.#program
    const images = Math.min(count, this.#counts.test)
    const found = hidden.map((units) => new Float32Array(images * units))
    const names = hidden.map((_, layer) => `test_z${layer}`)
    this.#chunks('test', images, names, (out, _count, begin) => {
      out.forEach((values, layer) => found[layer]!.set(values, begin * hidden[layer]!))
    })
    return found
  }

  gradientNorms(count: number): number[] {
    const images = Math.min(count, this.#counts.test)
    const names = [...this.#program.hidden, undefined].map((_, layer) => `test_norm${layer}`)
    const feeds = [scalar('test_begin', 0), scalar('test_count', images)]
    return this.#graph.run(feeds, names).map((values) => values[0]!)
  }

  read(): Weights {
    const names = this.#program.parameters.map(({ name }) => `read_${name}`)
    return this.#graph.run([], names) as Float32Array[]
  }

  dispose(): void {
    this.#graph.dispose()
  }

  #chunks(
    split: SplitId,
    images: number,
    outputs: readonly string[],
    take: (out: readonly Feed['values'][], count: number, begin: number) => void
  ): void {
    if (outputs.length === 0) return
    for (let begin = 0; begin < images; begin += CHUNK) {
      const count = Math.min(CHUNK, images - begin)
      const feeds = [scalar(`${split}_begin`, begin), scalar(`${split}_count`, count)]
      take(this.#graph.run(feeds, outputs), count, begin)
    }
  }
}

function scalar(name: string, value: number): Feed {
  return { name, shape: [], values: Int32Array.of(value) }
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
