import { NormscopeError } from '../error'
import { grouped } from '../numbers'
import { counted } from '../text'
import type { NumberArray } from './number-type'
import { baseName } from './source'

/** What is done with images that have pixels which are no finite numbers; 'zero' takes 0 for those pixels. */
export const NOT_FINITE_WAYS = ['refuse', 'leave-out', 'zero'] as const
export type NotFiniteWay = (typeof NOT_FINITE_WAYS)[number]

/** What a data set is opened with, as a label and in words. */
export const NOT_FINITE_LABEL = 'Pixels that are no finite numbers'
export const NOT_FINITE_WORDS: Readonly<Record<NotFiniteWay, string>> = {
  refuse: 'refused',
  'leave-out': 'their images left out',
  zero: 'taken as 0'
}

/** Counts the pixels of a split that are no finite numbers, image by image. */
export class NotFinite {
  #nan = 0
  #infinite = 0
  #found = 0
  #first: number | undefined
  #values = 0
  #images = 0

  constructor(readonly path: string) {}

  /** Places, among the images of `values` with `size` values each, of those that have such pixels. */
  add(values: NumberArray, size: number): number[] {
    const bad = couldHaveSome(values) ? this.#count(values, size) : []
    if (bad.length > 0) this.#first ??= this.#images + bad[0]!
    this.#found += bad.length
    this.#values += values.length
    this.#images += values.length / size
    return bad
  }

  #count(values: NumberArray, size: number): number[] {
    const bad: number[] = []
    for (let from = 0; from < values.length; from += size) {
      const before = this.#nan + this.#infinite
      for (let at = from; at < from + size; at++) {
        const value = values[at]!
        if (value !== value) this.#nan++
        else if (value === Infinity || value === -Infinity) this.#infinite++
      }
      if (this.#nan + this.#infinite > before) bad.push(from / size)
    }
    return bad
  }

  get #facts(): string {
    const kinds = [
      [this.#nan, 'NaN'],
      [this.#infinite, 'infinite']
    ] as const
    const found = kinds.flatMap(([count, word]) => (count > 0 ? [`${grouped(count)} ${word}`] : []))
    return `${found.join(' and ')} of ${grouped(this.#values)} values, in ${grouped(this.#found)} of ${grouped(this.#images)} images`
  }

  /** What was done; undefined where there was nothing to do. */
  warning(way: Exclude<NotFiniteWay, 'refuse'>): string | undefined {
    if (this.#found === 0) return undefined
    const done = { 'leave-out': 'left out', zero: 'kept, with 0 in place of those values' }[way]
    return `${counted(this.#found, 'image')} with pixels that are no finite numbers (${this.#facts}) ${this.#found === 1 ? 'was' : 'were'} ${done}.`
  }

  get error(): NormscopeError {
    return new NormscopeError({
      code: 'not-finite',
      message: `${baseName(this.path)} has pixels that are no finite numbers: ${this.#facts}, the first in image ${this.#first}. Nothing can be trained on them: leave those images out, or replace the values.`,
      path: this.path,
      expected: 'finite numbers',
      actual: this.#facts,
      hint: 'Commands leave the images out with --not-finite leave-out, or keep them with 0 in place of the values with --not-finite zero. In NumPy, numpy.nan_to_num(x) replaces the values.'
    })
  }
}

const couldHaveSome = (values: NumberArray): boolean =>
  values instanceof Float32Array || values instanceof Float64Array
