import { evaluateAll } from '../whole-split'
import { dense } from '../../../../src/core/network/layers/layers'
import { describe, expect, test } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../../src/core/network/config'
import { idsOf } from '../../../../src/core/network/setting'
import { ACTIVATIONS } from '../../../../src/core/network/activations'
import { LOSSES } from '../../../../src/core/network/losses'
import { OPTIMISERS } from '../../../../src/core/network/optimisers'
import { evaluateReference, relativeError, trainReference } from '../reference-network'
import { caseOf, FEATURES, ORDER, referenceOf, start, TEST, weightsOf } from './fixture'
import type { Case } from './fixture'

/** Trains both, compares weights and sums, and evaluates the test split. */
async function compare(given: Case): Promise<void> {
  const session = await start(given)
  try {
    const { batch } = given.config
    const half = Math.floor(ORDER.length / batch / 2)
    const first = session.steps(ORDER.subarray(0, half * batch), 0)
    const second = session.steps(ORDER.subarray(half * batch), half)
    const reference = trainReference({ ...referenceOf(given, 'train'), order: ORDER })
    const initial = weightsOf(given)
    expect(relativeError(session.read(), reference.weights, initial)).toBeLessThan(1e-5)
    expect((first.loss + second.loss) / reference.loss).toBeCloseTo(1, 5)
    expect(first.hits + second.hits).toBe(reference.hits)
    expect(first.zeroGradient + second.zeroGradient).toBe(reference.zeroGradient)
    expect(first.trapped + second.trapped).toBe(reference.trapped)
    expect(first.samples + second.samples).toBe(ORDER.length)
    const tested = evaluateReference(referenceOf(given, 'test', reference.weights))
    const evaluated = evaluateAll(session, 'test')
    expect(evaluated.samples).toBe(TEST)
    expect(evaluated.loss / tested.loss).toBeCloseTo(1, 4)
    expect(evaluated.hits).toBe(tested.hits)
  } finally {
    session.dispose()
  }
}

describe('101 steps of the graph follow a float64 network within 1e-5 of the way gone', () => {
  for (const id of idsOf(OPTIMISERS)) {
    for (const loss of idsOf(LOSSES)) {
      test(`optimiser ${id}, loss ${loss}`, () =>
        compare(
          caseOf({
            loss,
            // plain descent goes so short a way at 0.01 that the rounding of the weights would show
            optimiser: {
              ...TUTORIAL_CONFIG.optimiser,
              id,
              learningRate: id === 'sgd' ? 0.1 : 0.01
            },
            weightDecay: { kind: 'l2', factor: 0.001 }
          })
        ))
    }
  }
  for (const activation of idsOf(ACTIVATIONS)) {
    for (const loss of idsOf(LOSSES)) {
      test(`activation ${activation}, loss ${loss}`, () =>
        compare(caseOf({ activation, loss, leakySlope: 0.1 })))
    }
  }
  for (const loss of idsOf(LOSSES)) {
    test(`one sigmoid output, loss ${loss}`, () => compare(caseOf({ output: 'sigmoid', loss })))
  }
  test('three hidden layers with factors on weights and steps and decoupled decay', () =>
    compare(
      caseOf({
        layers: [dense(16), dense(10), dense(8)],
        activation: 'tanh',
        initFactors: [0.5, 1, 2, 1],
        stepFactors: [0.1, 1, 0.5, 2],
        // so large a rate that what is taken off is well above the rounding of a weight
        optimiser: { ...TUTORIAL_CONFIG.optimiser, learningRate: 0.01 },
        weightDecay: { kind: 'decoupled', factor: 0.1 }
      })
    ))
  test('decoupled decay beside plain gradient descent', () =>
    compare(
      caseOf({
        optimiser: { ...TUTORIAL_CONFIG.optimiser, id: 'sgd', learningRate: 0.05 },
        stepFactors: [0.5, 2],
        weightDecay: { kind: 'decoupled', factor: 0.1 }
      })
    ))
  test('no hidden layer', () => compare(caseOf({ layers: [] })))
  test('a batch larger than all images', () => compare(caseOf({ batch: 500 })))
  test('a shift and a scale of each pixel', () =>
    compare(
      caseOf(
        {},
        {
          kind: 'affine',
          centre: Array.from({ length: FEATURES }, (_, i) => 100 + 5 * i),
          divisor: Array.from({ length: FEATURES }, (_, i) => 60 + i)
        }
      )
    ))
  test('a scale and an offset behind a choice, undone by the first biases', () =>
    compare(
      caseOf({ input: { scale: 0.5, offset: 3 }, startBias: 'undo-offset', initFactors: [0.3, 1] })
    ))
  test('a scale and an offset behind images that are standardised one by one', () =>
    compare(caseOf({ input: { scale: 0.5, offset: -1 } }, { kind: 'image-standardise' })))
  test('each image standardised', () => compare(caseOf({}, { kind: 'image-standardise' })))
})
