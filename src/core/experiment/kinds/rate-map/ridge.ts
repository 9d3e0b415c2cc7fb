import { deviation, mean } from 'd3-array'

/** Accuracies this close to a column's best are as good as it. */
const AS_GOOD = 0.01

/** So many values from one to another in equal factors, in six digits. */
export function factorsBetween(least: number, greatest: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) =>
    Number((least * (greatest / least) ** (at / (count - 1))).toPrecision(6))
  )
}

/** A value of the y axis and what came of it, in ascending order of values. */
interface Measured {
  readonly value: number
  /** undefined where no run finished */
  readonly accuracy?: number
}

export interface Ridge {
  /** geometric middle of the values about the best that are as good as it */
  readonly middle: number
  readonly best: Required<Measured>
  /** the best values reach the end of what was tried: the middle may lie beyond */
  readonly open: boolean
}

/** Where a column is best; undefined where nothing was measured. */
export function ridgeOf(column: readonly Measured[]): Ridge | undefined {
  const measured = column.flatMap(({ value, accuracy }) =>
    accuracy === undefined ? [] : [{ value, accuracy }]
  )
  const most = Math.max(...measured.map(({ accuracy }) => accuracy))
  const at = column.findIndex(({ accuracy }) => accuracy === most)
  const best = measured.find(({ accuracy }) => accuracy === most)
  if (!best) return undefined
  const good = (place: number): boolean => (column[place]?.accuracy ?? -Infinity) >= most - AS_GOOD
  let [low, high] = [at, at]
  while (good(low - 1)) low--
  while (good(high + 1)) high++
  return {
    middle: Math.sqrt(column[low]!.value * column[high]!.value),
    best,
    open: low === 0 || high === column.length - 1
  }
}

/** The power p of y = c x^p that fits best in logarithms; undefined below three points. */
export function powerOf(
  points: readonly { readonly x: number; readonly y: number }[]
): number | undefined {
  if (points.length < 3) return undefined
  const logs = points.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }))
  const [x, y] = [mean(logs, (of) => of.x)!, mean(logs, (of) => of.y)!]
  const spread = deviation(logs, (of) => of.x)
  if (!spread) return undefined
  const together = mean(logs, (of) => (of.x - x) * (of.y - y))!
  return together / mean(logs, (of) => (of.x - x) ** 2)!
}
