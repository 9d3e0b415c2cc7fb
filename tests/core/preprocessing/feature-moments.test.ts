import { expect, test } from 'vitest'
import { transformedFeatureMoments } from '../../../src/core/preprocessing/feature-moments'
import { fit } from '../../../src/core/preprocessing/fit'
import type { ChoiceSpec } from '../../../src/core/preprocessing/preprocessing'
import { addImages, createSummary } from '../../../src/core/statistics/summary'

/** Two pixels: 0 and 255 in one, 51 in both of the other. */
function momentsAfter(choice: ChoiceSpec) {
  const summary = createSummary({ height: 1, width: 2, channels: 1, dtype: 'uint8' })
  addImages(summary, Uint8Array.of(0, 51, 255, 51), 2)
  return transformedFeatureMoments(fit(choice, summary), summary)
}

test('mean and std of each pixel follow where a choice is a shift and a scale', () => {
  const unit = momentsAfter({ id: 'unit' })!
  expect([...unit.mean]).toEqual([0.5, 0.2])
  expect([...unit.std]).toEqual([0.5, 0])
  const own = momentsAfter({ id: 'custom', centre: [51], divisor: [-51] })!
  expect(own.mean[0]).toBe(-1.5)
  expect(own.mean[1]).toBeCloseTo(0, 12)
  expect([...own.std]).toEqual([2.5, 0])
})

test('they are not known so where each image has constants of its own', () => {
  expect(momentsAfter({ id: 'per-image' })).toBeUndefined()
})
