import { evaluateAll } from '../whole-split'
import { afterEach, describe, expect, test } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../../src/core/network/config'
import type { RunConfig } from '../../../../src/core/network/config'
import { ACTIVATIONS } from '../../../../src/core/network/activations'
import { INITIALISERS } from '../../../../src/core/network/initialisers'
import { LOSSES } from '../../../../src/core/network/losses'
import { OPTIMISERS } from '../../../../src/core/network/optimisers'
import { idsOf } from '../../../../src/core/network/setting'
import type { Shape } from '../../../../src/core/network/layers/shape'
import { parseLayers } from '../../../../src/core/network/layers/text'
import type { TrainingSession } from '../../../../src/main/trainer/session'
import { evaluateReference, relativeError, trainReference } from '../reference-network'
import { caseOf, ORDER, referenceOf, start, weightsOf } from './fixture'

const IMAGE = [6, 5, 2] as const
/** of even width: a convolution of few filters goes over pairs of columns */
const EVEN = [7, 8, 2] as const

let session: TrainingSession | undefined
afterEach(() => {
  session?.dispose()
  session = undefined
})

/** Trains both, compares parameters, moving moments among them, and sums, and evaluates at rest. */
async function compare(
  layers: string,
  change: Partial<RunConfig> = {},
  image: Shape = IMAGE
): Promise<void> {
  const given = caseOf(
    {
      activation: 'tanh',
      optimiser: { ...TUTORIAL_CONFIG.optimiser, id: 'sgd', learningRate: 0.1 },
      ...change,
      layers: parseLayers(layers)
    },
    undefined,
    image
  )
  session = await start(given)
  const { batch } = given.config
  const half = Math.floor(ORDER.length / batch / 2)
  const first = session.steps(ORDER.subarray(0, half * batch), 0)
  const second = session.steps(ORDER.subarray(half * batch), half)
  const reference = trainReference({ ...referenceOf(given, 'train'), order: ORDER })
  const error = relativeError(session.read(), reference.weights, weightsOf(given))
  expect(error).toBeLessThan(1e-5)
  expect((first.loss + second.loss) / reference.loss).toBeCloseTo(1, 5)
  expect(first.hits + second.hits).toBe(reference.hits)
  const tested = evaluateReference(referenceOf(given, 'test', reference.weights))
  const evaluated = evaluateAll(session, 'test')
  expect(evaluated.loss / tested.loss).toBeCloseTo(1, 4)
  expect(evaluated.hits).toBe(tested.hits)
}

describe('101 steps of every operation follow a float64 network within 1e-5 of the way gone:', () => {
  test.each([
    'conv3x3-3',
    'conv3x3-3/valid/s2/nobias',
    'conv5x5-2/s2,conv3x3-3/valid',
    'conv1x1-3,conv4x4-2',
    'conv3x3-4,conv5x5-3/valid',
    'conv7x7-2/s3,conv2x2-3',
    'conv3x3-3,pool2',
    'conv3x3-3,pool3/s2/same,conv2x2-2',
    'pool2/s1,conv3x3-2',
    'conv3x3-3,avgpool2',
    'conv3x3-3,avgpool3/s2/same,conv2x2-2',
    'conv3x3-3,gap',
    'avgpool2,flatten,dense-4',
    'conv3x3-3,bn',
    'bn,conv3x3-3/nobias,bn/m0.9,gap',
    'bn,dense-5',
    'dense-5,bn,dense-4/nobias,bn/e0.1',
    'conv3x3-3,ln',
    'ln,dense-5,ln',
    'dropout-0.3,dense-5,dropout-0.5',
    'conv3x3-3,dropout-0.4,conv3x3-2',
    'residual-2',
    'conv3x3-3,residual-3,residual-4/s2,gap'
  ])('%s', (layers) => compare(layers))

  test.each([
    'conv2x2-2',
    'conv3x3-3/valid/nobias,avgpool2',
    'conv3x3-3,pool2',
    'conv4x4-2',
    'conv5x5-3/valid',
    'conv7x7-2/nobias',
    'conv3x3-9',
    // the gradient of the input of the second by matrices, of pairs of columns
    'conv3x3-4,conv5x5-3/valid',
    'conv3x3-5,conv5x5-8'
  ])('%s, of pairs of columns where that can be', (layers) => compare(layers, {}, EVEN))

  test.each(['conv3x3-3,pool2', 'conv3x3-3/nobias,bn,pool3/s2/same,flatten,dense-8'])(
    '%s, relu after the pooling',
    (layers) => compare(layers, { activation: 'relu' }, EVEN)
  )
})

const LENET = 'conv3x3-4,pool2,conv2x2-5/valid,pool2/s1/same,flatten,dense-10,dense-8'
const NORMALISED = 'conv3x3-4/nobias,bn,conv3x3-5/nobias,bn,avgpool2,gap'
const RESIDUAL = 'conv3x3-4/nobias,bn,residual-4,residual-5/s2,gap'
const OTHERS = 'bn,conv3x3-6,ln/e0.1,dropout-0.2,dense-8,ln/e0.1,dropout-0.3'

describe('whole networks do the same:', () => {
  for (const activation of idsOf(ACTIVATIONS)) {
    test.each([LENET, NORMALISED])(`${activation}, %s`, (layers) =>
      compare(layers, { activation, leakySlope: 0.1 })
    )
  }
  test.each(['relu', 'tanh'] as const)(`%s, ${RESIDUAL}`, (activation) =>
    compare(RESIDUAL, { activation })
  )
  for (const id of idsOf(OPTIMISERS)) {
    const learningRate = id === 'sgd' ? 0.1 : 0.01
    test(`optimiser ${id}, ${OTHERS}`, () =>
      compare(OTHERS, {
        optimiser: { ...TUTORIAL_CONFIG.optimiser, id, learningRate },
        weightDecay: { kind: 'l2', factor: 0.001 }
      }))
  }
  test.each(idsOf(LOSSES))(`loss %s, ${OTHERS}`, (loss) => compare(OTHERS, { loss }))
  test.each(idsOf(INITIALISERS))(`initialiser %s, ${LENET}`, (initialiser) =>
    compare(LENET, { initialiser })
  )
  test.each(['dense-6/nobias,bn', NORMALISED])('a last batch of one image, %s', (layers) =>
    compare(layers, { batch: 115 })
  )
  test(`factors of kernels and decoupled decay, ${RESIDUAL}`, () =>
    compare(RESIDUAL, {
      initFactors: [0.5, 1, 2, 1],
      stepFactors: [0.1, 1, 0.5, 2],
      decayFactors: [1, 0, 3, 1],
      weightDecay: { kind: 'decoupled', factor: 0.1 }
    }))
  test(`factors of epsilons, ${LENET}`, () =>
    compare(LENET, {
      epsilonFactors: [100, 1, 0.5, 2, 1],
      optimiser: { ...TUTORIAL_CONFIG.optimiser, id: 'adam', learningRate: 0.01, epsilon: 0.01 }
    }))
})
