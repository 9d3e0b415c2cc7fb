import { describe, expect, test } from 'vitest'
import { drawPerClass, drawProbe } from '../../../src/core/dataset/draw'

/** Labels of a split that is sorted by class. */
const sorted = (counts: readonly number[]): Int32Array =>
  Int32Array.from(counts.flatMap((count, label) => new Array<number>(count).fill(label)))

function countsOf(labels: Int32Array, places: Int32Array): Record<number, number> {
  const found: Record<number, number> = {}
  for (const place of places) found[labels[place]!] = (found[labels[place]!] ?? 0) + 1
  return found
}

describe('images drawn class by class', () => {
  test('are as many of each class where the classes are equal', () => {
    const labels = sorted(new Array<number>(10).fill(100))
    const drawn = drawProbe(labels, 200)
    expect(Object.values(countsOf(labels, drawn))).toEqual(new Array(10).fill(20))
    expect(new Set(drawn).size).toBe(200)
    expect([...drawn]).toEqual([...drawn].sort((a, b) => a - b))
  })

  test('are in proportion to the classes, the rest to the largest remainders', () => {
    // 10 of 624: 390 x 10 / 624 = 6.25 and 234 x 10 / 624 = 3.75
    expect(countsOf(sorted([234, 390]), drawProbe(sorted([234, 390]), 10))).toEqual({ 0: 4, 1: 6 })
  })

  test('are all where there are no more', () => {
    expect([...drawProbe(sorted([2, 1]), 1000)]).toEqual([0, 1, 2])
  })

  test('are the same images whenever they are drawn, and others under another name', () => {
    const labels = sorted([500, 500])
    expect(drawProbe(labels, 50)).toEqual(drawProbe(labels, 50))
    expect(drawPerClass(labels, 50, 'other')).not.toEqual(drawProbe(labels, 50))
  })

  test('are from all over a class', () => {
    const labels = sorted([1000])
    const drawn = drawProbe(labels, 200)
    // 100 of 200 expected in either half, with a standard deviation of 6.3
    const late = drawn.filter((place) => place >= 500).length
    expect(Math.abs(late - 100)).toBeLessThan(30)
  })
})
