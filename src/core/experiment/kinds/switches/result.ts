import { deviation } from 'd3-array'
import { mean } from '../../../statistics/mean'
import type { RunRecord } from '../../../study/run'

import { endOf } from '../../ends'
import type { End } from '../../ends'
import type { Trial } from './cells'
import { divide } from './shapley'

/** One row of the table: a combination of switches, or the second setting itself. */
export interface Row {
  /** undefined: the second setting itself */
  readonly cell?: number
  readonly ends: readonly End[]
  readonly accuracy?: number
}

export interface Share {
  /** mean over the seeds, in [-1, 1] */
  readonly share: number
  /** sample standard deviation over the seeds; absent with one */
  readonly spread?: number
  /** smallest and largest contribution over all orders, of the means over the seeds */
  readonly range?: readonly [low: number, high: number]
  /** of a part of the combinations: what it changes where it is switched before all others, and after them */
  readonly ends?: readonly [first: number, last: number]
  readonly bySeed: readonly number[]
}

/** What all runs together say; only once every one has ended. */
export interface Result {
  readonly from: readonly number[]
  readonly to: readonly number[]
  readonly gap: number
  readonly gapSpread?: number
  /** in the order of the switches */
  readonly shares: readonly Share[]
  /** of a part of the combinations: what no switch has for itself, mean over the seeds */
  readonly unassigned?: number
}

export function rowsOf(trial: Trial, runs: readonly RunRecord[]): Row[] {
  const { design, seeds, configOf, check } = trial
  const row = (ends: readonly End[], cell?: number): Row => {
    const there = ends.flatMap(({ accuracy }) => accuracy ?? [])
    return { cell, ends, accuracy: there.length === ends.length ? mean(there) : undefined }
  }
  const cells = design.cells.map((cell) =>
    row(
      seeds.map((seed) => endOf(runs, configOf(cell, seed))),
      cell
    )
  )
  return check ? [...cells, row(seeds.map((seed) => endOf(runs, check(seed))))] : cells
}

/** undefined while a row has a seed without an accuracy. */
export function resultOf({ design, seeds }: Trial, rows: readonly Row[]): Result | undefined {
  if (design.switches === 0 || rows.some(({ accuracy }) => accuracy === undefined)) return undefined
  const cells = rows.filter((row) => row.cell !== undefined)
  const values = (of: (row: Row) => number) => new Map(cells.map((row) => [row.cell!, of(row)]))
  const bySeed = seeds.map((_, at) =>
    divide(
      values(({ ends }) => ends[at]!.accuracy!),
      design
    )
  )
  const overall = divide(
    values(({ accuracy }) => accuracy!),
    design
  )
  const [from, to] = [cells[0]!, cells.at(-1)!].map(({ ends }) =>
    ends.map(({ accuracy }) => accuracy!)
  ) as [number[], number[]]
  const gaps = to.map((value, at) => value - from[at]!)
  return {
    from,
    to,
    gap: mean(gaps)!,
    gapSpread: deviation(gaps),
    shares: Array.from({ length: design.switches }, (_, at) => {
      const shares = bySeed.map((division) => division.shares[at]!)
      return {
        share: mean(shares)!,
        spread: deviation(shares),
        range: overall.ranges?.[at],
        ends: overall.ends?.[at],
        bySeed: shares
      }
    }),
    unassigned: overall.unassigned
  }
}
