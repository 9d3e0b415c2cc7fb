import { NotFinite } from '../../../core/format/not-finite'
import type { NotFiniteWay } from '../../../core/format/not-finite'
import type { NumberArray } from '../../../core/format/number-type'
import type { ImageChunk, LabelValues, OpenedSplit } from '../../../core/format/opened'

/**
 * The images of a split with pixels that are all finite numbers: others are left out, or get 0 in
 * place of what is none; where they are refused the rest is counted through and NormscopeError
 * 'not-finite' thrown.
 */
export class FiniteImages {
  readonly #opened: OpenedSplit
  readonly #found: NotFinite
  readonly #way: NotFiniteWay
  /** places among all of images that were left out, ascending */
  readonly #out: number[] = []

  constructor(opened: OpenedSplit, path: string, way: NotFiniteWay) {
    this.#opened = opened
    this.#found = new NotFinite(path)
    this.#way = way
  }

  /** images that were left out, once the chunks are read */
  get leftOut(): number {
    return this.#out.length
  }

  /** what is said of those with such pixels; undefined where there are none */
  get warning(): string | undefined {
    return this.#way === 'refuse' ? undefined : this.#found.warning(this.#way)
  }

  async *chunks(): AsyncGenerator<ImageChunk> {
    const { height, width } = this.#opened
    let images = 0
    let refused = false
    for await (const chunk of this.#opened.chunks()) {
      const { values, channels } = chunk
      const size = height * width * channels
      const bad = this.#found.add(values, size)
      refused ||= bad.length > 0 && this.#way === 'refuse'
      if (this.#way === 'leave-out') this.#out.push(...bad.map((place) => images + place))
      images += values.length / size
      // nothing more is kept, but whoever reads may want to stop
      if (refused) yield { ...chunk, values: values.subarray(0, 0) }
      else if (bad.length === 0) yield chunk
      else yield { ...chunk, values: this.#finite(values, size, bad) }
    }
    if (refused || (images > 0 && this.#out.length === images)) throw this.#found.error
  }

  /** The labels of the images that stay, of those of all. */
  labelsOf(all: LabelValues): LabelValues {
    if (this.#out.length === 0) return all
    const out = new Set(this.#out)
    return Array.from(all as ArrayLike<string>).filter((_, place) => !out.has(place))
  }

  #finite(values: NumberArray, size: number, bad: readonly number[]): NumberArray {
    return this.#way === 'zero'
      ? values.map((value) => (Number.isFinite(value) ? value : 0))
      : without(values, size, new Set(bad))
  }
}

function without(values: NumberArray, size: number, bad: ReadonlySet<number>): NumberArray {
  const kept = values.slice(0, values.length - bad.size * size)
  let at = 0
  for (let image = 0; image * size < values.length; image++) {
    if (bad.has(image)) continue
    kept.set(values.subarray(image * size, (image + 1) * size), at)
    at += size
  }
  return kept
}
