import type { RunConfig } from '../../../core/network/config'
import { elements, pulledKernel } from '../../../core/network/layers/plan'
import type { NetworkPlan } from '../../../core/network/layers/plan'
import { sizeOfShape } from '../../../core/network/layers/shape'
import { normsByLayer, pulls } from '../gradients'
import { checkBatch, imagesPerPass, NATIVE_ROOM } from '../memory'
import { stepsResult } from '../session'
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
import { draws } from './network/network'
import { OPTIMISER_NODES } from './network/optimisers'
import { EVALUATE_OUTPUTS } from './passes'
import { buildProgram } from './program'
import type { Program } from './program'
import { rowChunks } from './rows'
import { GraphKeeper, heldOf } from './kept-graph'
import { hasKernels } from './tensorflow/binding'
import type { Feed, NativeGraph } from './tensorflow/runtime'
import type { SplitId } from './split'
import { STEP_OUTPUTS, STEPS_BEFORE, STEPS_UNDONE } from './steps'
import { byteTransform } from './transforms'

/** A training session inside TensorFlow; loads the graph and the images when made. */
export class NativeSession implements TrainingSession {
  readonly #config: RunConfig
  readonly #plan: NetworkPlan
  readonly #counts: Readonly<Record<SplitId, number>>
  readonly #program: Program
  readonly #graph: NativeGraph
  #end: (() => void) | undefined

  /**
   * @param chunk images of one call of a pass over a split
   * @param own whether the graph has operations of native/kernels
   * @param keeper takes the graph when the session is disposed of, for the next one
   */
  constructor(
    input: SessionInput,
    readonly chunk: number = imagesPerPass(input.plan, NATIVE_ROOM),
    own: boolean = hasKernels(),
    keeper?: GraphKeeper
  ) {
    const { config, plan, classes, train, test, preprocessing } = input
    const features = sizeOfShape(plan.input)
    checkImages('training', train, features, classes)
    checkImages('test', test, features, classes)
    checkBatch(plan, config.batch, train.count, NATIVE_ROOM)
    // Both splits are of one data set and so of one type of pixels.
    const transform = byteTransform(preprocessing, train.pixels)
    this.#config = config
    this.#plan = plan
    this.#counts = { train: train.count, test: test.count }
    this.#program = buildProgram({ config, plan, transform, own })
    const { bytes } = this.#program
    const held = heldOf(input, transform !== undefined)
    const { graph, filled } = (keeper ?? new GraphKeeper()).open(bytes, held)
    this.#graph = graph
    this.#end = keeper ? () => keeper.keep(bytes, held, graph) : () => graph.dispose()
    const constants = Object.entries(transform?.constants ?? {}).map(([name, values]): Feed => ({
      name: `transform_${name}`,
      shape: [values.length],
      values
    }))
    if (constants.length > 0) this.#graph.run(constants, ['transform_set'])
    if (filled) return
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

  state(): Weights {
    const names = this.#program.state.map(({ name }) => `read_${name}`)
    return this.#graph.run([], names) as Float32Array[]
  }

  restore(state: Weights): void {
    checkWeights(this.#program.state, state)
    const feeds = this.#program.state.map(({ name, shape }, at) => ({
      name: `set_${name}`,
      shape,
      values: state[at]!
    }))
    this.#graph.run(feeds, ['restored'])
  }

  steps(rows: Int32Array, firstStep: number): StepsResult {
    checkRows(rows, this.#counts.train)
    const { batch } = this.#config
    const steps = Math.floor(rows.length / batch)
    const whole = this.#stepsOf(batch, rows.subarray(0, steps * batch), firstStep)
    const left = rows.subarray(steps * batch)
    if (left.length === 0 || whole.firstNonFiniteStep !== undefined) return whole
    const last = this.#stepsOf(left.length, left, firstStep + steps)
    const bad = last.firstNonFiniteStep === undefined ? undefined : steps
    return stepsResult([...whole.each, ...last.each], bad)
  }

  /** Steps of so many images each. */
  #stepsOf(batch: number, rows: Int32Array, firstStep: number): StepsResult {
    if (rows.length === 0) return stepsResult([])
    const { finite, each } = this.#call(batch, rows, firstStep)
    if (finite) return stepsResult(each)
    const again = (steps: number) => {
      this.#graph.run([], [STEPS_UNDONE])
      return this.#call(batch, rows.subarray(0, steps * batch), firstStep)
    }
    // what is not finite stays so: the first bad step is found by halving
    let good = 0
    let bad = rows.length / batch
    while (bad - good > 1) {
      const middle = (good + bad) >> 1
      if (again(middle).finite) good = middle
      else bad = middle
    }
    return stepsResult(again(bad).each, bad - 1)
  }

  #call(batch: number, rows: Int32Array, firstStep: number) {
    const { optimiser } = this.#config
    const total = rows.length / batch
    const { rate } = OPTIMISER_NODES[optimiser.id]
    const rates = Float32Array.from(
      { length: total },
      (_, at) => rate?.(optimiser, firstStep + at + 1) ?? optimiser.learningRate
    )
    const feeds = [
      { name: 'steps_rows', shape: [total, batch], values: rows },
      { name: 'steps_rates', shape: [total], values: rates },
      ...(draws(this.#plan) ? [scalar(STEPS_BEFORE, firstStep)] : [])
    ]
    const out = this.#graph.run(feeds, STEP_OUTPUTS)
    return {
      finite: out[5]![0] === 1,
      each: Array.from(rates, (_, step) => sampleSums(batch, out, step))
    }
  }

  *evaluate(split: SplitId, greatest = false): Generator<Evaluation> {
    const names = EVALUATE_OUTPUTS.map((name) => `${split}_${name}`)
    const more = greatest ? this.#greatest(split) : []
    for (const { out, count } of this.#passes(this.#all(split), [...names, ...more])) {
      yield {
        ...sampleSums(count, out),
        guesses: out[names.length - 1] as Int32Array,
        ...(greatest ? { greatest: out.slice(names.length) as Float32Array[] } : {})
      }
    }
  }

  /** A unit with a pre-activation that is not a number may hide it: TensorFlow's maximum drops NaN. */
  *greatestPreactivations(): Generator<Float32Array[]> {
    for (const { out } of this.#passes(this.#all('train'), this.#greatest('train'))) {
      yield out as Float32Array[]
    }
  }

  *preactivations(probe: Probe): Generator<Float32Array[]> {
    const names = this.#plan.activated.map((_, at) => `${probe.split}_z${at}`)
    for (const { out } of this.#passes(probe, names)) yield out as Float32Array[]
  }

  gradientNorms(probe: Probe): number[] {
    const trained = this.#plan.parameters.flatMap(({ trained }, place) => (trained ? [place] : []))
    return normsByLayer(this.#plan, this.#gradients(probe, trained))
  }

  pull(probe: Probe): Float32Array | undefined {
    const place = pulledKernel(this.#plan)
    return place === undefined
      ? undefined
      : pulls(this.#gradients(probe, [place]).get(place)!, this.#plan.parameters[place]!)
  }

  read(): Weights {
    const names = this.#program.parameters.map(({ name }) => `read_${name}`)
    return this.#graph.run([], names) as Float32Array[]
  }

  dispose(): void {
    this.#end?.()
    this.#end = undefined
  }

  #greatest(split: SplitId): string[] {
    return this.#plan.activated.map((_, at) => `${split}_greatest_z${at}`)
  }

  #all(split: SplitId): Probe {
    return { split, rows: Int32Array.from({ length: this.#counts[split] }, (_, row) => row) }
  }

  /** Gradients of the mean loss over images with respect to some parameters, by their places. */
  #gradients({ split, rows }: Probe, places: readonly number[]): Map<number, Float32Array> {
    const { parameters } = this.#plan
    const sums = new Map(
      places.map((place) => [place, new Float32Array(elements(parameters[place]!))])
    )
    const names = places.map((place) => `${split}_gradient${place}`)
    for (const { out, count } of this.#passes({ split, rows }, names)) {
      const share = count / rows.length
      places.forEach((place, at) => {
        const sum = sums.get(place)!
        out[at]!.forEach((value, i) => (sum[i]! += share * value))
      })
    }
    return sums
  }

  *#passes({ split, rows }: Probe, outputs: readonly string[]) {
    if (outputs.length === 0) return
    for (let begin = 0; begin < rows.length; begin += this.chunk) {
      const chunk = rows.subarray(begin, begin + this.chunk)
      const out = this.#graph.run([list(`${split}_at`, chunk)], outputs)
      yield { out, count: chunk.length }
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
function sampleSums(samples: number, out: readonly Feed['values'][], step = 0): SampleSums {
  const [high, low, hits, zeroGradient, trapped] = out.map((values) => values[step]!) as [
    number,
    ...number[]
  ]
  return {
    samples,
    // a sum that is not finite has no meaningful lower part
    loss: Number.isFinite(high) ? high + low! : high,
    hits: hits!,
    zeroGradient: zeroGradient!,
    trapped: trapped!
  }
}
