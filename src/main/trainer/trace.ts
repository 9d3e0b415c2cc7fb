import type { Trace } from '../../core/study/run'
import type { SampleSums } from './session'

const MOST_PARTS = 20
/** A mean over fewer would be noise. */
const LEAST_STEPS = 30

/** An epoch in equal parts of its steps, with the means over each. */
export class EpochTrace {
  readonly #steps: number
  #step = 0
  readonly #parts: number
  readonly #trace = { fraction: [] as number[], loss: [] as number[], accuracy: [] as number[] }
  #sums = { samples: 0, loss: 0, hits: 0 }

  /** @param steps of the epoch */
  constructor(steps: number) {
    this.#steps = steps
    this.#parts = Math.max(1, Math.min(MOST_PARTS, Math.floor(steps / LEAST_STEPS)))
  }

  /** The parts that are complete. */
  get trace(): Trace {
    const { fraction, loss, accuracy } = this.#trace
    return { fraction: [...fraction], loss: [...loss], accuracy: [...accuracy] }
  }

  /** The next step's. */
  add({ samples, loss, hits }: SampleSums): void {
    const step = ++this.#step
    const sums = this.#sums
    sums.samples += samples
    sums.loss += loss
    sums.hits += hits
    if (step < this.#end(this.#trace.loss.length + 1)) return
    this.#trace.fraction.push(short(step / this.#steps))
    this.#trace.loss.push(short(sums.loss / sums.samples))
    this.#trace.accuracy.push(short(sums.hits / sums.samples))
    this.#sums = { samples: 0, loss: 0, hits: 0 }
  }

  /** Steps of the epoch at the end of a part, counted from 1. */
  #end(part: number): number {
    return Math.round((part * this.#steps) / this.#parts)
  }
}

/** Sums differ by their last digits with the backend; a record is the same everywhere. */
function short(value: number): number {
  return Number(value.toPrecision(6))
}
