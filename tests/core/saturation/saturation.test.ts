import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ACTIVATIONS, activationOf } from '../../../src/core/network/activations'
import type { NamedActivation } from '../../../src/core/network/activations'
import {
  deadUnitFraction,
  PreactivationMeter,
  PREACTIVATION_BINS,
  predictedSpread,
  SATURATION_THRESHOLD,
  unsaturatedRange
} from '../../../src/core/saturation/saturation'

/** Of all values at once. */
function meterOf(z: readonly number[], units: number, activation: NamedActivation) {
  const meter = new PreactivationMeter(units, activation)
  const values = Float32Array.from(z)
  meter.first(values)
  meter.second(values)
  return meter
}

/** The float32 z and the next ones on either side of it. */
function neighbours(z: number): number[] {
  const value = Float32Array.of(z)
  const bits = new Int32Array(value.buffer)
  return [-2, -1, 0, 1, 2].map((step) => {
    const near = bits.slice().map((each) => each + step)
    return new Float32Array(near.buffer)[0]!
  })
}

describe('saturation of a unit', () => {
  test('is the share of images where the derivative is below 5 % of its greatest', () => {
    // tanh' = 0.05 at artanh(sqrt(0.95)) = 2.1773
    const z = [0, 2.17, 2.18, -2.18, 100, -1, 0, -2.17]
    // rows: (0, 2.17) (2.18, -2.18) (100, -1) (0, -2.17)
    expect(meterOf(z, 2, activationOf('tanh')).saturation).toEqual([0.5, 0.25])
  })

  test('of a sigmoid begins at |z| = ln((1 + sqrt(0.95)) / (1 - sqrt(0.95))) = 4.3546', () => {
    const z = [4.35, 4.36, -4.35, -4.36]
    expect(meterOf(z, 1, activationOf('sigmoid')).saturation).toEqual([0.5])
  })

  test('of relu is where it is off, of a linear unit nowhere', () => {
    expect(meterOf([-1, 0, 1, 2], 1, activationOf('relu')).saturation).toEqual([0.5])
    expect(meterOf([-1, 0, 1, 2], 1, activationOf('linear')).saturation).toEqual([0])
  })

  test.each(ACTIVATIONS.map(({ id }) => id))("of %s is decided by two numbers as by f'", (id) => {
    const activation = activationOf(id)
    const [low, high] = unsaturatedRange(activation)
    const bound = SATURATION_THRESHOLD * activation.maxDerivative
    // each end and the float32 on either side of it, a few in the last place away
    const near = [low, high].filter(Number.isFinite).flatMap(neighbours)
    fc.assert(
      fc.property(
        fc.oneof(fc.float({ noNaN: true }), fc.float({ min: -6, max: 6, noNaN: true })),
        (z) => {
          for (const one of [z, ...near, 0, -0]) {
            expect(one >= low && one <= high).toBe(Math.abs(activation.derivative(one)) >= bound)
          }
        }
      )
    )
  })

  test('counts a pre-activation that is not a number', () => {
    expect(meterOf([NaN, 0], 1, activationOf('tanh')).saturation).toEqual([0.5])
  })
})

test('dead units are those whose greatest pre-activation is not above 0', () => {
  expect(deadUnitFraction([false, false, true, true])).toBe(0.5)
})

test('the predicted spread of Fashion-MNIST is 151.9 raw and 0.596 rescaled', () => {
  // E[x^2] = mean^2 + std^2 of the training bytes (72.94035223214286, 90.02118235130526), Glorot 784 -> 128
  const meanSquare = 72.94035223214286 ** 2 + 90.02118235130526 ** 2
  const weightStd = Math.sqrt(2 / (784 + 128))
  const raw = predictedSpread(784, weightStd, meanSquare)
  expect(raw).toBeCloseTo(151.9, 1)
  expect(predictedSpread(784, weightStd, meanSquare / 255 ** 2)).toBeCloseTo(raw / 255, 12)
})

const summaryOf = (z: readonly number[]) => meterOf(z, 1, activationOf('linear')).summary

describe('the summary of pre-activations', () => {
  test('has moments, extremes and 200 equal bins, the last one closed', () => {
    const summary = summaryOf([-1, 0, 0, 1])
    expect(summary).toMatchObject({ mean: 0, min: -1, max: 1 })
    expect(summary.std).toBeCloseTo(Math.SQRT1_2, 15)
    expect(summary.counts).toHaveLength(PREACTIVATION_BINS)
    expect(summary.counts[0]).toBe(1)
    expect(summary.counts[100]).toBe(2)
    expect(summary.counts[199]).toBe(1)
  })

  test('counts every value of a constant', () => {
    const { counts, std } = summaryOf([3, 3, 3])
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3)
    expect(std).toBe(0)
  })

  test('leaves out what is not finite, and is empty without values', () => {
    expect(summaryOf([NaN, 2, Infinity])).toMatchObject({ mean: 2, min: 2, max: 2 })
    expect(summaryOf([])).toEqual({ mean: 0, std: 0, min: 0, max: 0, counts: [] })
  })
})

test('the same is measured some images at a time', () => {
  const tanh = activationOf('tanh')
  const z = Float32Array.of(0, 2.125, 2.1875, -2.1875, 100, -1, NaN, -2.125)
  const meter = new PreactivationMeter(2, tanh)
  const parts = [z.slice(0, 2), z.slice(2)]
  for (const part of parts) meter.first(part)
  for (const part of parts) meter.second(part)
  expect(meter.saturation).toEqual([0.75, 0.25])
  // 0 + 2.125 + 2.1875 - 2.1875 + 100 - 1 - 2.125 = 99
  expect(meter.summary).toMatchObject({ min: -2.1875, max: 100 })
  expect(meter.summary.mean).toBeCloseTo(99 / 7, 12)
  expect(meter.summary.counts.reduce((sum, count) => sum + count, 0)).toBe(7)
  // squares: 2 x 2.125^2 + 2 x 2.1875^2 + 100^2 + 1 = 10019.6015625
  expect(meter.summary.std).toBeCloseTo(Math.sqrt(10019.6015625 / 7 - (99 / 7) ** 2), 10)
})
