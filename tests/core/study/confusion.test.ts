import { describe, expect, test } from 'vitest'
import { balancedAccuracy, confusionMatrix } from '../../../src/core/study/confusion'
import { decodePredictions, encodePredictions } from '../../../src/core/study/predictions'

// three of class 0, one of class 1, none of class 2
const LABELS = [0, 0, 0, 1]
const GUESSES = [0, 0, 2, 1]

describe('what images are taken for', () => {
  test('is counted by label and guess; what is taken for nothing is left out', () => {
    expect(confusionMatrix(LABELS, GUESSES, 3)).toEqual([
      [2, 0, 1],
      [0, 1, 0],
      [0, 0, 0]
    ])
    expect(confusionMatrix([1, 1], [-1, 1], 2)).toEqual([
      [0, 0],
      [0, 1]
    ])
  })

  test('has the mean of the recalls of the classes that occur', () => {
    expect(balancedAccuracy(LABELS, GUESSES, 3)).toBeCloseTo((2 / 3 + 1) / 2, 12)
    // always the most frequent of two classes: half, however unequal they are
    expect(balancedAccuracy([0, 0, 0, 0, 1], [0, 0, 0, 0, 0], 2)).toBe(0.5)
    expect(balancedAccuracy([], [], 2)).toBeUndefined()
  })

  test('is kept in two bytes an image', () => {
    // 3 -> 03 00, 259 -> 03 01, none -> ff ff; base64 of 0300 0301 ffff by hand
    expect(encodePredictions(Int32Array.of(3, 259, -1))).toBe('AwADAf//')
    expect([...decodePredictions('AwADAf//')]).toEqual([3, 259, 65535])
  })
})
