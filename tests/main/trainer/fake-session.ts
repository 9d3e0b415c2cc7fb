import type { Control, LoopHooks } from '../../../src/main/trainer/loop'
import type { FromTrainer } from '../../../src/main/trainer/protocol'
import type {
  Evaluation,
  Probe,
  SampleSums,
  SessionInput,
  StepsResult,
  TrainingSession,
  Weights
} from '../../../src/main/trainer/session'
import { stepsResult } from '../../../src/main/trainer/session'

/** A clock that moves only when told, and what was emitted, with its time. */
export class FakeHooks implements LoopHooks {
  milliseconds = 0
  readonly events: { readonly at: number; readonly event: FromTrainer }[] = []
  readonly state = { paused: false, cancelled: false }
  /** called between two calls of the session */
  onBreath: () => void = () => undefined
  /** called when the loop waits for a change of the state */
  onWait: () => void = () => undefined
  #waiting: (() => void)[] = []

  readonly control: Control
  constructor() {
    const { state } = this
    this.control = {
      get paused() {
        return state.paused
      },
      get cancelled() {
        return state.cancelled
      },
      change: () =>
        new Promise((resolve) => {
          this.#waiting.push(resolve)
          queueMicrotask(this.onWait)
        })
    }
  }

  set(state: { paused?: boolean; cancelled?: boolean }): void {
    Object.assign(this.state, state)
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  now(): number {
    return this.milliseconds
  }

  async yieldToEventLoop(): Promise<void> {
    this.onBreath()
  }

  emit(event: FromTrainer): void {
    this.events.push({ at: this.milliseconds, event })
  }

  all<T extends FromTrainer['type']>(type: T): Extract<FromTrainer, { type: T }>[] {
    return this.events
      .map(({ event }) => event)
      .filter((event): event is Extract<FromTrainer, { type: T }> => event.type === type)
  }
}

/** What each step takes and gives; everything else is small and fixed. */
export interface FakeTraining {
  /** milliseconds of one step */
  readonly stepMs: number
  /** milliseconds that every call takes beside its steps */
  readonly callMs?: number
  /** milliseconds of an evaluation */
  readonly evaluateMs?: number
  /** mean loss at a step, from 1 over the run; not finite: the step that is told */
  readonly lossAt?: (step: number) => number
  readonly startLoss?: number
}

export class FakeSession implements TrainingSession {
  /** rows of every call and its first step */
  readonly calls: { readonly rows: Int32Array; readonly firstStep: number }[] = []
  weights: Weights = []
  disposed = false

  constructor(
    readonly hooks: FakeHooks,
    readonly training: FakeTraining,
    readonly input: SessionInput
  ) {}

  initialise(weights: Weights): void {
    this.weights = weights
  }

  state(): Weights {
    return this.weights
  }

  restore(state: Weights): void {
    this.weights = state
  }

  steps(rows: Int32Array, firstStep: number): StepsResult {
    const { batch } = this.input.config
    const steps = Math.ceil(rows.length / batch)
    this.calls.push({ rows: rows.slice(), firstStep })
    this.hooks.milliseconds += steps * this.training.stepMs + (this.training.callMs ?? 0)
    const each: SampleSums[] = []
    for (let step = 0; step < steps; step++) {
      const mean = this.training.lossAt?.(firstStep + step + 1) ?? 1
      if (!Number.isFinite(mean)) return stepsResult(each, step)
      const samples = Math.min(batch, rows.length - step * batch)
      const shares = { hits: samples / 2, zeroGradient: samples / 4, trapped: samples / 16 }
      each.push({ samples, loss: mean * samples, ...shares })
    }
    return stepsResult(each)
  }

  /** every image is taken for class 0 */
  *evaluate(split: 'train' | 'test', greatest = false): Generator<Evaluation> {
    this.hooks.milliseconds += this.training.evaluateMs ?? 0
    const samples = this.input[split].count
    const loss = samples * (this.training.startLoss ?? 2)
    const guesses = new Int32Array(samples)
    const sums = { samples, loss, hits: samples / 4, zeroGradient: 0, trapped: 0, guesses }
    yield { ...sums, ...(greatest ? { greatest: [...this.greatestPreactivations()][0]! } : {}) }
  }

  *greatestPreactivations(): Generator<Float32Array[]> {
    yield this.input.plan.activated.map(({ shape: [units = 0] }) =>
      Float32Array.from({ length: units }, (_, unit) => (unit % 4 === 0 ? 0 : 1))
    )
  }

  *preactivations({ rows }: Probe): Generator<Float32Array[]> {
    yield this.input.plan.activated.map(({ shape: [units = 0] }) =>
      Float32Array.from({ length: units * rows.length }, (_, i) => (i % units === 0 ? -1 : 1))
    )
  }

  gradientNorms(): number[] {
    return [...this.input.plan.activated.map(() => 1), 2]
  }

  /** 0, 1, 2, … before training, later all alike */
  pull(): Float32Array {
    const { length } = this.calls
    return Float32Array.from(
      {
        length:
          this.input.plan.input[0] *
          (this.input.plan.input[1] ?? 1) *
          (this.input.plan.input[2] ?? 1)
      },
      (_, i) => (length === 0 ? i : 1)
    )
  }

  read(): Weights {
    return [Float32Array.of(1, 2), Float32Array.of(-0.5)]
  }

  dispose(): void {
    this.disposed = true
  }
}
