import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../src/core/random'
import { channelMoments, featureMoments } from '../../../src/core/statistics/moments'
import {
  joined,
  shardUnits,
  sumOf,
  unitImages,
  withoutImages
} from '../../../src/core/statistics/pieces'
import type { Piece } from '../../../src/core/statistics/pieces'
import { addImages, createSummary } from '../../../src/core/statistics/summary'

const SHAPE = { height: 1, width: 2, channels: 1, dtype: 'float32' } as const
const UNITS = 13

/** Floats over forty powers of two, so that sums are rounded and their order shows. */
function unitPieces(): Piece[] {
  const random = createRandom(7, 'pieces')
  return Array.from({ length: UNITS }, (_, from) => {
    const summary = createSummary(SHAPE)
    const pixels = Float32Array.from(
      { length: 60 },
      () => (random.uniform() - 0.5) * 2 ** (80 * random.uniform() - 40)
    )
    addImages(summary, pixels, 30)
    return { from, to: from + 1, summary: withoutImages(summary) }
  })
}

const told = (pieces: readonly Piece[]): unknown => {
  const summary = sumOf(pieces, SHAPE)
  const { sum, sumError, sumOfSquares, sumOfSquaresError } = summary.featureSums!
  return [
    ...[sum, sumError, sumOfSquares, sumOfSquaresError].map((row) => [...row]),
    channelMoments(summary),
    [...featureMoments(summary).std]
  ]
}

describe('pieces of a split', () => {
  const units = unitPieces()
  const onePass = told(joined(units, 'float32'))

  it('are rounded alike in any number of shards, merged in any order and grouping', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 * UNITS }),
        fc.infiniteStream(fc.integer({ min: 0, max: 1000 })),
        (shards, numbers) => {
          let parts = Array.from({ length: shards }, (_, at) => {
            const [from, to] = shardUnits(UNITS, at + 1, shards)
            return joined(units.slice(from, to), 'float32')
          })
          while (parts.length > 1) {
            const [a] = parts.splice(numbers.next().value! % parts.length, 1)
            const [b] = parts.splice(numbers.next().value! % parts.length, 1)
            parts = [...parts, joined([...a!, ...b!], 'float32')]
          }
          expect(told(parts[0]!)).toEqual(onePass)
        }
      ),
      { numRuns: 60 }
    )
  })

  it('would be rounded otherwise if floats were joined wherever they meet', () => {
    const careless = [3, 7, UNITS].map((to, at, ends) =>
      sumOf(units.slice(ends[at - 1] ?? 0, to), SHAPE)
    )
    const pieces = careless.map((summary, at) => ({ from: at, to: at + 1, summary }))
    expect(told(pieces)).not.toEqual(onePass)
  })

  it('are few: of floats one for each power of two, of whole numbers one', () => {
    expect(joined(units, 'float32').map(({ from, to }) => [from, to])).toEqual([
      [0, 8],
      [8, 12],
      [12, 13]
    ])
    const whole = { ...SHAPE, dtype: 'uint8' as const }
    const bytes = [4, 0, 2].map((from) => {
      const summary = createSummary(whole)
      addImages(summary, Uint8Array.of(from, 1, 200, 3), 2)
      return { from, to: from + 2, summary }
    })
    expect(joined(bytes, 'uint8').map(({ from, to }) => [from, to])).toEqual([[0, 6]])
  })
})

describe('shards', () => {
  it('cover all units once, and differ by one unit at most', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10 ** 10 }),
        fc.integer({ min: 1, max: 50 }),
        (units, shards) => {
          const cuts = Array.from({ length: shards }, (_, at) => shardUnits(units, at + 1, shards))
          expect(cuts[0]![0]).toBe(0)
          expect(cuts.at(-1)![1]).toBe(units)
          cuts.forEach(([from], at) => at > 0 && expect(from).toBe(cuts[at - 1]![1]))
          const sizes = cuts.map(([from, to]) => to - from)
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
        }
      )
    )
  })

  it('cut floats in units of a million values, at most 4,096 of them', () => {
    expect(unitImages('uint8', 60_000, 784)).toBe(1)
    expect(unitImages('float32', 60_000, 784)).toBe(1276)
    expect(unitImages('float32', 10 ** 10, 784)).toBe(2_441_407)
    expect(unitImages('float32', 5, 4_000_000)).toBe(1)
  })
})
