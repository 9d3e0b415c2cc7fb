import { describe, expect, it } from 'vitest'
import { designOf, isOn } from '../../../../src/core/experiment/kinds/switches/design'
import { divide } from '../../../../src/core/experiment/kinds/switches/shapley'

/** The value of each combination that a design has. */
function valuesOf(switches: number, value: (on: readonly boolean[]) => number) {
  const design = designOf(switches)
  const flags = (cell: number): boolean[] =>
    Array.from({ length: switches }, (_, at) => isOn(cell, at))
  return { design, values: new Map(design.cells.map((cell) => [cell, value(flags(cell))])) }
}

function sharesOf(switches: number, value: (on: readonly boolean[]) => number) {
  const { design, values } = valuesOf(switches, value)
  return divide(values, design)
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

/** Numbers in [0, 1) without a pattern, alike on every machine. */
function numbersFrom(seed: number): () => number {
  let state = seed
  return () => (state = (state * 16807) % 2147483647) / 2147483647
}

describe('Shapley shares', () => {
  it('divide the glove game as published: 2/3, 1/6, 1/6', () => {
    // one left glove, two right ones; a pair is worth 1 (Shapley & Shubik 1969)
    const { shares, ranges } = sharesOf(3, ([left, ...right]) =>
      left && right.includes(true) ? 1 : 0
    )
    ;[2 / 3, 1 / 6, 1 / 6].forEach((share, at) => expect(shares[at]).toBeCloseTo(share, 14))
    expect(ranges).toEqual([
      [0, 1],
      [0, 1],
      [0, 1]
    ])
  })

  it('divide the airport game as published: each runway length among those who need it', () => {
    // costs 1, 2, 4: shares 1/3, 1/3 + 1/2, 1/3 + 1/2 + 2 (Littlechild & Owen 1973)
    const costs = [1, 2, 4]
    const { shares } = sharesOf(3, (on) => Math.max(0, ...costs.filter((_, at) => on[at])))
    ;[1 / 3, 5 / 6, 17 / 6].forEach((share, at) => expect(shares[at]).toBeCloseTo(share, 14))
  })

  it('are the means over both orders of two switches, which stand in the range', () => {
    // a alone adds .3, b alone .1, both .7: a adds .3 or .6, b .1 or .4
    const { shares, ranges } = sharesOf(2, ([a, b]) => (a && b ? 0.7 : a ? 0.3 : b ? 0.1 : 0))
    expect(shares[0]).toBeCloseTo(0.45, 14)
    expect(shares[1]).toBeCloseTo(0.25, 14)
    expect(ranges![0]!.map((end) => Number(end.toFixed(12)))).toEqual([0.3, 0.6])
    expect(ranges![1]!.map((end) => Number(end.toFixed(12)))).toEqual([0.1, 0.4])
  })

  it('give a switch alone all of it, and one without effect nothing', () => {
    expect(sharesOf(1, ([a]) => (a ? 0.9 : 0.2)).shares[0]).toBeCloseTo(0.7, 14)
    expect(sharesOf(2, ([a]) => (a ? 0.9 : 0.2)).shares[1]).toBe(0)
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16])('of %i switches sum to the gap', (switches) => {
    const next = numbersFrom(switches)
    const { design, values } = valuesOf(switches, () => next())
    const gap = values.get(design.cells.at(-1)!)! - values.get(0)!
    expect(Math.abs(sum(divide(values, design).shares) - gap)).toBeLessThan(1e-12)
  })
})

describe('a design', () => {
  it('has all combinations of up to five switches, from none to all, the first switch changing last', () => {
    expect(designOf(2)).toMatchObject({
      ...{ kind: 'full', switches: 2, cells: [0b00, 0b10, 0b01, 0b11] }
    })
    expect(new Set(designOf(5).cells).size).toBe(32)
  })

  it.each([
    [6, 16],
    [8, 16],
    [9, 32],
    [16, 32]
  ])(
    'of %i switches has a fraction of %i combinations, none and all among them',
    (switches, count) => {
      const { kind, cells, fraction } = designOf(switches)
      expect(kind).toBe('fractional')
      expect(new Set(fraction).size).toBe(count)
      expect(cells).toEqual(expect.arrayContaining([...fraction]))
      expect(new Set(cells).size).toBe(cells.length)
      expect(cells[0]).toBe(0)
      expect(cells.at(-1)).toBe(2 ** switches - 1)
    }
  )

  it.each([6, 8, 16])('of %i switches has each alone, and all but each', (switches) => {
    const { cells } = designOf(switches)
    const all = 2 ** switches - 1
    for (let at = 0; at < switches; at++) {
      expect(cells).toContain(2 ** at)
      expect(cells).toContain(all - 2 ** at)
    }
  })

  it.each([6, 7, 8, 11])('of %i switches has resolution IV', (switches) => {
    const { fraction: cells } = designOf(switches)
    const sign = (cell: number, at: number): number => (isOn(cell, at) ? 1 : -1)
    const product = (...at: number[]): number =>
      sum(cells.map((cell) => at.reduce((made, one) => made * sign(cell, one), 1)))
    for (let a = 0; a < switches; a++) {
      expect(product(a)).toBe(0)
      for (let b = 0; b < a; b++) {
        expect(product(a, b)).toBe(0)
        for (let c = 0; c < b; c++) expect(product(a, b, c)).toBe(0)
      }
    }
  })

  it('of six switches finds the Shapley shares where no three act together', () => {
    // each pair's effect is shared by the two: a share is its own effect and half of those with others
    const own = [0.3, -0.1, 0.05, 0.2, 0, 0.1]
    const pairs = new Map([
      ['0 1', 0.2],
      ['1 4', -0.12],
      ['2 5', 0.06]
    ])
    const { shares, ranges, ends, unassigned } = sharesOf(6, (on) => {
      let value = sum(own.filter((_, at) => on[at]))
      for (const [key, effect] of pairs) {
        const [a, b] = key.split(' ').map(Number) as [number, number]
        if (on[a] && on[b]) value += effect
      }
      return value
    })
    const expected = [0.4, -0.06, 0.08, 0.2, -0.06, 0.13]
    expected.forEach((share, at) => expect(shares[at]).toBeCloseTo(share, 12))
    expect(unassigned).toBeCloseTo(0, 12)
    expect(ranges).toBeUndefined()
    // first: its own effect; last: with those of all pairs that it is in
    const last = [0.5, -0.02, 0.11, 0.2, -0.12, 0.16]
    ends!.forEach(([first, end], at) => {
      expect(first).toBeCloseTo(own[at]!, 12)
      expect(end).toBeCloseTo(last[at]!, 12)
    })
  })

  it('of six switches says what of the gap no switch has for itself', () => {
    // all six together alone give 1: the mean with one on less with it off is 1/8
    const { shares, ends, unassigned } = sharesOf(6, (on) => (on.every(Boolean) ? 1 : 0))
    expect(ends).toEqual(Array.from({ length: 6 }, () => [0, 1]))
    expect(unassigned).toBeCloseTo(1 - 6 / 8, 12)
    for (const share of shares) expect(share).toBeCloseTo(1 / 6, 12)
  })
})
