import { LinearScale } from 'chart.js'
import { linearTicks } from './scales'
import type { Bounds } from './scales'

/**
 * Place of a value on a symlog axis: linear within ± `within`, where it is as wide as a power of ten
 * on either side, logarithmic beyond (as Matplotlib's).
 */
function symlog(value: number, within: number): number {
  const size = Math.abs(value) / within
  return size <= 1 ? value / within : Math.sign(value) * (1 + Math.log10(size))
}

function symlogInverse(place: number, within: number): number {
  const size = Math.abs(place)
  return size <= 1 ? place * within : Math.sign(place) * within * 10 ** (size - 1)
}

/**
 * 0 and powers of ten to either side, or multiples of them by 2 and 5, or round numbers: the first
 * that give three in the part that is shown. Those next to 0 go first where they are less than `gap`
 * pixels apart.
 */
export function symlogTicks(bounds: Bounds, within: number, room: number, gap: number): number[] {
  const { min, max } = bounds
  const [from, to] = [symlog(min, within), symlog(max, within)]
  const pixel = (value: number): number => ((symlog(value, within) - from) / (to - from)) * room
  const multiples = (factors: readonly number[]): number[] =>
    [min, max].flatMap((end) => {
      const sign = Math.sign(end)
      const lowest = Math.round(Math.log10(within))
      const highest = Math.floor(Math.log10(Math.max(within, Math.abs(end))))
      return Array.from({ length: highest - lowest + 1 }, (_, i) => lowest + i).flatMap((power) =>
        factors.map((factor) => Number((sign * factor * 10 ** power).toPrecision(12)))
      )
    })
  const apart = (values: readonly number[]): number[] => {
    const kept: number[] = []
    const size = (value: number): number => (value === 0 ? Infinity : Math.abs(value))
    for (const value of [...values].sort((a, b) => size(b) - size(a))) {
      const free = kept.every((other) => Math.abs(pixel(other) - pixel(value)) >= gap)
      if (value >= min && value <= max && free) kept.push(value)
    }
    return kept.sort((a, b) => a - b)
  }
  for (const factors of [[1], [1, 2, 5]]) {
    const ticks = apart([0, ...multiples(factors)])
    if (ticks.length >= 3) return ticks
  }
  return apart(linearTicks(bounds, room, gap))
}

/** An axis whose ends and ticks are values, placed by `symlog`. */
export class SymlogScale extends LinearScale {
  static override id = 'symlog'
  static override defaults = LinearScale.defaults

  get #within(): number {
    return (this.options as unknown as { linearWithin: number }).linearWithin
  }
  override getPixelForValue(value: number): number {
    const [from, to] = this.#ends()
    return this.getPixelForDecimal((symlog(value, this.#within) - from) / (to - from))
  }
  override getValueForPixel(pixel: number): number {
    const [from, to] = this.#ends()
    return symlogInverse(from + this.getDecimalForPixel(pixel) * (to - from), this.#within)
  }
  #ends(): readonly [number, number] {
    return [symlog(this.min, this.#within), symlog(this.max, this.#within)]
  }
}
