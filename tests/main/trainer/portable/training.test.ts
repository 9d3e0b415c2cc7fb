import { evaluateAll, greatestOfAll } from '../whole-split'
import { dense } from '../../../../src/core/network/layers/layers'
import { describe, expect, test } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../../src/core/network/config'
import { idsOf } from '../../../../src/core/network/setting'
import { ACTIVATIONS } from '../../../../src/core/network/activations'
import { LOSSES } from '../../../../src/core/network/losses'
import { OPTIMISERS } from '../../../../src/core/network/optimisers'
import type { RunConfig } from '../../../../src/core/network/config'
import {
  caseOf,
  firstTest,
  ORDER,
  referenceOf,
  start as startNative,
  TEST,
  TRAIN,
  weightsOf
} from '../native/fixture'
import type { Case } from '../native/fixture'
import { nativeAvailable } from '../native-available'
import {
  evaluateReference,
  gradientNormsReference,
  gradientsReference,
  preactivationsReference,
  relativeError,
  trainReference
} from '../reference-network'
import { wholePreactivations } from '../whole'
import { portableSessions } from './sessions'

const optimiser = (change: Partial<RunConfig['optimiser']>): RunConfig['optimiser'] => ({
  ...TUTORIAL_CONFIG.optimiser,
  ...change
})

/** One of everything a configuration can ask for. */
const CASES: readonly (readonly [string, Case])[] = [
  ...idsOf(OPTIMISERS).flatMap((id) =>
    idsOf(LOSSES).map((loss): [string, Case] => [
      `optimiser ${id}, loss ${loss}`,
      caseOf({ loss, optimiser: optimiser({ id, learningRate: 0.01 }) })
    ])
  ),
  ...idsOf(ACTIVATIONS).flatMap((activation) =>
    idsOf(LOSSES).map((loss): [string, Case] => [
      `activation ${activation}, loss ${loss}`,
      caseOf({ activation, loss, leakySlope: 0.1 })
    ])
  ),
  ...idsOf(LOSSES).map((loss): [string, Case] => [
    `one sigmoid output, loss ${loss}`,
    caseOf({ loss, output: 'sigmoid' })
  ]),
  ['a penalty on the weights', caseOf({ weightDecay: { kind: 'l2', factor: 0.01 } })],
  [
    'decoupled decay',
    caseOf({
      optimiser: optimiser({ id: 'sgd', learningRate: 0.05 }),
      weightDecay: { kind: 'decoupled', factor: 0.1 }
    })
  ],
  [
    'AdamW with decay',
    caseOf({
      optimiser: optimiser({ id: 'adamw', learningRate: 0.01 }),
      weightDecay: { kind: 'decoupled', factor: 0.1 }
    })
  ],
  [
    'three hidden layers with factors on weights and steps',
    caseOf({
      layers: [dense(16), dense(10), dense(8)],
      activation: 'tanh',
      initFactors: [0.5, 1, 2, 1],
      stepFactors: [0.1, 1, 0.5, 2]
    })
  ],
  ['no hidden layer', caseOf({ layers: [] })],
  ['a batch larger than all images', caseOf({ batch: 500 })],
  [
    'constants for each pixel',
    caseOf(
      {},
      {
        kind: 'affine',
        centre: Array.from({ length: 12 }, (_, pixel) => 100 + 5 * pixel),
        divisor: Array.from({ length: 12 }, (_, pixel) => 60 + 3 * pixel)
      }
    )
  ],
  [
    'a scale and an offset behind a choice, undone by the first biases',
    caseOf({ input: { scale: 0.5, offset: 3 }, startBias: 'undo-offset', initFactors: [0.3, 1] })
  ],
  [
    'a scale and an offset behind images that are standardised one by one',
    caseOf({ input: { scale: 0.5, offset: -1 } }, { kind: 'image-standardise' })
  ],
  ['each image standardised', caseOf({}, { kind: 'image-standardise' })]
]

/** The same answer for the same case: what two tests look at is trained once. */
function once<V>(make: (given: Case) => V): (given: Case) => V {
  const made = new Map<Case, V>()
  return (given) => {
    if (!made.has(given)) made.set(given, make(given))
    return made.get(given)!
  }
}

const float64 = once((given) => trainReference({ ...referenceOf(given, 'train'), order: ORDER }))

const native = once(async (given) => {
  const session = await startNative(given)
  try {
    return {
      sums: session.steps(ORDER, 0),
      weights: session.read(),
      tested: evaluateAll(session, 'test')
    }
  } finally {
    session.dispose()
  }
})

describe.each(['wasm', 'cpu'] as const)('the portable trainer on %s', (backend) => {
  const { start, end } = portableSessions(backend)

  const portable = once(async (given) => {
    const trained = await start(given)
    const half = Math.floor(ORDER.length / given.config.batch / 2)
    const first = trained.steps(ORDER.subarray(0, half * given.config.batch), 0)
    const second = trained.steps(ORDER.subarray(half * given.config.batch), half)
    const sums = {
      loss: first.loss + second.loss,
      hits: first.hits + second.hits,
      zeroGradient: first.zeroGradient + second.zeroGradient,
      trapped: first.trapped + second.trapped,
      samples: first.samples + second.samples
    }
    return { sums, weights: trained.read(), tested: evaluateAll(trained, 'test') }
  })

  describe('follows a float64 network within 1e-4 of the way gone in 101 steps:', () => {
    test.each(CASES)('%s', async (_name, given) => {
      const { sums, weights, tested } = await portable(given)
      const reference = float64(given)
      expect(relativeError(weights, reference.weights, weightsOf(given))).toBeLessThan(1e-4)
      expect(sums.loss / reference.loss).toBeCloseTo(1, 4)
      expect(sums.hits).toBe(reference.hits)
      expect(sums.zeroGradient).toBe(reference.zeroGradient)
      expect(sums.trapped).toBe(reference.trapped)
      expect(sums.samples).toBe(ORDER.length)
      const expected = evaluateReference(referenceOf(given, 'test', weights))
      expect(tested).toMatchObject({ samples: TEST, hits: expected.hits })
      expect(tested.loss / expected.loss).toBeCloseTo(1, 5)
    })
  })

  describe.skipIf(!nativeAvailable)('agrees with the native graph within 1e-4:', () => {
    test.each(CASES)('%s', async (_name, given) => {
      const mine = await portable(given)
      const theirs = await native(given)
      expect(relativeError(mine.weights, theirs.weights, weightsOf(given))).toBeLessThan(1e-4)
      expect(mine.tested.guesses).toEqual(theirs.tested.guesses)
      const { hits, zeroGradient, trapped } = theirs.sums
      expect(mine.sums).toMatchObject({ hits, zeroGradient, trapped })
    })
  })

  test('looks at a network agree with float64', async () => {
    const given = caseOf({ layers: [dense(16), dense(5)], activation: 'tanh' })
    const looked = await start(given)
    const norms = gradientsReference(referenceOf(given, 'test')).map((values) =>
      Math.hypot(...values)
    )
    const found = looked.gradientNorms(firstTest(TEST))
    expect(found).toHaveLength(3)
    found.forEach((norm, layer) => {
      expect(norm).toBeCloseTo(Math.hypot(norms[2 * layer]!, norms[2 * layer + 1]!), 5)
    })
    const rows = Int32Array.of(3, 11, 40)
    const [kernel] = gradientsReference({ ...referenceOf(given, 'test'), order: rows })
    looked.pull({ split: 'test', rows })!.forEach((pull, value) => {
      const own = kernel!.slice(16 * value, 16 * value + 16)
      expect(pull).toBeCloseTo(
        own.reduce((sum, each) => sum + Math.abs(each), 0),
        5
      )
    })
    const z = preactivationsReference(referenceOf(given, 'test'))
    wholePreactivations(looked, firstTest(TEST)).forEach((values, layer) => {
      expect(values).toHaveLength(z[layer]!.length)
      values.forEach((value, i) => expect(value).toBeCloseTo(z[layer]![i]!, 4))
    })
    const train = preactivationsReference(referenceOf(given, 'train'))
    greatestOfAll(looked).forEach((greatest, layer) => {
      greatest.forEach((value, unit) => {
        const all = Array.from(
          { length: TRAIN },
          (_, i) => train[layer]![i * greatest.length + unit]!
        )
        expect(value).toBeCloseTo(Math.max(...all), 4)
      })
    })
  })

  test('a gradient so small that its square is 0 in float32 has a norm', async () => {
    const vanishing = caseOf({ activation: 'linear', initFactors: [1, 1e-26] })
    const looked = await start(vanishing)
    const [first] = looked.gradientNorms(firstTest(TEST))
    expect(first).toBeLessThan(1e-24)
    expect(first! / gradientNormsReference(referenceOf(vanishing, 'test'))[0]!).toBeCloseTo(1, 5)
  })

  test('the same run has the same weights to the bit, in whatever calls', async () => {
    const given = caseOf()
    const once = await start(given)
    once.steps(ORDER, 0)
    const expected = once.read()
    once.initialise(weightsOf(given))
    for (let begin = 0; begin < ORDER.length; begin += 80) {
      once.steps(ORDER.subarray(begin, begin + 80), begin / 8)
    }
    expect(once.read()).toEqual(expected)
  })

  test('the first step that leaves the finite numbers is told', async () => {
    const given = caseOf({
      activation: 'linear',
      optimiser: optimiser({ id: 'sgd', learningRate: 1e20 })
    })
    const trained = await start(given)
    // Weights of 1e20 after one step, of 1e40 or more after the next: beyond float32.
    const { firstNonFiniteStep, samples } = trained.steps(ORDER, 0)
    expect(firstNonFiniteStep).toBeGreaterThanOrEqual(0)
    expect(firstNonFiniteStep).toBeLessThan(4)
    expect(samples).toBe((firstNonFiniteStep! + 1) * 8)
  })

  test('training keeps no tensor behind', async () => {
    const tf = await import('@tensorflow/tfjs-core')
    const trained = await start(caseOf({ loss: 'clipped' }))
    trained.steps(ORDER.subarray(0, 80), 0)
    const before = tf.memory().numTensors
    trained.steps(ORDER, 10)
    evaluateAll(trained, 'train')
    greatestOfAll(trained)
    wholePreactivations(trained, firstTest(TEST))
    trained.gradientNorms(firstTest(TEST))
    expect(tf.memory().numTensors).toBe(before)
    end()
    expect(tf.memory().numTensors).toBe(0)
  })
})
