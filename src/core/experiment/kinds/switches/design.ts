/** Which combinations of switches are trained; bit i of a cell is on where switch i is. */
export interface Design {
  /** all combinations, or a part of them */
  readonly kind: 'full' | 'fractional'
  readonly switches: number
  /** the first has all off, the last all on */
  readonly cells: readonly number[]
  /** those that shares are worked out of: all, or a regular fraction */
  readonly fraction: readonly number[]
}

/** Up to so many switches all combinations are trained. */
const MOST_FULL = 5

export const isOn = (cell: number, at: number): boolean => ((cell >> at) & 1) === 1

/** How many switches of a cell are on. */
export function countOn(of: number): number {
  let count = 0
  for (let rest = of; rest > 0; rest >>= 1) count += rest & 1
  return count
}

/** All of 0 … 2^count - 1, as a table has them: the first bit changes last. */
function inOrder(count: number): number[] {
  return Array.from({ length: 2 ** count }, (_, row) =>
    Array.from({ length: count }, (_, at) => ((row >> (count - 1 - at)) & 1) << at).reduce(
      (a, b) => a | b,
      0
    )
  )
}

/**
 * All 2^k combinations of up to five switches. Of more, a regular fraction of resolution IV (Box &
 * Hunter 1961): 2^m combinations of m switches, with 2^(m - 1) at least as many as there are switches;
 * each further switch is on where an odd number of three, five … of the first m are. So all off and
 * all on are among them, and no switch is confounded with an interaction of two, only with some of
 * three and more. Beside the fraction stand each switch alone and all but each, so that what a switch
 * changes first of all and last of all is measured.
 */
export function designOf(switches: number): Design {
  if (switches <= MOST_FULL) {
    const cells = inOrder(switches)
    return { kind: 'full', switches, cells, fraction: cells }
  }
  let basic = MOST_FULL - 1
  while (2 ** (basic - 1) < switches) basic++
  const columns = Array.from({ length: 2 ** basic }, (_, column) => column)
    .filter((column) => countOn(column) % 2 === 1)
    .sort((a, b) => countOn(a) - countOn(b) || a - b)
    .slice(0, switches)
  const fraction = inOrder(basic).map((row) =>
    columns.reduce((cell, column, at) => cell | ((countOn(row & column) % 2) << at), 0)
  )
  const all = 2 ** switches - 1
  const alone = Array.from({ length: switches }, (_, at) => 1 << at)
  const beside = [...alone, ...alone.map((cell) => all ^ cell)]
  const cells = [...new Set([...fraction.slice(0, -1), ...beside, all])]
  return { kind: 'fractional', switches, cells, fraction }
}
