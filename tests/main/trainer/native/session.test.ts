import { evaluateAll, greatestOfAll } from '../whole-split'
import { dense } from '../../../../src/core/network/layers/layers'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../../src/core/network/config'
import { createNativeSession, nativeVersion } from '../../../../src/main/trainer/native'
import { loadBinding } from '../../../../src/main/trainer/native/tensorflow/binding'
import { NativeGraph } from '../../../../src/main/trainer/native/tensorflow/runtime'
import { addSums, NO_SAMPLES } from '../../../../src/main/trainer/session'
import type { TrainingSession } from '../../../../src/main/trainer/session'
import {
  evaluateReference,
  gradientsReference,
  logitsReference,
  preactivationsReference
} from '../reference-network'
import {
  caseOf,
  FEATURES,
  firstTest,
  inputOf,
  inputWith,
  ORDER,
  referenceOf,
  start,
  TEST,
  TRAIN,
  weightsOf
} from './fixture'
import { wholePreactivations } from '../whole'

afterEach(() => vi.unstubAllEnvs())

function sha256(session: TrainingSession): string {
  const hash = createHash('sha256')
  for (const values of session.read()) hash.update(values)
  return hash.digest('hex')
}

function norm(...arrays: readonly Float64Array[]): number {
  return Math.hypot(...arrays.map((values) => Math.hypot(...values)))
}

test('the version is that of the library', () => {
  expect(nativeVersion()).toMatch(/^\d+\.\d+\.\d+/)
})

describe('the same run has the same weights to the bit', () => {
  test('over repeats, beside another session, and over any split into calls', async () => {
    const given = caseOf({ layers: [dense(64), dense(32)] })
    const once = await start(given)
    const again = await start(given)
    once.steps(ORDER, 0)
    for (const size of [8, 80, 800]) {
      again.initialise(weightsOf(given))
      for (let begin = 0; begin < ORDER.length; begin += size) {
        again.steps(ORDER.subarray(begin, begin + size), begin / 8)
      }
      expect(sha256(again)).toBe(sha256(once))
    }
    once.dispose()
    again.dispose()
  })

  test('with looks at the network in between', async () => {
    const given = caseOf()
    const plain = await start(given)
    const watched = await start(given)
    for (const [at, rows] of [ORDER.subarray(0, 400), ORDER.subarray(400)].entries()) {
      plain.steps(rows, at * 50)
      watched.steps(rows, at * 50)
      evaluateAll(watched, 'train')
      watched.gradientNorms(firstTest(TEST))
      greatestOfAll(watched)
      wholePreactivations(watched, firstTest(TEST))
    }
    expect(sha256(watched)).toBe(sha256(plain))
    plain.dispose()
    watched.dispose()
  })
})

describe('looks at a network agree with float64:', () => {
  const given = caseOf({ layers: [dense(16), dense(5)], activation: 'tanh' })
  const near = (found: ArrayLike<number>, expected: ArrayLike<number>): void => {
    expect(found).toHaveLength(expected.length)
    for (let i = 0; i < expected.length; i++) expect(found[i]).toBeCloseTo(expected[i]!, 5)
  }

  test('sums over both splits', async () => {
    const session = await start(given)
    for (const split of ['train', 'test'] as const) {
      const expected = evaluateReference(referenceOf(given, split))
      const found = evaluateAll(session, split)
      expect(found.loss / expected.loss).toBeCloseTo(1, 5)
      expect(found).toMatchObject({
        samples: split === 'train' ? TRAIN : TEST,
        hits: expected.hits,
        zeroGradient: 0,
        trapped: 0
      })
    }
    session.dispose()
  })

  test('pre-activations of the first test images', async () => {
    const session = await start(given)
    const input = referenceOf(given, 'test')
    const expected = preactivationsReference({ ...input, order: input.order.slice(0, 20) })
    const found = wholePreactivations(session, firstTest(20))
    expect(found).toHaveLength(2)
    found.forEach((values, layer) => near(values, expected[layer]!))
    session.dispose()
  })

  test('the greatest pre-activation of each unit over the training images', async () => {
    const session = await start(given)
    const expected = preactivationsReference(referenceOf(given, 'train')).map((z, layer) => {
      const units = [16, 5][layer]!
      return Array.from({ length: units }, (_, unit) =>
        Math.max(...z.filter((_value, i) => i % units === unit))
      )
    })
    const found = greatestOfAll(session)
    expect(found).toHaveLength(2)
    found.forEach((values, layer) => near(values, expected[layer]!))
    session.dispose()
  })

  test('gradient norms of each layer, without weight decay', async () => {
    const decayed = caseOf({ ...given.config, weightDecay: { kind: 'l2', factor: 1 } })
    const session = await start(decayed)
    const gradients = gradientsReference(referenceOf(decayed, 'test'))
    const found = session.gradientNorms(firstTest(TEST))
    expect(found).toHaveLength(3)
    found.forEach((value, layer) => {
      const expected = norm(gradients[2 * layer]!, gradients[2 * layer + 1]!)
      expect(value / expected).toBeCloseTo(1, 5)
    })
    session.dispose()
  })

  test('the pull of each value: |dL/dW| of the first layer, summed over its units', async () => {
    const session = await start(given)
    const [kernel] = gradientsReference({
      ...referenceOf(given, 'test'),
      order: Int32Array.of(3, 11, 40)
    })
    const found = session.pull({ split: 'test', rows: Int32Array.of(3, 11, 40) })!
    const expected = Array.from({ length: FEATURES }, (_, value) =>
      kernel!.slice(16 * value, 16 * value + 16).reduce((sum, each) => sum + Math.abs(each), 0)
    )
    near(found, expected)
    expect(Math.max(...expected)).toBeGreaterThan(1e-3)
    session.dispose()
  })

  test.each(['softmax', 'sigmoid'] as const)(
    'the class each image is taken for, %s',
    async (output) => {
      const other = caseOf({ layers: [], output })
      const session = await start(other)
      const { labels } = inputOf(other).test
      const { guesses, hits } = evaluateAll(session, 'test')
      const z = logitsReference(referenceOf(other, 'test'))
      const units = z.length / TEST
      const expected = Array.from({ length: TEST }, (_, image) => {
        const logits = [...z.slice(image * units, (image + 1) * units)]
        return units === 1 ? Number(logits[0]! > 0) : logits.indexOf(Math.max(...logits))
      })
      expect([...guesses]).toEqual(expected)
      expect(hits).toBe(expected.filter((guess, image) => guess === labels[image]).length)
      session.dispose()
    }
  )

  test('an image whose output is not a number is taken for nothing', async () => {
    const session = await start(given)
    session.initialise(weightsOf(given).map((values) => values.map(() => NaN)))
    expect(new Set(evaluateAll(session, 'test').guesses)).toEqual(new Set([-1]))
    session.dispose()
  })

  test('a gradient so small that its square is 0 in float32', async () => {
    const vanishing = caseOf({ activation: 'linear', initFactors: [1, 1e-26] })
    const session = await start(vanishing)
    const gradients = gradientsReference(referenceOf(vanishing, 'test'))
    const [first] = session.gradientNorms(firstTest(TEST))
    expect(first).toBeLessThan(1e-24)
    expect(first! / norm(gradients[0]!, gradients[1]!)).toBeCloseTo(1, 5)
    session.dispose()
  })
})

test('training stops at the first step after which a weight is not finite and names it', async () => {
  // Four blank images, one of each class, give a uniform network no gradient at all. Bright images of
  // one class give 255 x -0.75, which times the rate is beyond float32.
  const blank = { pixels: new Uint8Array(16), labels: Int32Array.of(0, 1, 2, 3) }
  const bright = { pixels: new Uint8Array(16).fill(255), labels: new Int32Array(4) }
  const both = {
    pixels: Uint8Array.of(...blank.pixels, ...bright.pixels),
    labels: Int32Array.of(...blank.labels, ...bright.labels)
  }
  const optimiser = { ...TUTORIAL_CONFIG.optimiser, id: 'sgd', learningRate: 1e37 } as const
  const given = caseOf(
    { layers: [], batch: 4, optimiser },
    { kind: 'affine', centre: [0], divisor: [1] }
  )
  const shape = { height: 2, width: 2, channels: 1 }
  const session = await createNativeSession(inputWith(given, both, both, shape))
  session.initialise([new Float32Array(16), new Float32Array(4)])
  const first = [0, 1, 2, 3]
  const last = [4, 5, 6, 7]
  const call = (...steps: number[][]) => {
    session.initialise([new Float32Array(16), new Float32Array(4)])
    return session.steps(Int32Array.from(steps.flat()), 0)
  }
  const result = call(first, first, last, first)
  expect(result.firstNonFiniteStep).toBe(2)
  expect(result.samples).toBe(12)
  expect(result.loss).toBeCloseTo(12 * Math.log(4), 4)
  const left = sha256(session)
  // no step after it is taken, wherever it is among many
  expect(call(first, first, last).firstNonFiniteStep).toBe(2)
  expect(sha256(session)).toBe(left)
  const before = new Array<number[]>(37).fill(first)
  expect(call(...before, last, ...before)).toMatchObject({ firstNonFiniteStep: 37, samples: 152 })
  expect(call(last)).toMatchObject({ firstNonFiniteStep: 0, samples: 4 })
  // of less than a batch
  expect(call(first, first, [4, 5])).toMatchObject({ firstNonFiniteStep: 2, samples: 10 })
  session.dispose()
})

test('sums of each step are those of calls of one step', async () => {
  const given = caseOf()
  const [whole, single] = [await start(given), await start(given)]
  const rows = ORDER.subarray(0, 83)
  const { each, ...sums } = whole.steps(rows, 0)
  const steps = Array.from(
    { length: 11 },
    (_, step) => single.steps(rows.subarray(8 * step, 8 * step + 8), step).each[0]
  )
  expect(each).toEqual(steps)
  expect(each.map(({ samples }) => samples)).toEqual([...new Array<number>(10).fill(8), 3])
  expect(each.reduce(addSums, NO_SAMPLES)).toEqual(sums)
  whole.dispose()
  single.dispose()
})

test('an empty call trains nothing', async () => {
  const session = await start(caseOf())
  const before = sha256(session)
  expect(session.steps(new Int32Array(0), 0)).toEqual({
    each: [],
    samples: 0,
    loss: 0,
    hits: 0,
    zeroGradient: 0,
    trapped: 0
  })
  expect(sha256(session)).toBe(before)
  session.dispose()
})

describe('nothing is left behind:', () => {
  test('no tensor after a thousand calls', async () => {
    const binding = loadBinding()
    const session = await start(caseOf())
    const before = binding.getNumOfTensors()
    for (let call = 0; call < 1000; call++) session.steps(ORDER.subarray(0, 8), call)
    evaluateAll(session, 'test')
    session.read()
    session.gradientNorms(firstTest(10))
    expect(binding.getNumOfTensors()).toBe(before)
    session.dispose()
  })

  test('no TensorFlow session after dispose, which may be called twice', async () => {
    const binding = loadBinding()
    const before = binding.getNumOfSavedModels()
    const session = await start(caseOf())
    expect(binding.getNumOfSavedModels()).toBe(before + 1)
    session.dispose()
    session.dispose()
    expect(binding.getNumOfSavedModels()).toBe(before)
  })

  test('no folder, whether the graph loads or not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'normscope-test-'))
    for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, folder)
    const session = await start(caseOf())
    session.dispose()
    const broken = (): NativeGraph => new NativeGraph(Uint8Array.of(1, 2, 3))
    expect(broken).toThrow(expect.objectContaining({ name: 'NormscopeError' }))
    expect(readdirSync(folder)).toEqual([])
    rmSync(folder, { recursive: true })
  })
})

describe('faults are refused with facts:', () => {
  test('a graph that cannot be read', () => {
    expect(() => new NativeGraph(Uint8Array.of(1, 2, 3))).toThrow(
      expect.objectContaining({
        facts: expect.objectContaining({ code: 'tensorflow-call-failed' })
      })
    )
  })
  test('a label outside the classes', async () => {
    const input = inputOf(caseOf())
    input.train.labels[5] = 9
    await expect(createNativeSession(input)).rejects.toMatchObject({
      facts: { code: 'label-out-of-range', actual: '9', expected: '0 to 3' }
    })
  })
  test('fewer pixels than images need', async () => {
    const input = inputOf(caseOf())
    const test = { ...input.test, pixels: input.test.pixels.subarray(1, 600) }
    await expect(createNativeSession({ ...input, test })).rejects.toMatchObject({
      facts: { code: 'wrong-size', expected: '600', actual: '599' }
    })
  })
  test('a row that is no training image', async () => {
    const session = await start(caseOf())
    expect(() => session.steps(Int32Array.of(0, TRAIN), 0)).toThrow(`Row ${TRAIN}`)
    session.dispose()
  })
  test('weights of another network', async () => {
    const session = await start(caseOf())
    expect(() => session.initialise([new Float32Array(3)])).toThrow('4 were expected')
    session.dispose()
  })
})
