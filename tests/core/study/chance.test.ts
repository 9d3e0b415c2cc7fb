import { describe, expect, it } from 'vitest'
import { chanceOf } from '../../../src/core/study/run'
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
