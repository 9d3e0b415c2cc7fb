/** Waits before starting something again that keeps ending: none at first, then doubled. */
export class BackOff {
  #endings: number[] = []

  constructor(
    readonly now: () => number,
    readonly windowMs = 30_000,
    readonly longestMs = 8_000
  ) {}

  /** milliseconds to wait after one more ending */
  next(): number {
    const now = this.now()
    this.#endings = [...this.#endings.filter((at) => now - at < this.windowMs), now]
    const recent = this.#endings.length
    return recent <= 2 ? 0 : Math.min(this.longestMs, 250 * 2 ** (recent - 3))
  }
}
