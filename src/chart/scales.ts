import { ticks, tickStep } from 'd3-array'
import type { Axis, Figure, Mark } from '../core/figure/figure'
import { recordOf } from './marks/marks'

/** Smallest and largest value of the marks along an axis; the smallest positive one for log axes. */
interface Extent {
  readonly min: number
  readonly max: number
  readonly minPositive: number
}

export function extentOf(marks: readonly Mark[], axis: 'x' | 'y'): Extent | undefined {
  let [min, max, minPositive] = [Infinity, -Infinity, Infinity]
  for (const mark of marks) {
    for (const values of recordOf(mark).along(mark, axis)) {
      for (let i = 0; i < values.length; i++) {
        const value = values[i] ?? NaN
        if (!Number.isFinite(value)) continue
        if (value < min) min = value
        if (value > max) max = value
        if (value > 0 && value < minPositive) minPositive = value
      }
    }
  }
  return min <= max ? { min, max, minPositive } : undefined
}

export interface Bounds {
  readonly min: number
  readonly max: number
}

/** Where an axis begins and ends: as the figure says, else from its marks. */
export function boundsOf(figure: Figure, axis: 'x' | 'y'): Bounds {
  const spec: Axis = figure[axis]
  if (spec.scale === 'own') return { min: 0, max: 1 }
  const extent = extentOf(figure.marks, axis)
  const found = extent ? automatic(spec, extent, figure.marks, axis) : { min: 0, max: 1 }
  const [min, max] = [spec.min ?? found.min, spec.max ?? found.max]
  return max > min ? { min, max } : { min: min - 0.5, max: min + 0.5 }
}

function automatic(spec: Axis, extent: Extent, marks: readonly Mark[], axis: 'x' | 'y'): Bounds {
  const { min, max, minPositive } = extent
  if (spec.scale === 'log') return logBounds(minPositive, max)
  const records = marks.map(recordOf)
  if (records.some(({ tight }) => tight)) return { min, max }
  const range = max > min ? max - min : Math.abs(max) || 1
  if (axis === 'x') {
    const pad = range * Math.max(0, ...records.map(({ room = 0 }) => room))
    return { min: min - pad, max: max + pad }
  }
  const ground = records.some(({ fromZero }) => fromZero) || (min >= 0 && min < 0.4 * max)
  const low = ground ? Math.min(0, min) : min - 0.06 * range
  return { min: low, max: max + 0.06 * range }
}

/** Whole decades below, a little room above; never less than one decade. */
function logBounds(minPositive: number, max: number): Bounds {
  if (!Number.isFinite(minPositive) || max <= 0) return { min: 1, max: 10 }
  const exponent = Math.log10(minPositive)
  const low = Math.floor(exponent)
  const min = 10 ** (exponent - low < 0.3 && minPositive > 10 ? low - 1 : low)
  return { min, max: Math.max(max * 1.6, min * 10) }
}

/** Decades between the bounds, at most about six; with 2 and 5 where there would be one tick only. */
export function decadeTicks({ min, max }: Bounds): number[] {
  const first = Math.ceil(Math.log10(min) - 1e-9)
  const last = Math.floor(Math.log10(max) + 1e-9)
  const every = Math.max(1, Math.ceil((last - first + 1) / 6))
  const ticks: number[] = []
  for (let e = first; e <= last; e += every) ticks.push(Number((10 ** e).toPrecision(12)))
  if (ticks.length >= 2) return ticks
  const fine: number[] = []
  for (let e = first - 1; e <= last; e++) {
    for (const factor of [1, 2, 5]) {
      const value = Number((factor * 10 ** e).toPrecision(12))
      if (value >= min * (1 - 1e-9) && value <= max * (1 + 1e-9)) fine.push(value)
    }
  }
  return fine
}

/** Ticks from 0 to 100 % that fit in so many pixels. */
export function percentTicks(room: number): number[] {
  const parts = room >= 150 ? 5 : room >= 40 ? 2 : 1
  return Array.from({ length: parts + 1 }, (_, i) => i / parts)
}

/**
 * Round ticks between the bounds, at least `gap` pixels apart where the axis is `room` pixels long;
 * whole numbers only where asked for.
 */
export function linearTicks({ min, max }: Bounds, room: number, gap: number, whole = false) {
  let count = Math.max(1, Math.floor(room / gap))
  // d3 takes the count for a wish: its ticks may be closer
  const apart = ((max - min) * gap) / Math.max(room, gap)
  while (count > 1 && tickStep(min, max, count) < apart) count--
  const found = ticks(min, max, count)
  return whole ? found.filter(Number.isInteger) : found
}
