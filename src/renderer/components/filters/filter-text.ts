import { plain } from '../../../core/numbers'
import type { Range } from '../../state/filters.svelte'

/** An end that was left open, as the engine takes it: every finite number is inside. */
const OPEN: Range = [-Number.MAX_VALUE, Number.MAX_VALUE]

/** The range of two optional ends; undefined when both are open. Ends in the wrong order are swapped. */
export function rangeOf(low: number | undefined, high: number | undefined): Range | undefined {
  if (low === undefined && high === undefined) return undefined
  const ends: Range = [low ?? OPEN[0], high ?? OPEN[1]]
  return ends[0] <= ends[1] ? ends : [ends[1], ends[0]]
}

/** The end of a range, undefined where it is open. */
export function endOf(range: Range | undefined, end: 0 | 1): number | undefined {
  return range === undefined || range[end] === OPEN[end] ? undefined : range[end]
}

/** 'Mean above 60', 'Std below 20', 'Mean 60 to 80'. */
export function rangeText(name: string, range: Range): string {
  const [low, high] = [endOf(range, 0), endOf(range, 1)]
  if (low === undefined) return `${name} below ${plain(high ?? 0)}`
  if (high === undefined) return `${name} above ${plain(low)}`
  return `${name} ${plain(low)} to ${plain(high)}`
}
