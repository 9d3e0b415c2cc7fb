import { dense } from '../../../src/core/network/layers/layers'
import { describe, expect, test } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunConfig } from '../../../src/core/network/config'
import type { InitialiserId } from '../../../src/core/network/initialisers'
import { INITIALISERS } from '../../../src/core/network/initialisers'
import { outputOf } from '../../../src/core/network/outputs'
import { startWeights } from '../../start-weights'

const FEATURES = 784
const UNITS = 128

function kernel(initialiser: InitialiserId, change: Partial<RunConfig> = {}): Float32Array {
  return startWeights({ ...TUTORIAL_CONFIG, initialiser, ...change }, FEATURES, 10)[0]!
}

const std = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
const greatest = (values: Float32Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

// Published variances: Glorot & Bengio 2010 eq. 16, He et al. 2015 eq. 10, LeCun et al. 1998 eq. 16;
// bounds: a uniform distribution ends at sqrt(3) std, Keras' truncated normal at 2 / 0.87963 std.
const TRUNCATED = 2 / 0.87962566103423978
const EXPECTED: readonly [InitialiserId, number, number | undefined][] = [
  ['glorot-uniform', Math.sqrt(2 / (784 + 128)), Math.sqrt(3)],
  ['glorot-normal', Math.sqrt(2 / (784 + 128)), TRUNCATED],
  ['he-uniform', Math.sqrt(2 / 784), Math.sqrt(3)],
  ['he-normal', Math.sqrt(2 / 784), TRUNCATED],
  ['lecun-normal', Math.sqrt(1 / 784), TRUNCATED],
  ['normal', 0.05, undefined]
]

test('every initialiser has an expectation here', () => {
  expect(EXPECTED.map(([id]) => id)).toEqual(INITIALISERS.map(({ id }) => id))
})

describe.each(EXPECTED)('%s', (id, expectedStd, bound) => {
  const weights = kernel(id)

  test('has mean 0 and the published standard deviation', () => {
    expect(weights).toHaveLength(FEATURES * UNITS)
    const mean = weights.reduce((sum, value) => sum + value, 0) / weights.length
    // five standard errors of 100,352 draws
    expect(Math.abs(mean)).toBeLessThan((5 * expectedStd) / 316)
    expect(Math.abs(std(weights) / expectedStd - 1)).toBeLessThan(5 / Math.sqrt(2 * 100_352))
  })

  test('ends where its formula says', () => {
    if (bound === undefined) {
      // 100,352 draws of a normal distribution pass four standard deviations some six times
      expect(greatest(weights)).toBeGreaterThan(4 * expectedStd)
      return
    }
    expect(greatest(weights)).toBeLessThanOrEqual(Math.fround(bound * expectedStd))
    expect(greatest(weights)).toBeGreaterThan(0.999 * bound * expectedStd)
  })
})

test('Glorot uniform ends at sqrt(6 / 912) = 0.0811 for 784 inputs and 128 units', () => {
  expect(greatest(kernel('glorot-uniform'))).toBeLessThan(0.081112)
})

test('weights come layer by layer, kernel then bias, and biases are 0', () => {
  const config = { ...TUTORIAL_CONFIG, layers: [dense(5), dense(3)], initFactors: [1, 1, 1] }
  const weights = startWeights(config, 7, 2)
  expect(weights.map(({ length }) => length)).toEqual([35, 5, 15, 3, 6, 2])
  for (const bias of [weights[1]!, weights[3]!, weights[5]!]) {
    expect([...bias].every((value) => value === 0)).toBe(true)
  }
})

test('a factor multiplies the kernel of its layer and of no other', () => {
  const plain = startWeights(TUTORIAL_CONFIG, 7, 10)
  const scaled = startWeights({ ...TUTORIAL_CONFIG, initFactors: [1 / 255, 1] }, 7, 10)
  scaled[0]!.forEach((value, i) => expect(value * 255).toBeCloseTo(plain[0]![i]!, 6))
  expect(scaled[2]).toEqual(plain[2])
})

test('the seed decides, and the preprocessing does not', () => {
  const weights = (change: Partial<RunConfig>) =>
    startWeights({ ...TUTORIAL_CONFIG, ...change }, 20, 10)
  expect(weights({ choice: { id: 'raw' } })).toEqual(weights({ choice: { id: 'unit' } }))
  expect(weights({ seed: 1 })).not.toEqual(weights({ seed: 0 }))
})

test('a hidden layer more leaves the first one as it was', () => {
  const one = startWeights({ ...TUTORIAL_CONFIG, layers: [dense(6)] }, 20, 10)
  const two = startWeights(
    { ...TUTORIAL_CONFIG, layers: [dense(6), dense(4)], initFactors: [1, 1, 1] },
    20,
    10
  )
  expect(two[0]).toEqual(one[0])
})

test('a sigmoid output has one unit, a softmax one a class', () => {
  expect(outputOf('sigmoid').units(2)).toBe(1)
  expect(outputOf('softmax').units(10)).toBe(10)
})

test('first biases that undo an offset leave each unit’s sum as it is without the offset', () => {
  const offset = 37
  const change = { initFactors: [0.25, 1], input: { scale: 1, offset } } as const
  const start = (startBias: RunConfig['startBias']) =>
    startWeights({ ...TUTORIAL_CONFIG, ...change, layers: [dense(2)], startBias }, 3, 2)
  const [kernel, bias, , last] = start('undo-offset') as [
    Float32Array,
    Float32Array,
    0,
    Float32Array
  ]
  const [w00, w01, w10, w11, w20, w21] = kernel as unknown as [number, ...number[]]
  expect(bias[0]).toBeCloseTo(-offset * (w00 + w10! + w20!), 5)
  expect(bias[1]).toBeCloseTo(-offset * (w01! + w11! + w21!), 5)
  expect(Math.abs(bias[0]!)).toBeGreaterThan(0.1)
  expect([...last]).toEqual([0, 0])
  expect([...start('zero')[1]!]).toEqual([0, 0])
})
