import { describe, expect, test } from 'vitest'
import { ACTIVATIONS, activationOf, sigmoid } from '../../../src/core/network/activations'

const POINTS = Array.from({ length: 161 }, (_, i) => (i - 80) / 10 + 0.03)

describe.each(ACTIVATIONS.map(({ id }) => [id, activationOf(id)] as const))('%s', (_id, record) => {
  test('has the derivative that its values have', () => {
    for (const z of POINTS) {
      const step = 1e-5
      const slope = (record.value(z + step) - record.value(z - step)) / (2 * step)
      expect(record.derivative(z)).toBeCloseTo(slope, 7)
    }
  })

  test('has no derivative above the greatest one, and reaches it', () => {
    const found = [0, 1e-9, ...POINTS].map((z) => Math.abs(record.derivative(z)))
    expect(Math.max(...found)).toBeCloseTo(record.maxDerivative, 12)
    expect(Math.max(...found)).toBeLessThanOrEqual(record.maxDerivative * (1 + 1e-12))
  })

  test('stays within its range and comes near both ends', () => {
    if (!record.range) {
      expect(record.value(1e6)).toBe(1e6)
      return
    }
    const [low, high] = record.range
    expect(record.value(-1000)).toBeCloseTo(low, 12)
    expect(record.value(1000)).toBeCloseTo(high, 12)
  })

  test('is finite wherever pre-activations may be', () => {
    for (const z of [-1e30, -1000, 1000, 1e30]) {
      expect(Number.isFinite(record.value(z))).toBe(true)
      expect(Number.isFinite(record.derivative(z))).toBe(true)
    }
  })
})

test('values by hand', () => {
  expect(sigmoid(0)).toBe(0.5)
  expect(sigmoid(Math.log(3))).toBeCloseTo(0.75, 15)
  expect(activationOf('relu').value(-2)).toBe(0)
  expect(activationOf('relu').derivative(0)).toBe(0)
  expect(activationOf('leaky-relu', { leakySlope: 0.2 }).value(-2)).toBeCloseTo(-0.4, 15)
  expect(activationOf('leaky-relu').value(-2)).toBeCloseTo(-0.02, 15)
  // LeCun et al. 1998, section 4.4: f(1) = 1, f(-1) = -1, greatest slope near 1.14
  expect(activationOf('lecun-tanh').value(1)).toBeCloseTo(1, 4)
  expect(activationOf('lecun-tanh').value(-1)).toBeCloseTo(-1, 4)
  expect(activationOf('lecun-tanh').maxDerivative).toBeCloseTo(1.14393, 5)
})
