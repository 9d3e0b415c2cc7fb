import { NormscopeError } from '../error'
import { grouped } from '../numbers'
import type { NumberArray } from './number-type'
import { baseName } from './source'

/** Counts the pixels of a split that are no finite numbers, image by image. */
export class NotFinite {
  #nan = 0
  #infinite = 0
  #images = 0
  #first: number | undefined
  #values = 0

  /** `size` is the number of values of an image */
  constructor(
    readonly path: string,
    readonly size: number
  ) {}

  add(values: NumberArray): void {
    for (let from = 0; from < values.length; from += this.size) {
      const before = this.#nan + this.#infinite
      for (const value of values.subarray(from, from + this.size)) {
        if (Number.isNaN(value)) this.#nan++
        else if (!Number.isFinite(value)) this.#infinite++
      }
      if (this.#nan + this.#infinite === before) continue
      this.#images++
      this.#first ??= (this.#values + from) / this.size
    }
    this.#values += values.length
  }

  /** So many values that were found to be finite. */
  skip(values: number): void {
    this.#values += values
  }

  get error(): NormscopeError {
    const kinds = [`${grouped(this.#nan)} NaN`, `${grouped(this.#infinite)} infinite`]
    const found = kinds.filter((kind) => !kind.startsWith('0 ')).join(' and ')
    const all = grouped(this.#values / this.size)
    const actual = `${found} of ${grouped(this.#values)} values, in ${grouped(this.#images)} of ${all} images`
    return new NormscopeError({
      code: 'not-finite',
      message: `${baseName(this.path)} has pixels that are no finite numbers: ${actual}, the first in image ${this.#first}. Nothing can be trained on them: leave those images out, or replace the values first.`,
      path: this.path,
      expected: 'finite numbers',
      actual,
      hint: 'In NumPy: numpy.nan_to_num(x) replaces them; x[numpy.isfinite(x).all(axis=(1, 2))] leaves the images out.'
    })
  }
}
