/** Images per second over about the last second of training. */
export class RateWindow {
  readonly #points: { readonly at: number; readonly images: number }[] = []
  #images = 0

  /** @param at milliseconds of training so far, pauses left out */
  add(at: number, images: number): void {
    this.#images += images
    this.#points.push({ at, images: this.#images })
    while (this.#points.length > 2 && at - this.#points[1]!.at > 1000) this.#points.shift()
  }

  /** 0 until two calls have been made */
  get imagesPerSecond(): number {
    const first = this.#points[0]
    const last = this.#points[this.#points.length - 1]
    if (!first || !last || last.at <= first.at) return 0
    return ((last.images - first.images) * 1000) / (last.at - first.at)
  }
}

/** Steps of the next call, so that a call takes about as long as wanted. */
export class CallSize {
  #steps = 1

  constructor(readonly targetMs: number) {}

  get steps(): number {
    return this.#steps
  }

  /** a call grows at most fourfold, so that one quick call does not make the next one long */
  took(steps: number, milliseconds: number): void {
    const wanted = milliseconds > 0 ? (steps * this.targetMs) / milliseconds : steps * 4
    const next = Math.max(1, Math.floor(Math.min(wanted, steps * 4)))
    // A call shorter than asked has a greater share of what every call costs: no reason for fewer steps.
    const short = steps < this.#steps && milliseconds < this.targetMs
    this.#steps = short ? Math.max(this.#steps, next) : next
  }
}
