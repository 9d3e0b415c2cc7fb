import { decayOf } from '../../../core/network/decay'
import { addSums, NO_SAMPLES } from '../session'
import type {
  Evaluation,
  Probe,
  SessionInput,
  StepsResult,
  TrainingSession,
  Weights
} from '../session'
import { PORTABLE_ACTIVATIONS } from './activations'
import { lossHead } from './losses'
import type { HeadResult } from './losses'
import { PORTABLE_OPTIMISERS } from './optimisers'
import type { Rows } from './rows'
import type { Tensor, Tensor2D, Tf } from './tensors'

/** Images per forward pass over a split. */
const CHUNK = 1000

interface Forward {
  /** inputs of each layer */
  readonly a: readonly Tensor2D[]
  /** pre-activations of each layer, the logits last */
  readonly z: readonly Tensor2D[]
}

/** One array of weights with what its optimiser keeps. */
interface Variable {
  weights: Tensor
  slots: readonly Tensor[]
}

/** A network in tfjs core ops, with the backward pass written out as in the native graph. */
export class PortableSession implements TrainingSession {
  readonly #sizes: { readonly inputs: number; readonly outputs: number }[]
  #variables: Variable[] = []

  constructor(
    readonly tf: Tf,
    readonly input: SessionInput,
    readonly rows: { readonly train: Rows; readonly test: Rows }
  ) {
    this.#sizes = input.plan.parameters.flatMap(({ fans }) => (fans ? [fans] : []))
  }

  initialise(weights: Weights): void {
    this.dispose()
    const { slots } = PORTABLE_OPTIMISERS[this.input.config.optimiser.id]
    this.#variables = weights.map((values, at) => {
      const { inputs, outputs } = this.#sizes[at >> 1]!
      const shape = at % 2 === 0 ? [inputs, outputs] : [outputs]
      return {
        weights: this.tf.tensor(values.slice(), shape),
        slots: Array.from({ length: slots }, () => this.tf.zeros(shape))
      }
    })
  }

  steps(rows: Int32Array, firstStep: number): StepsResult {
    const { batch } = this.input.config
    let sums = NO_SAMPLES
    for (let start = 0, step = 0; start < rows.length; start += batch, step++) {
      const head = this.#step(rows.subarray(start, start + batch), firstStep + step + 1)
      sums = addSums(sums, head)
      if (!Number.isFinite(head.loss) || !this.#weightsFinite()) {
        return { ...sums, firstNonFiniteStep: step }
      }
    }
    return sums
  }

  evaluate(split: 'train' | 'test'): Evaluation {
    let sums = NO_SAMPLES
    const { count, labels } = this.input[split]
    const guesses = new Int32Array(count)
    this.#forwardChunks(this.#all(split), ({ z }, start, end) => {
      const head = this.#head(z, labels.subarray(start, end))
      sums = addSums(sums, head)
      guesses.set(head.guesses, start)
    })
    return { ...sums, guesses }
  }

  greatestPreactivations(): Float32Array[] {
    const greatest = this.#hidden().map(({ outputs }) => new Float32Array(outputs).fill(-Infinity))
    if (greatest.length === 0) return greatest
    this.#forwardChunks(this.#all('train'), ({ z }) => {
      greatest.forEach((kept, layer) => {
        const values = this.tf.max(z[layer]!, 0).dataSync()
        for (let unit = 0; unit < kept.length; unit++) {
          if (!(values[unit]! <= kept[unit]!)) kept[unit] = values[unit]!
        }
      })
    })
    return greatest
  }

  *preactivations(probe: Probe): Generator<Float32Array[]> {
    for (let start = 0; start < probe.rows.length; start += CHUNK) {
      const rows = probe.rows.subarray(start, start + CHUNK)
      yield this.tf.tidy(() => {
        const { z } = this.#forward(this.rows[probe.split].take(rows))
        return z.slice(0, -1).map((each) => each.dataSync() as Float32Array)
      })
    }
  }

  gradientNorms(probe: Probe): number[] {
    const { tf } = this
    const squares = new Array<number>(this.#sizes.length).fill(0)
    tf.tidy(() => {
      this.#probeGradients(probe).forEach((gradient, at) => {
        squares[at >> 1]! += tf.sum(tf.square(gradient)).dataSync()[0]!
      })
    })
    return squares.map(Math.sqrt)
  }

  pull(probe: Probe): Float32Array {
    const { tf } = this
    return tf.tidy(() => {
      const [kernel] = this.#probeGradients(probe)
      return Float32Array.from(tf.sum(tf.abs(kernel!), 1).dataSync())
    })
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

  /** One batch; `step` counts from 1 over the run. */
  #step(rows: Int32Array, step: number): HeadResult {
    const { tf } = this
    const { config, train } = this.input
    const optimiser = PORTABLE_OPTIMISERS[config.optimiser.id]
    const base = config.optimiser.learningRate
    const factor = optimiser.rateFactor(config.optimiser, step)
    const labels = Int32Array.from(rows, (row) => train.labels[row]!)
    let head: HeadResult | undefined
    const fresh = tf.tidy(() => {
      const found = this.#gradients(this.rows.train.take(rows), labels)
      head = found.head
      return this.#variables.map(({ weights, slots }, at): Variable => {
        const kernel = at % 2 === 0
        const layer = at >> 1
        const rate = base * (kernel ? (config.stepFactors[layer] ?? 1) : 1)
        const epsilonFactor = kernel ? (config.epsilonFactors[layer] ?? 1) : 1
        const epsilon = config.optimiser.epsilon * epsilonFactor
        const decay = decayOf(config, layer)
        const gradient =
          kernel && decay.l2 > 0
            ? tf.add(found.gradients[at]!, tf.mul(weights, 2 * decay.l2))
            : found.gradients[at]!
        const update = optimiser.update(
          tf,
          { ...config.optimiser, epsilon },
          gradient,
          slots,
          rate * factor
        )
        const kept =
          kernel && decay.decoupled > 0
            ? tf.sub(weights, tf.mul(weights, rate * decay.decoupled))
            : weights
        return { weights: tf.sub(kept, update.change), slots: update.slots }
      }) as unknown as Tensor[] // tidy keeps tensors inside any nest of objects; its type says less
    }) as unknown as Variable[]
    this.dispose()
    this.#variables = fresh
    return head!
  }

  /** Gradient of the mean loss, kernel and bias per layer; inside a tidy. */
  #gradients(x: Tensor2D, labels: Int32Array): { head: HeadResult; gradients: Tensor[] } {
    const { tf } = this
    const { config } = this.input
    const { a, z } = this.#forward(x)
    const head = this.#head(z, labels)
    const gradients: Tensor[] = []
    let delta = tf.tensor2d(head.delta, [labels.length, this.#sizes.at(-1)!.outputs])
    for (let layer = z.length - 1; layer >= 0; layer--) {
      // matMul's own transposition is eight times slower in the wasm backend
      gradients[2 * layer] = tf.matMul(tf.transpose(a[layer]!), delta)
      gradients[2 * layer + 1] = tf.sum(delta, 0)
      if (layer === 0) break
      const kernel = this.#variables[2 * layer]!.weights as Tensor2D
      const da = tf.matMul(delta, tf.transpose(kernel)) as Tensor2D
      const { gradient } = PORTABLE_ACTIVATIONS[config.activation]
      delta = gradient(tf, z[layer - 1]!, a[layer]!, da, config)
    }
    return { head, gradients }
  }

  #probeGradients({ split, rows }: Probe): Tensor[] {
    const labels = Int32Array.from(rows, (row) => this.input[split].labels[row]!)
    return this.#gradients(this.rows[split].take(rows), labels).gradients
  }

  #forward(x: Tensor2D): Forward {
    const { tf } = this
    const { config } = this.input
    const a = [x]
    const z: Tensor2D[] = []
    for (let layer = 0; layer < this.#sizes.length; layer++) {
      const kernel = this.#variables[2 * layer]!.weights as Tensor2D
      const bias = this.#variables[2 * layer + 1]!.weights
      const sums = tf.add(tf.matMul(a[layer]!, kernel), bias) as Tensor2D
      z.push(sums)
      if (layer < this.#sizes.length - 1) {
        a.push(PORTABLE_ACTIVATIONS[config.activation].forward(tf, sums, config))
      }
    }
    return { a, z }
  }

  #head(z: readonly Tensor2D[], labels: ArrayLike<number>): HeadResult {
    const logits = z[z.length - 1]!
    return lossHead(this.input.config, logits.dataSync(), logits.shape[1], labels)
  }

  #all(split: 'train' | 'test'): Probe {
    return { split, rows: Int32Array.from({ length: this.input[split].count }, (_, row) => row) }
  }

  #forwardChunks(
    { split, rows }: Probe,
    take: (forward: Forward, start: number, end: number) => void
  ): void {
    for (let start = 0; start < rows.length; start += CHUNK) {
      const chunk = rows.subarray(start, start + CHUNK)
      this.tf.tidy(() =>
        take(this.#forward(this.rows[split].take(chunk)), start, start + chunk.length)
      )
    }
  }

  /** A sum is finite only where every weight is. */
  #weightsFinite(): boolean {
    const { tf } = this
    return tf.tidy(() =>
      this.#variables.every(({ weights }) => Number.isFinite(tf.sum(weights).dataSync()[0]!))
    )
  }

  #hidden() {
    return this.#sizes.slice(0, -1)
  }
}
