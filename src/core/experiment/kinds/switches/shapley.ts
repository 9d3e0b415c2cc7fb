import { countOn, isOn } from './design'
import type { Design } from './design'

/** A number for every combination of switches. */
type Values = ReadonlyMap<number, number>

/** How a gap is divided among the switches. */
interface Division {
  readonly shares: readonly number[]
  /** smallest and largest contribution over all orders of switching; only where all combinations are there */
  readonly ranges?: readonly (readonly [low: number, high: number])[]
  /** what each switch changes where it is switched before all others, and after them; of a part of the combinations */
  readonly ends?: readonly (readonly [first: number, last: number])[]
  /** of a part of the combinations: what of the gap no switch has for itself, shared out equally */
  readonly unassigned?: number
}

/** What turning one switch on does, with each set of the others on. */
function contributions(values: Values, switches: number, at: number) {
  const others = Array.from({ length: 2 ** switches }, (_, cell) => cell).filter(
    (cell) => !isOn(cell, at)
  )
  return others.map((cell) => ({
    before: cell,
    change: values.get(cell | (1 << at))! - values.get(cell)!
  }))
}

/**
 * Shapley 1953: the mean of a switch's contribution over all orders in which the switches can be
 * turned on. A set of s others is what was turned on before in s! (k - s - 1)! of the k! orders.
 */
function shapley(values: Values, switches: number): Division {
  const weights = orderWeights(switches)
  const all = Array.from({ length: switches }, (_, at) => contributions(values, switches, at))
  return {
    shares: all.map((of) =>
      of.reduce((sum, { before, change }) => sum + weights[countOn(before)]! * change, 0)
    ),
    ranges: all.map((of) => {
      const changes = of.map(({ change }) => change)
      return [Math.min(...changes), Math.max(...changes)]
    })
  }
}

/** s! (k - s - 1)! / k! for s = 0 … k - 1 */
function orderWeights(switches: number): number[] {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))
  return Array.from(
    { length: switches },
    (_, s) => (factorial(s) * factorial(switches - s - 1)) / factorial(switches)
  )
}

/**
 * Main effects: the mean with a switch on less the mean with it off. They are Shapley values where no
 * three switches or more act together, for the effect of two together adds nothing to the gap's
 * halves. What they leave of the gap is shared out equally.
 */
function mainEffects(values: Values, { fraction: cells, switches }: Design): Division {
  const effects = Array.from({ length: switches }, (_, at) => {
    const sum = cells.reduce(
      (total, cell) => total + (isOn(cell, at) ? 1 : -1) * values.get(cell)!,
      0
    )
    return sum / (cells.length / 2)
  })
  const gap = values.get(cells.at(-1)!)! - values.get(cells[0]!)!
  const unassigned = gap - effects.reduce((sum, effect) => sum + effect, 0)
  const shares = effects.map((effect) => effect + unassigned / switches)
  const all = 2 ** switches - 1
  const ends = effects.map((_, at) => {
    const own = 1 << at
    return [values.get(own)! - values.get(0)!, values.get(all)! - values.get(all ^ own)!] as const
  })
  return { shares, ends, unassigned }
}

/** Divides what all switches together change among them; the shares sum to it. */
export function divide(values: Values, design: Design): Division {
  return design.kind === 'full' ? shapley(values, design.switches) : mainEffects(values, design)
}
