import { evaluateAll, greatestOfAll } from '../whole-split'
import { createHash } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import type { RunConfig } from '../../../../src/core/network/config'
import { parseLayers } from '../../../../src/core/network/layers/text'
import { createRandom } from '../../../../src/core/random'
import { NativeSession } from '../../../../src/main/trainer/native/native-session'
import type { TrainingSession } from '../../../../src/main/trainer/session'
import {
  evaluateReference,
  gradientNormsReference,
  gradientsReference,
  greatestReference,
  preactivationsReference
} from '../reference-network'
import { wholePreactivations } from '../whole'
import { caseOf, firstTest, inputOf, ORDER, planOf, referenceOf, TEST, weightsOf } from './fixture'
import type { Case } from './fixture'

/** Convolution, residual block, normalisations and dropout, with moments and scales that are not 1 and 0. */
const LAYERS = 'conv3x3-3/nobias,bn,dropout-0.3,residual-3,avgpool2,ln,dense-5,tanh'

const opened: TrainingSession[] = []
afterEach(() => opened.splice(0).forEach((session) => session.dispose()))

function caseWith(layers: string, change: Partial<RunConfig> = {}, divisor = 255): Case {
  const form = { kind: 'affine', centre: [0], divisor: [divisor] } as const
  return caseOf({ ...change, layers: parseLayers(layers) }, form, [6, 5, 2])
}

function moved(given: Case): Float32Array[] {
  const random = createRandom(9, 'parameters')
  return weightsOf(given).map((values) =>
    values.map((value) => value + 0.3 * (random.uniform() - 0.5))
  )
}

function open(given: Case, weights = moved(given), chunk?: number): TrainingSession {
  const session = new NativeSession(inputOf(given), chunk)
  opened.push(session)
  session.initialise(weights)
  return session
}

function near(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found).toHaveLength(expected.length)
  for (let i = 0; i < expected.length; i++) expect(found[i]).toBeCloseTo(expected[i]!, 4)
}

function sha256(session: TrainingSession): string {
  const hash = createHash('sha256')
  for (const values of session.read()) hash.update(values)
  return hash.digest('hex')
}

describe.each([undefined, 7])('looks agree with float64, %s images a pass:', (chunk) => {
  const given = caseWith(LAYERS, { activation: 'tanh' })

  test('sums at rest', () => {
    const expected = evaluateReference(referenceOf(given, 'test', moved(given)))
    const found = evaluateAll(open(given, undefined, chunk), 'test')
    expect(found.loss / expected.loss).toBeCloseTo(1, 5)
    expect(found.hits).toBe(expected.hits)
  })

  test('pre-activations by image, place and channel', () => {
    const input = referenceOf(given, 'test', moved(given))
    const expected = preactivationsReference({ ...input, order: input.order.slice(0, 20) })
    const found = wholePreactivations(open(given, undefined, chunk), firstTest(20))
    expect(found).toHaveLength(4)
    found.forEach((values, at) => near(values, expected[at]!))
  })

  test('the greatest pre-activation of each channel', () => {
    const expected = greatestReference(referenceOf(given, 'train', moved(given)))
    const found = greatestOfAll(open(given, undefined, chunk))
    expect(found.map(({ length }) => length)).toEqual([3, 3, 3, 5])
    found.forEach((values, at) => near(values, expected[at]!))
  })

  test('gradient norms of the layers that have trained parameters', () => {
    const expected = gradientNormsReference(referenceOf(given, 'test', moved(given)))
    const found = open(given, undefined, chunk).gradientNorms(firstTest(TEST))
    expect(found).toHaveLength(6)
    found.forEach((value, at) => expect(value / expected[at]!).toBeCloseTo(1, 4))
  })

  test.each(['dense-5', 'flatten,dropout-0.5,dense-5,dense-3', 'bn,ln,dense-5'])(
    'the pull of each value on %s',
    (layers) => {
      const dense = caseWith(layers, { activation: 'tanh' })
      const input = referenceOf(dense, 'test', moved(dense))
      const place = planOf(dense).parameters.findIndex(({ role }) => role === 'kernel')
      const kernel = gradientsReference(input)[place]!
      const expected = Array.from({ length: 60 }, (_, value) =>
        kernel.slice(5 * value, 5 * value + 5).reduce((sum, each) => sum + Math.abs(each), 0)
      )
      near(open(dense, undefined, chunk).pull(firstTest(TEST))!, expected)
      expect(Math.max(...expected)).toBeGreaterThan(0.01)
    }
  )
})

test.each(['conv3x3-2,flatten,dense-5', 'avgpool2,dense-5', 'residual-2'])(
  'no value of the input has a pull of its own in %s',
  (layers) => {
    expect(open(caseWith(layers)).pull(firstTest(TEST))).toBeUndefined()
  }
)

test('weights and moments are the same to the bit over repeats and over any split into calls', () => {
  const given = caseWith(LAYERS)
  const once = open(given)
  once.steps(ORDER, 0)
  const again = open(given)
  for (const size of [8, 80, 800]) {
    again.initialise(moved(given))
    for (let begin = 0; begin < ORDER.length; begin += size) {
      again.steps(ORDER.subarray(begin, begin + size), begin / 8)
      evaluateAll(again, 'test')
      greatestOfAll(again)
      again.gradientNorms(firstTest(TEST))
    }
    expect(sha256(again)).toBe(sha256(once))
  }
  const other = open(caseWith(LAYERS, { seed: 1 }), moved(given))
  other.steps(ORDER, 0)
  expect(sha256(other)).not.toBe(sha256(once))
})

test.each(['clipped', 'clipped-2018'] as const)(
  'both parts of the samples without gradient, %s',
  (loss) => {
    // logits of hundreds: most samples are beyond the clip on one side or the other
    const given = caseWith('conv3x3-4,pool2,conv2x2-4,bn', { loss, activation: 'relu' }, 0.5)
    const weights = moved(given).map((values, place) =>
      place === planOf(given).parameters.length - 2 ? values.map((value) => 10 * value) : values
    )
    const expected = evaluateReference(referenceOf(given, 'train', weights))
    expect(expected.trapped).toBeGreaterThan(10)
    expect(expected.zeroGradient - expected.trapped).toBeGreaterThan(10)
    const found = evaluateAll(open(given, weights), 'train')
    expect(found).toMatchObject({ zeroGradient: expected.zeroGradient, trapped: expected.trapped })
    expect(found.loss / expected.loss).toBeCloseTo(1, 5)
  }
)

test('training stops where a moving moment is no longer finite', () => {
  const given = caseWith('bn,gap')
  const weights = weightsOf(given)
  const place = planOf(given).parameters.findIndex(({ role }) => role === 'variance')
  weights[place]!.fill(Infinity)
  expect(open(given, weights).steps(ORDER, 0)).toMatchObject({ firstNonFiniteStep: 0, samples: 8 })
})
