import type { ActivationId } from '../../../core/network/activations'
import type { RunConfig } from '../../../core/network/config'
import { elements, pulledKernel } from '../../../core/network/layers/plan'
import type { NetworkPlan } from '../../../core/network/layers/plan'
import { sizeOfShape } from '../../../core/network/layers/shape'
import { normsByLayer, pulls } from '../gradients'
import type { Gradients } from '../gradients'
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
import { EVALUATE_OUTPUTS, gradientOf, greatestAt, LOOK_AT, preactivationsAt } from './passes'
import { buildProgram } from './program'
import type { Program, StateValue } from './program'
import { rowChunks } from './rows'
import { GraphKeeper, heldOf } from './kept-graph'
import { hasKernels } from './tensorflow/binding'
import type { Feed, NativeGraph } from './tensorflow/runtime'
import { STEP_OUTPUTS, STEPS_BEFORE, STEPS_UNDONE } from './steps'
import { byteTransform } from './transforms'

type SplitId = Probe['split']

/** TensorFlow fuses an activation with what is before it where nobody else reads that; others then round otherwise. */
const FUSED_ALIKE: ReadonlySet<ActivationId> = new Set(['relu', 'linear'])

/** Where a split lies among the stored images. */
interface Place {
  readonly begin: number
  readonly count: number
}

/** A training session inside TensorFlow; loads the graph and the images when made. */
export class NativeSession implements TrainingSession {
  readonly #config: RunConfig
  readonly #plan: NetworkPlan
  readonly #splits: Readonly<Record<SplitId, Place>>
  /** of the input, set with the weights */
  readonly #constants: readonly Feed[]
  readonly #program: Program
  readonly #graph: NativeGraph
  /** whether pre-activations can be asked for beside all else, and nothing changes by that */
  readonly #alike: boolean
  /** gradients with the present weights, of the images that they were asked for last */
  #looked: { readonly probe: Probe; readonly gradients: Gradients } | undefined
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
    this.#alike = plan.activated.every(({ activation }) => FUSED_ALIKE.has(activation))
    this.#splits = {
      train: { begin: 0, count: train.count },
      test: { begin: train.count, count: test.count }
    }
    this.#program = buildProgram({ config, plan, transform, own })
    const { bytes } = this.#program
    const held = heldOf(input, transform !== undefined)
    const { graph, filled } = (keeper ?? new GraphKeeper()).open(bytes, held)
    this.#graph = graph
    this.#end = keeper ? () => keeper.keep(bytes, held, graph) : () => graph.dispose()
    this.#constants = Object.entries(transform?.constants ?? {}).map(([name, values]): Feed => ({
      name: `transform_${name}`,
      shape: [values.length],
      values
    }))
    if (filled) return
    this.#graph.run([scalar('images_total', train.count + test.count)], ['images_make'])
    const put = (images: LabelledImages, first: number): void => {
      for (const chunk of rowChunks(images, preprocessing, transform)) {
        const feeds = [
          scalar('images_begin', first + chunk.begin),
          { name: 'images_rows', shape: [chunk.count, features], values: chunk.values },
          { name: 'images_labels', shape: [chunk.count], values: chunk.labels }
        ]
        this.#graph.run(feeds, ['images_put'])
      }
    }
    put(train, this.#splits.train.begin)
    put(test, this.#splits.test.begin)
  }

  initialise(weights: Weights): void {
    this.#set(this.#program.parameters, weights, 'initialised')
  }

  state(): Weights {
    const names = this.#program.state.map(({ name }) => `read_${name}`)
    return this.#graph.run([], names) as Float32Array[]
  }

  restore(state: Weights): void {
    this.#set(this.#program.state, state, 'restored')
  }

  /** With the input's constants, which a graph that was kept has of another run. */
  #set(of: readonly StateValue[], values: Weights, done: string): void {
    checkWeights(of, values)
    const feeds = of.map(({ name, shape }, at) => ({
      name: `set_${name}`,
      shape,
      values: values[at]!
    }))
    const constants = this.#constants.length > 0 ? ['transform_set'] : []
    this.#graph.run([...feeds, ...this.#constants], [done, ...constants])
    this.#looked = undefined
  }

  steps(rows: Int32Array, firstStep: number): StepsResult {
    checkRows(rows, this.#splits.train.count)
    this.#looked = undefined
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
    const names = EVALUATE_OUTPUTS
    // each kind of call has a plan, which TensorFlow takes longer to make than such a maximum
    const more = greatest || this.#alike ? this.#plan.activated.map((_, at) => greatestAt(at)) : []
    for (const { out, count } of this.#passes(this.#all(split), [...names, ...more])) {
      yield {
        ...sampleSums(count, out),
        guesses: out[names.length - 1] as Int32Array,
        ...(greatest ? { greatest: out.slice(names.length) as Float32Array[] } : {})
      }
    }
  }

  /** A unit with a pre-activation that is not a number may hide it: TensorFlow's maximum drops NaN. */
  *greatestPreactivations(): Generator<readonly Float32Array[]> {
    if (this.#plan.activated.length === 0) return
    for (const { greatest } of this.evaluate('train', true)) yield greatest!
  }

  *preactivations(probe: Probe): Generator<Float32Array[]> {
    const names = this.#plan.activated.map((_, at) => preactivationsAt(at))
    if (names.length === 0) return
    const places = this.#alike && this.#known(probe) === undefined ? this.#trained() : []
    const sums = this.#sums(places)
    let left = probe.rows.length
    for (const { out, count } of this.#passes(probe, [...names, ...places.map(gradientOf)])) {
      addShares(sums, out.slice(names.length), count / probe.rows.length)
      left -= count
      // before the last are given, for who has those need not come back
      if (places.length > 0 && left === 0) this.#looked = { probe, gradients: sums }
      yield out.slice(0, names.length) as Float32Array[]
    }
  }

  gradientNorms(probe: Probe): number[] {
    return normsByLayer(this.#plan, this.#gradients(probe, this.#trained()))
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

  /** Places of the parameters that are trained. */
  #trained(): number[] {
    return this.#plan.parameters.flatMap(({ trained }, place) => (trained ? [place] : []))
  }

  #all(split: SplitId): Probe {
    return { split, rows: new Int32Array(this.#splits[split].count).map((_, row) => row) }
  }

  /** Gradients of the mean loss over images with respect to some parameters, by their places. */
  #gradients(probe: Probe, places: readonly number[]): Gradients {
    const known = this.#known(probe)
    if (known && places.every((place) => known.has(place))) return known
    const sums = this.#sums(places)
    for (const { out, count } of this.#passes(probe, places.map(gradientOf))) {
      addShares(sums, out, count / probe.rows.length)
    }
    this.#looked = { probe, gradients: sums }
    return sums
  }

  #known({ split, rows }: Probe): Gradients | undefined {
    const { probe, gradients } = this.#looked ?? {}
    return probe?.split === split && probe.rows === rows ? gradients : undefined
  }

  #sums(places: readonly number[]): Map<number, Float32Array> {
    const { parameters } = this.#plan
    return new Map(places.map((place) => [place, new Float32Array(elements(parameters[place]!))]))
  }

  *#passes({ split, rows }: Probe, outputs: readonly string[]) {
    if (outputs.length === 0) return
    const { begin: first } = this.#splits[split]
    for (let begin = 0; begin < rows.length; begin += this.chunk) {
      const chunk = rows.subarray(begin, begin + this.chunk).map((row) => row + first)
      const out = this.#graph.run([list(LOOK_AT, chunk)], outputs)
      yield { out, count: chunk.length }
    }
  }
}

/** Adds each gradient's share to its sum, in their order. */
function addShares(sums: Gradients, gradients: readonly Feed['values'][], share: number): void {
  let at = 0
  for (const sum of sums.values()) {
    gradients[at++]!.forEach((value, i) => (sum[i]! += share * value))
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
