import { describe, expect, it } from 'vitest'
import { chanceOf, hasUnequalClasses } from '../../../src/core/study/run'
import { runRecord } from '../../renderer/fixtures/runs'

/** Images per class in the test split of the chest X-rays of Kermany et al. 2018: normal, pneumonia. */
const PNEUMONIA = [234, 390]

describe('the chance of a run', () => {
  it('is the share of the most frequent class of the test images', () => {
    expect(chanceOf(runRecord({ testClassCounts: PNEUMONIA }))).toBe(0.625)
  })
  it('is 1 / k where all k classes are equally frequent', () => {
    expect(chanceOf(runRecord({ testClassCounts: Array(10).fill(1000) }))).toBe(0.1)
  })
  it('is that of its own two classes where it tells two apart', () => {
    const record = runRecord({ testClassCounts: [100, 30, 70, 800], config: { classes: [2, 1] } })
    expect(chanceOf(record)).toBe(0.7)
  })
  it('is unknown where the images per class are', () => {
    expect(chanceOf(runRecord({ testClassCounts: undefined }))).toBeUndefined()
    expect(chanceOf(runRecord({ testClassCounts: [0, 0] }))).toBeUndefined()
  })
})

describe('classes of a run', () => {
  it('are unequal where the most frequent has over a tenth more than its even share', () => {
    expect(hasUnequalClasses(runRecord({ testClassCounts: PNEUMONIA }))).toBe(true)
    expect(hasUnequalClasses(runRecord({ testClassCounts: Array(10).fill(1000) }))).toBe(false)
    // 0.52 of two: 4 % more
    expect(hasUnequalClasses(runRecord({ testClassCounts: [48, 52] }))).toBe(false)
    expect(hasUnequalClasses(runRecord({ testClassCounts: undefined }))).toBe(false)
    // of those that it tells apart
    const two = { testClassCounts: [10, 100, 100], config: { classes: [1, 2] as const } }
    expect(hasUnequalClasses(runRecord(two))).toBe(false)
  })
})
