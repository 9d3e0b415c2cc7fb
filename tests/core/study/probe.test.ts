import { expect, test } from 'vitest'
import { probeText, probeTextOf } from '../../../src/core/study/probe'
import { runRecord } from '../../renderer/fixtures/runs'

const TEN = new Array<number>(10).fill(1000)

test('what a network was measured on is said by split, number and class', () => {
  expect(probeText({ split: 'test', count: 1000 }, TEN)).toBe('1,000 test images, 100 a class')
  expect(probeText({ split: 'test', count: 1005 }, TEN)).toBe(
    '1,005 test images, drawn class by class'
  )
  expect(probeText({ split: 'test', count: 100 }, [234, 390])).toBe(
    '100 test images, drawn class by class'
  )
  expect(probeText({ split: 'train', count: 624 }, [234, 390])).toBe('all 624 training images')
  expect(probeText({ split: 'train', count: 50 }, undefined)).toBe(
    '50 training images, drawn at random'
  )
})

test('a run of two classes counts those only, and one of an earlier version says the first images', () => {
  const two = runRecord({
    config: { classes: [1, 9], output: 'sigmoid' },
    testClassCounts: TEN,
    probe: { split: 'test', count: 1000, seed: 0 }
  })
  expect(probeTextOf(two)).toBe('1,000 test images, 500 a class')
  const earlier = runRecord({ testCount: 10_000 })
  expect(probeTextOf(earlier)).toBe('the first 1,000 test images')
})
