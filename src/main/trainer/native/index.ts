import { NormscopeError } from '../../../core/error'
import type {
  CreateSession,
  SampleSums,
  SessionInput,
  StepsResult,
  TrainingSession,
  Weights
} from '../session'
import { loadBinding } from './binding'
import { rateOf } from './optimisers'
import { buildProgram, EVALUATE_OUTPUTS, STEP_OUTPUTS } from './program'
import type { Program } from './program'
import { featuresByForm } from './rows'
import { NativeGraph } from './runtime'
import type { Feed } from './runtime'

/** Images per call of a forward pass over a split. */
const CHUNK = 2000

/** Version of the loaded libtensorflow; loads it. */
export function nativeVersion(): string {
  return loadBinding().TF_Version
}

/** A session that runs a whole configuration inside one TensorFlow graph, many steps a call. */
export const createNativeSession: CreateSession = async (input) => {
  checkLabels(input)
  const rows = featuresByForm(input.preprocessing)
  const program = buildProgram({
    config: input.config,
    features: input.features,
    classes: input.classes,
    transform: rows.transform(input.train.pixels)
  })
  const session = new NativeSession(input, program)
  for (const name of ['train', 'test'] as const) {
    const { pixels, labels, count } = input[name]
    session.set(`${name}_rows`, [count, input.features], rows.values(pixels, count))
    session.set(`${name}_labels`, [count], labels)
  }
  return session
}

class NativeSession implements TrainingSession {
  readonly #graph: NativeGraph
  readonly #layers: number

  constructor(
    readonly input: SessionInput,
    readonly program: Program
  ) {
    this.#graph = new NativeGraph(program.bytes)
    this.#layers = program.sizes.length - 1
  }

  set(name: string, shape: readonly number[], values: Feed['values']): void {
    this.#graph.run([{ name: `set_${name}`, shape, values }], [`done_${name}`])
  }

  initialise(weights: Weights): void {
    const initial = new Map(
      weights.map((values, at) => [`${at % 2 ? 'bias' : 'kernel'}${at >> 1}`, values])
    )
    for (const { name, shape } of this.program.variables) {
      const size = shape.reduce((product, side) => product * side, 1)
      const values = initial.get(name) ?? new Float32Array(size)
      if (values.length !== size) {
        throw new RangeError(`${name} expects ${size} weights, not ${values.length}`)
      }
      this.set(name, shape, values)
    }
  }

  steps(rows: Int32Array, firstStep: number): StepsResult {
    const { batch, optimiser } = this.input.config
    const total = Math.ceil(rows.length / batch)
    const rates = Float32Array.from({ length: total }, (_, at) =>
      rateOf(optimiser, firstStep + at + 1)
    )
    const out = this.#graph.run(
      [
        { name: 'steps_rows', shape: [rows.length], values: rows },
        scalar('steps_row_count', rows.length),
        scalar('steps_batch', batch),
        { name: 'steps_rates', shape: [total], values: rates },
        scalar('steps_total', total)
      ],
      STEP_OUTPUTS
    )
    const bad = out[4]![0]!
    return {
      ...sampleSums(bad < 0 ? rows.length : Math.min(rows.length, (bad + 1) * batch), out),
      ...(bad < 0 ? {} : { firstNonFiniteStep: bad })
    }
  }

  evaluate(split: 'train' | 'test'): SampleSums {
    const total = { samples: 0, loss: 0, hits: 0, zeroGradient: 0 }
    const names = EVALUATE_OUTPUTS.map((name) => `${split}_${name}`)
    this.#chunks(split, this.input[split].count, names, (out, count) => {
      const part = sampleSums(count, out)
      total.samples += count
      total.loss += part.loss
      total.hits += part.hits
      total.zeroGradient += part.zeroGradient
    })
    return total
  }

  greatestPreactivations(): Float32Array[] {
    const greatest = this.#hiddenUnits().map((units) => new Float32Array(units).fill(-Infinity))
    const names = greatest.map((_, at) => `train_greatest_z${at}`)
    this.#chunks('train', this.input.train.count, names, (out) => {
      out.forEach((values, layer) => {
        const kept = greatest[layer]!
        for (let unit = 0; unit < kept.length; unit++) {
          // A NaN is never greater, so a unit that is not a number anywhere must say so itself.
          if (values[unit]! > kept[unit]! || Number.isNaN(values[unit])) kept[unit] = values[unit]!
        }
      })
    })
    return greatest
  }

  preactivations(count: number): Float32Array[] {
    const images = Math.min(count, this.input.test.count)
    const found = this.#hiddenUnits().map((units) => new Float32Array(images * units))
    const names = found.map((_, at) => `test_z${at}`)
    this.#chunks('test', images, names, (out, _count, begin) => {
      out.forEach((values, at) => found[at]!.set(values, begin * this.program.sizes[at + 1]!))
    })
    return found
  }

  gradientNorms(count: number): number[] {
    const images = Math.min(count, this.input.test.count)
    const names = Array.from({ length: this.#layers }, (_, at) => `test_norm${at}`)
    return this.#graph
      .run([scalar('test_begin', 0), scalar('test_count', images)], names)
      .map((values) => values[0]!)
  }

  read(): Weights {
    const names = Array.from({ length: this.#layers }, (_, at) => [
      `read_kernel${at}`,
      `read_bias${at}`
    ]).flat()
    return this.#graph.run([], names) as Float32Array[]
  }

  dispose(): void {
    this.#graph.dispose()
  }

  #hiddenUnits(): readonly number[] {
    return this.program.sizes.slice(1, -1)
  }

  #chunks(
    split: 'train' | 'test',
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

function sampleSums(
  samples: number,
  [high, low, hits, zero]: readonly Feed['values'][]
): SampleSums {
  return {
    samples,
    // a non-finite sum has no meaningful lower part
    loss: Number.isFinite(high![0]!) ? high![0]! + low![0]! : high![0]!,
    hits: hits![0]!,
    zeroGradient: zero![0]!
  }
}

/** A label outside the classes would fail deep inside a step. */
function checkLabels({ train, test, classes }: SessionInput): void {
  for (const { labels } of [train, test]) {
    const odd = labels.findIndex((label) => !(label >= 0 && label < classes))
    if (odd < 0) continue
    throw new NormscopeError({
      code: 'label-out-of-range',
      message: `Image ${odd} has label ${labels[odd]}; labels are expected from 0 to ${classes - 1}.`,
      expected: `0 to ${classes - 1}`,
      actual: String(labels[odd])
    })
  }
}
