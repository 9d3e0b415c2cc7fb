import { describe, expect, it } from 'vitest'
import {
  accuracies,
  differs,
  hasLearned,
  spreadOf,
  standardError
} from '../../../src/core/experiment/results'
import { runRecord } from '../../renderer/fixtures/runs'

describe('the standard error of an accuracy', () => {
  it('is that of a share of so many images, with one image more, half right and half wrong', () => {
    // (8 + .5) / 11 = .7727; sqrt(.7727 × .2273 / 11) = .12636
    expect(standardError(0.8, 10)).toBeCloseTo(0.12636, 4)
    // sqrt(.8 × .2 / 10,000) = .004, all but untouched by one image more
    expect(standardError(0.8, 10_000)).toBeCloseTo(0.004, 5)
  })

  it('is not 0 where a few images are all right', () => {
    // (12.5 / 13): sqrt(.96154 × .03846 / 13) = .05334
    expect(standardError(1, 12)).toBeCloseTo(0.05334, 4)
  })

  it('is of the images of the classes that the run tells apart', () => {
    const testClassCounts = [10, 1000, 10]
    const two = runRecord({ testClassCounts, config: { classes: [0, 2] } }, [0.5, 0.8])
    expect(accuracies([two])!.error).toBeCloseTo(standardError(0.8, 20), 12)
  })

  it('is of the training images where nothing is tested', () => {
    const { testClassCounts: _, ...run } = runRecord({ testCount: 0, trainCount: 50 }, [0.5, 0.8])
    expect(accuracies([run])!.error).toBeCloseTo(standardError(0.8, 50), 12)
  })
})

describe('a difference', () => {
  it('is seen where it is larger than the spread over seeds and the standard error', () => {
    const of = (mean: number, std: number, error: number) => ({ values: [mean], mean, std, error })
    expect(spreadOf(of(0.8, 0.01, 0.02), of(0.7, 0.03, 0.004))).toBe(0.03)
    expect(differs(of(0.8, 0.01, 0.004), of(0.78, 0.01, 0.004))).toBe(true)
    expect(differs(of(0.8, 0.03, 0.004), of(0.78, 0.01, 0.004))).toBe(false)
    expect(differs(of(0.8, 0.01, 0.03), of(0.78, 0.01, 0.004))).toBe(false)
  })
})

describe('whether anything was learned', () => {
  const run = runRecord({ testClassCounts: [14, 6] })

  it('is told by the most frequent class and the number of images', () => {
    // chance 70 %, its standard error on 20 images 10 points
    expect(hasLearned(0.7, run)).toBe(false)
    expect(hasLearned(0.75, run)).toBe(false)
    expect(hasLearned(0.85, run)).toBe(true)
    expect(hasLearned(0.75, runRecord({ testClassCounts: [1400, 600] }))).toBe(true)
  })

  it('is taken for so where the images of the classes are not known', () => {
    const { testClassCounts: _, ...older } = run
    expect(hasLearned(0.1, older)).toBe(true)
  })
})
