import { pulledKernel } from '../../../core/network/layers/plan'
import { channelsOf } from '../../../core/network/layers/shape'
import { normsByLayer, pulls } from '../gradients'
import type { Gradients } from '../gradients'
import { checkBatch, imagesPerPass, PORTABLE_ROOM } from '../memory'
import { walkBack, walkForward } from '../operations'
import type { Passed } from '../operations'
import { stepsResult } from '../session'
import type {
  Evaluation,
  Probe,
  SampleSums,
  SessionInput,
  StepsResult,
  TrainingSession,
  Weights
} from '../session'
import { lossHead } from './losses'
import type { HeadResult } from './losses'
import type { Pass } from './operations/operation'
import { PORTABLE_OPERATIONS } from './operations/operations'
import { PORTABLE_OPTIMISERS } from './optimisers'
import type { Rows } from './rows'
import type { Tensor, Tensor2D, Tf } from './tensors'
import { moved, updated } from './update'
import type { Variable } from './update'

/** A network in tfjs core ops, with the backward pass written out as in the native graph. */
export class PortableSession implements TrainingSession {
  /** images per pass over a split */
  readonly #chunk: number
  #variables: Variable[] = []

  /** @throws NormscopeError 'batch-too-large' */
  constructor(
    readonly tf: Tf,
    readonly input: SessionInput,
    readonly rows: { readonly train: Rows; readonly test: Rows }
  ) {
    checkBatch(input.plan, input.config.batch, input.train.count, PORTABLE_ROOM)
    this.#chunk = imagesPerPass(input.plan, PORTABLE_ROOM)
  }

  initialise(weights: Weights): void {
    this.dispose()
    const { slots } = PORTABLE_OPTIMISERS[this.input.config.optimiser.id]
    this.#variables = this.input.plan.parameters.map(({ shape, trained }, at) => ({
      weights: this.tf.tensor(weights[at]!.slice(), [...shape]),
      slots: Array.from({ length: trained ? slots : 0 }, () => this.tf.zeros([...shape]))
    }))
  }

  state(): Weights {
    return this.#variables.flatMap(({ weights, slots }) =>
      [weights, ...slots].map((tensor) => Float32Array.from(tensor.dataSync()))
    )
  }

  restore(state: Weights): void {
    this.dispose()
    const { slots } = PORTABLE_OPTIMISERS[this.input.config.optimiser.id]
    let at = 0
    this.#variables = this.input.plan.parameters.map(({ shape, trained }) => {
      const next = (): Tensor => this.tf.tensor(state[at++]!.slice(), [...shape])
      return {
        weights: next(),
        slots: Array.from({ length: trained ? slots : 0 }, next)
      }
    })
  }

  steps(rows: Int32Array, firstStep: number): StepsResult {
    const { batch } = this.input.config
    const each: SampleSums[] = []
    for (let start = 0, step = 0; start < rows.length; start += batch, step++) {
      const head = this.#step(rows.subarray(start, start + batch), firstStep + step)
      const { samples, loss, hits, zeroGradient, trapped } = head
      each.push({ samples, loss, hits, zeroGradient, trapped })
      if (!Number.isFinite(loss) || !this.#weightsFinite()) return stepsResult(each, step)
    }
    return stepsResult(each)
  }

  *evaluate(split: 'train' | 'test', greatest = false): Generator<Evaluation> {
    const { labels } = this.input[split]
    for (const rows of this.#chunks(this.#all(split))) {
      const begin = rows[0]!
      yield this.#atRest(split, rows, (made) => ({
        ...this.#head(made, labels.subarray(begin, begin + rows.length)),
        ...(greatest ? { greatest: this.#greatest(made) } : {})
      }))
    }
  }

  *greatestPreactivations(): Generator<Float32Array[]> {
    if (this.input.plan.activated.length === 0) return
    for (const rows of this.#chunks(this.#all('train'))) {
      yield this.#atRest('train', rows, (made) => this.#greatest(made))
    }
  }

  *preactivations(probe: Probe): Generator<Float32Array[]> {
    const { activated } = this.input.plan
    if (activated.length === 0) return
    for (const rows of this.#chunks(probe)) {
      yield this.#atRest(probe.split, rows, (made) =>
        activated.map(({ z }) => made[z]!.output.dataSync() as Float32Array)
      )
    }
  }

  gradientNorms(probe: Probe): number[] {
    return normsByLayer(this.input.plan, this.#gradients(probe))
  }

  pull(probe: Probe): Float32Array | undefined {
    const { plan } = this.input
    const place = pulledKernel(plan)
    return place === undefined
      ? undefined
      : pulls(this.#gradients(probe).get(place)!, plan.parameters[place]!)
  }

  read(): Weights {
    return this.#variables.map(({ weights }) => Float32Array.from(weights.dataSync()))
  }

  dispose(): void {
    for (const { weights, slots } of this.#variables.splice(0)) {
      weights.dispose()
      slots.forEach((slot) => slot.dispose())
    }
  }

  #greatest(made: readonly Passed<Tensor>[]): Float32Array[] {
    const { tf } = this
    return this.input.plan.activated.map(({ z, shape }) => {
      const places = tf.reshape(made[z]!.output, [-1, channelsOf(shape)])
      return Float32Array.from(tf.max(places, 0).dataSync())
    })
  }

  /** One batch, after so many steps of the run. */
  #step(rows: Int32Array, before: number): HeadResult {
    const { tf } = this
    const { config, plan } = this.input
    let head: HeadResult | undefined
    const fresh = tf.tidy(() => {
      const pass = this.#pass(this.rows.train.take(rows), before)
      const made = walkForward(PORTABLE_OPERATIONS, pass, plan)
      head = this.#head(made, this.#labels('train', rows))
      const gradients = this.#back(pass, made, head)
      const moments = new Map(
        made.flatMap((each) => each.moments ?? []).map((moment) => [moment.place, moment])
      )
      // tidy keeps tensors inside any nest of objects; its type says less
      return this.#variables.map((variable, place): Variable => {
        const moment = moments.get(place)
        if (moment) return moved(tf, variable, moment)
        return updated(tf, config, plan.parameters[place]!, variable, gradients[place]!, before + 1)
      }) as unknown as Tensor[]
    }) as unknown as Variable[]
    this.dispose()
    this.#variables = fresh
    return head!
  }

  /** Of the mean loss over images at rest, for the trained parameters. */
  #gradients(probe: Probe): Gradients {
    const { tf } = this
    const sums = new Map<number, Float32Array>()
    for (const rows of this.#chunks(probe)) {
      const share = rows.length / probe.rows.length
      this.#atRest(probe.split, rows, (made, pass) => {
        const head = this.#head(made, this.#labels(probe.split, rows))
        this.#back(pass, made, head).forEach((gradient, place) => {
          if (!gradient) return
          const values = tf.mul(gradient, share).dataSync() as Float32Array
          const sum = sums.get(place)
          if (sum) values.forEach((value, i) => (sum[i]! += value))
          else sums.set(place, Float32Array.from(values))
        })
      })
    }
    return sums
  }

  #pass(x: Tensor, step?: number): Pass {
    return {
      tf: this.tf,
      config: this.input.config,
      x,
      parameter: (place) => this.#variables[place]!.weights,
      ...(step !== undefined && { step })
    }
  }

  /** What is taken from a pass over some images without their tensors. */
  #atRest<V>(
    split: 'train' | 'test',
    rows: Int32Array,
    take: (made: readonly Passed<Tensor>[], pass: Pass) => V
  ): V {
    let taken: V | undefined
    this.tf.tidy(() => {
      const pass = this.#pass(this.rows[split].take(rows))
      taken = take(walkForward(PORTABLE_OPERATIONS, pass, this.input.plan), pass)
    })
    return taken!
  }

  #head(made: readonly Passed<Tensor>[], labels: ArrayLike<number>): HeadResult {
    const logits = made[this.input.plan.logits]!.output as Tensor2D
    return lossHead(this.input.config, logits.dataSync(), logits.shape[1], labels)
  }

  #back(
    pass: Pass,
    made: readonly Passed<Tensor>[],
    { delta, samples }: HeadResult
  ): (Tensor | undefined)[] {
    const { tf } = this
    const upstream = tf.tensor2d(delta, [samples, delta.length / samples])
    return walkBack<Pass, Tensor>(
      PORTABLE_OPERATIONS,
      pass,
      this.input.plan,
      made,
      upstream,
      (gradients) => tf.addN([...gradients])
    )
  }

  #labels(split: 'train' | 'test', rows: Int32Array): Int32Array {
    const { labels } = this.input[split]
    return Int32Array.from(rows, (row) => labels[row]!)
  }

  #all(split: 'train' | 'test'): Probe {
    return { split, rows: Int32Array.from({ length: this.input[split].count }, (_, row) => row) }
  }

  *#chunks({ rows }: Probe): Generator<Int32Array> {
    for (let start = 0; start < rows.length; start += this.#chunk) {
      yield rows.subarray(start, start + this.#chunk)
    }
  }

  /** A sum is finite only where every weight is. */
  #weightsFinite(): boolean {
    const { tf } = this
    return tf.tidy(() =>
      this.#variables.every(({ weights }) => Number.isFinite(tf.sum(weights).dataSync()[0]!))
    )
  }
}
