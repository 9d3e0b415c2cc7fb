import { describe, expect, test } from 'vitest'
import { drawProbe, rowsOfRun, runLabels } from '../../../src/core/dataset/draw'

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

  test('are the same images whenever they are drawn', () => {
    const labels = sorted([500, 500])
    expect(drawProbe(labels, 50)).toEqual(drawProbe(labels, 50))
    expect(rowsOfRun(labels, { limit: 50 })).not.toEqual(drawProbe(labels, 50))
  })

  test('are from all over a class', () => {
    const labels = sorted([1000])
    const drawn = drawProbe(labels, 200)
    // 100 of 200 expected in either half, with a standard deviation of 6.3
    const late = drawn.filter((place) => place >= 500).length
    expect(Math.abs(late - 100)).toBeLessThan(30)
  })
})

describe('images of a run', () => {
  const labels = Int32Array.of(0, 0, 1, 1, 2, 2, 2, 2)

  test('are all of them, or those of two classes, which become 0 and 1', () => {
    expect([...rowsOfRun(labels, {})]).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    const two = rowsOfRun(labels, { classes: [2, 1] })
    expect([...two]).toEqual([2, 3, 4, 5, 6, 7])
    expect([...runLabels(labels, two, [2, 1])]).toEqual([1, 1, 0, 0, 0, 0])
  })

  test('are drawn class by class where there is a limit', () => {
    expect(countsOf(labels, rowsOfRun(labels, { limit: 4 }))).toEqual({ 0: 1, 1: 1, 2: 2 })
    const two = rowsOfRun(labels, { limit: 3, classes: [2, 1] })
    expect(countsOf(labels, two)).toEqual({ 1: 1, 2: 2 })
  })
})
