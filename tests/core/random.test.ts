import { describe, expect, test } from 'vitest'
import { createRandom, epochOrder } from '../../src/core/random'

const many = (draw: () => number, count = 100_000): number[] => Array.from({ length: count }, draw)
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

test('a seed and a stream give the same numbers each time', () => {
  const draw = (seed: number, stream: string) => many(createRandom(seed, stream).uniform, 5)
  expect(draw(1, 'weights')).toEqual(draw(1, 'weights'))
  expect(draw(1, 'weights')).not.toEqual(draw(1, 'shuffle'))
  expect(draw(1, 'weights')).not.toEqual(draw(2, 'weights'))
  // seeds that differ above 32 bits, too
  expect(draw(1, 'weights')).not.toEqual(draw(1 + 2 ** 32, 'weights'))
})

test('a seed that is no whole number from 0 is refused', () => {
  for (const seed of [-1, 0.5, NaN, Infinity]) expect(() => createRandom(seed)).toThrow(RangeError)
})

describe('uniform numbers', () => {
  const values = many(createRandom(3, 'uniform').uniform)

  test('lie in [0, 1)', () => {
    expect(Math.min(...values.slice(0, 1e4))).toBeGreaterThanOrEqual(0)
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true)
  })

  test('have mean 1/2 and variance 1/12 within five standard errors', () => {
    expect(Math.abs(mean(values) - 0.5)).toBeLessThan((5 * Math.sqrt(1 / 12)) / Math.sqrt(1e5))
    const variance = mean(values.map((value) => (value - 0.5) ** 2))
    // Var((u - 1/2)^2) = 1/80 - 1/144
    expect(Math.abs(variance - 1 / 12)).toBeLessThan((5 * Math.sqrt(1 / 80 - 1 / 144)) / 316.2)
  })

  test('do not follow from the one before', () => {
    const products = values.slice(1).map((value, i) => (value - 0.5) * (values[i]! - 0.5) * 12)
    expect(Math.abs(mean(products))).toBeLessThan(5 / Math.sqrt(1e5))
  })
})

test('normal numbers have the moments of the standard normal within five standard errors', () => {
  const values = many(createRandom(4, 'normal').normal)
  const error = 5 / Math.sqrt(values.length)
  expect(Math.abs(mean(values))).toBeLessThan(error)
  expect(Math.abs(mean(values.map((z) => z ** 2)) - 1)).toBeLessThan(Math.sqrt(2) * error)
  expect(Math.abs(mean(values.map((z) => z ** 3)))).toBeLessThan(Math.sqrt(15) * error)
  expect(Math.abs(mean(values.map((z) => z ** 4)) - 3)).toBeLessThan(Math.sqrt(96) * error)
  // P(|z| < 1) = 0.682689...
  const inside = mean(values.map((z) => (Math.abs(z) < 1 ? 1 : 0)))
  expect(Math.abs(inside - 0.6826894921)).toBeLessThan(0.466 * error)
})

test('whole numbers below a limit are all equally likely', () => {
  const random = createRandom(5, 'integer')
  const counts = [0, 0, 0, 0, 0, 0]
  for (let i = 0; i < 60_000; i++) counts[random.integer(6)]!++
  // chi square, 5 degrees of freedom: 20.5 is passed once in a thousand
  const chi = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)
  expect(chi).toBeLessThan(20.5)
  expect(createRandom(5).integer(1)).toBe(0)
  for (const limit of [0, -1, 1.5, 2 ** 33]) expect(() => random.integer(limit)).toThrow(RangeError)
})

test('whole numbers below a limit over half the range of 32 bits are not biased', () => {
  // A plain remainder would give numbers below 2^30 twice as often as the rest.
  const random = createRandom(6, 'bias')
  const low = many(() => (random.integer(3 * 2 ** 30) < 2 ** 30 ? 1 : 0), 30_000)
  expect(Math.abs(mean(low) - 1 / 3)).toBeLessThan((5 * Math.sqrt(2 / 9)) / Math.sqrt(30_000))
})

describe('the order of an epoch', () => {
  test('is a permutation of all images', () => {
    const order = epochOrder(0, 1, 1000)
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i))
    expect([...order]).not.toEqual([...order].sort((a, b) => a - b))
  })

  test('depends on the seed and the epoch and on nothing else', () => {
    expect(epochOrder(0, 1, 100)).toEqual(epochOrder(0, 1, 100))
    expect(epochOrder(0, 1, 100)).not.toEqual(epochOrder(0, 2, 100))
    expect(epochOrder(0, 1, 100)).not.toEqual(epochOrder(1, 1, 100))
  })

  test('is each of the six orders of three images equally often', () => {
    const counts = new Map<string, number>()
    for (let seed = 0; seed < 12_000; seed++) {
      const order = epochOrder(seed, 1, 3).join()
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    const chi = [...counts.values()].reduce((sum, n) => sum + (n - 2000) ** 2 / 2000, 0)
    expect(chi).toBeLessThan(20.5)
  })

  test('of no image and of one image', () => {
    expect([...epochOrder(0, 1, 0)]).toEqual([])
    expect([...epochOrder(0, 1, 1)]).toEqual([0])
  })
})
