import { describe, expect, test } from 'vitest'
import {
  TUTORIAL_CONFIG,
  ACTIVATION_IDS,
  LOSS_IDS,
  OPTIMISER_IDS
} from '../../../../src/core/network/config'
import type { RunConfig } from '../../../../src/core/network/config'
import { initialWeights } from '../../../../src/core/network/initialisers'
import { createRandom } from '../../../../src/core/network/random'
import { epochOrder } from '../../../../src/core/network/shuffle'
import type { PreprocessingForm } from '../../../../src/core/preprocessing/preprocessing'
import { createNativeSession } from '../../../../src/main/trainer/native'
import type { SessionInput, TrainingSession } from '../../../../src/main/trainer/session'
import { evaluateReference, trainReference } from '../reference-network'

const FEATURES = 12
const TRAIN = 203
const TEST = 50

interface Case {
  readonly config: RunConfig
  readonly form: PreprocessingForm
  readonly classes: number
}

function caseOf(change: Partial<RunConfig>, form?: PreprocessingForm): Case {
  const hidden = change.hidden ?? [16]
  const ones = [...hidden.map(() => 1), 1]
  return {
    config: {
      ...TUTORIAL_CONFIG,
      hidden,
      initFactors: ones,
      stepFactors: ones,
      batch: 8,
      ...change
    },
    form: form ?? { kind: 'affine', centre: [0], divisor: [255] },
    classes: change.output === 'sigmoid' ? 2 : 4
  }
}

function inputOf({ config, form, classes }: Case): SessionInput {
  const random = createRandom(7, 'test images')
  const images = (count: number) => ({
    count,
    pixels: Uint8Array.from({ length: count * FEATURES }, () => random.integer(256)),
    labels: Int32Array.from({ length: count }, () => random.integer(classes))
  })
  return {
    config,
    features: FEATURES,
    classes,
    preprocessing: {
      choice: { id: 'unit' },
      height: 3,
      width: 4,
      channels: 1,
      form,
      parameters: {}
    },
    train: images(TRAIN),
    test: images(TEST)
  }
}

/** The preprocessed rows in float64, by the formula of the form. */
function preprocessed({ form }: Case, pixels: ArrayLike<number>): Float64Array {
  const rows = Float64Array.from(pixels)
  if (form.kind === 'affine') {
    const at = (list: readonly number[], i: number): number => list[i % list.length]!
    return rows.map((x, i) => (x - at(form.centre, i % FEATURES)) / at(form.divisor, i % FEATURES))
  }
  for (let begin = 0; begin < rows.length; begin += FEATURES) {
    const image = rows.subarray(begin, begin + FEATURES)
    const mean = image.reduce((sum, x) => sum + x, 0) / FEATURES
    const std = Math.sqrt(image.reduce((sum, x) => sum + (x - mean) ** 2, 0) / FEATURES)
    image.forEach((x, i) => (image[i] = (x - mean) / Math.max(std, 1 / Math.sqrt(FEATURES))))
  }
  return rows
}

function weightsOf({ config, classes }: Case): Float32Array[] {
  return initialWeights(config, FEATURES, config.output === 'sigmoid' ? 1 : classes)
}

/** 100 steps of eight images and a ragged one of six. */
const ORDER = Int32Array.from(
  [1, 2, 3, 4].flatMap((epoch) => [...epochOrder(3, epoch, TRAIN)])
).slice(0, 806)

function relativeDistance(
  found: readonly ArrayLike<number>[],
  reference: readonly Float64Array[],
  initial: readonly ArrayLike<number>[]
): number {
  let apart = 0
  let moved = 0
  reference.forEach((values, slot) =>
    values.forEach((value, i) => {
      apart += (found[slot]![i]! - value) ** 2
      moved += (value - initial[slot]![i]!) ** 2
    })
  )
  return Math.sqrt(apart / moved)
}

async function compare(given: Case): Promise<void> {
  const input = inputOf(given)
  const initial = weightsOf(given)
  const session = await createNativeSession(input)
  try {
    session.initialise(initial)
    const calls = [ORDER.slice(0, 400), ORDER.slice(400)]
    const [first, second] = calls.map((rows, at) => session.steps(rows, at * 50))
    const reference = trainReference({
      config: given.config,
      inputs: preprocessed(given, input.train.pixels),
      labels: input.train.labels,
      weights: initial,
      order: ORDER
    })
    expect(relativeDistance(session.read(), reference.weights, initial)).toBeLessThan(1e-5)
    expect((first!.loss + second!.loss) / reference.loss).toBeCloseTo(1, 5)
    expect(first!.hits + second!.hits).toBe(reference.hits)
    expect(first!.zeroGradient + second!.zeroGradient).toBe(reference.zeroGradient)
    const tested = evaluateReference({
      config: given.config,
      inputs: preprocessed(given, input.test.pixels),
      labels: input.test.labels,
      weights: reference.weights,
      order: Int32Array.from({ length: TEST }, (_, i) => i)
    })
    const evaluated = session.evaluate('test')
    expect(evaluated.loss / TEST).toBeCloseTo(tested.loss / TEST, 4)
    expect(evaluated.hits).toBe(tested.hits)
  } finally {
    session.dispose()
  }
}

describe('101 steps of the graph follow a float64 network within 1e-5 of the way gone', () => {
  for (const id of OPTIMISER_IDS) {
    for (const loss of LOSS_IDS) {
      test(`optimiser ${id}, loss ${loss}`, () =>
        compare(
          caseOf({
            loss,
            optimiser: { ...TUTORIAL_CONFIG.optimiser, id, learningRate: 0.01 },
            weightDecay: { kind: 'l2', factor: 0.001 }
          })
        ))
    }
  }
  for (const activation of ACTIVATION_IDS) {
    test(`activation ${activation}`, () => compare(caseOf({ activation, leakySlope: 0.1 })))
  }
  for (const loss of LOSS_IDS) {
    test(`one sigmoid output, loss ${loss}`, () => compare(caseOf({ output: 'sigmoid', loss })))
  }
  test('three hidden layers with factors on weights and steps and decoupled decay', () =>
    compare(
      caseOf({
        hidden: [16, 10, 8],
        activation: 'tanh',
        initFactors: [0.5, 1, 2, 1],
        stepFactors: [0.1, 1, 0.5, 2],
        // so large a rate that what is taken off is well above the rounding of a weight
        optimiser: { ...TUTORIAL_CONFIG.optimiser, learningRate: 0.01 },
        weightDecay: { kind: 'decoupled', factor: 0.1 }
      })
    ))
  test('no hidden layer', () => compare(caseOf({ hidden: [] })))
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
  test('each image standardised', () => compare(caseOf({}, { kind: 'image-standardise' })))
})

describe('a session', () => {
  const start = async (given: Case): Promise<TrainingSession> => {
    const session = await createNativeSession(inputOf(given))
    session.initialise(weightsOf(given))
    return session
  }

  test('has the same weights to the bit over repeats and over any split into calls', async () => {
    const given = caseOf({})
    const once = await start(given)
    const again = await start(given)
    const parts = await start(given)
    const order = ORDER.slice(0, 160)
    once.steps(order, 0)
    again.steps(order, 0)
    for (let step = 0; step < 20; step += 5) parts.steps(order.slice(step * 8, step * 8 + 40), step)
    expect(again.read()).toEqual(once.read())
    expect(parts.read()).toEqual(once.read())
    for (const session of [once, again, parts]) session.dispose()
  })

  test('names the first step after which something is not finite', async () => {
    const rate = { ...TUTORIAL_CONFIG.optimiser, id: 'sgd' as const, learningRate: 1e38 }
    const session = await start(caseOf({ optimiser: rate }))
    expect(session.steps(ORDER, 0).firstNonFiniteStep).toBeLessThan(3)
    session.dispose()
  })

  test('refuses a label outside the classes with facts', async () => {
    const input = inputOf(caseOf({}))
    input.train.labels[5] = 9
    await expect(createNativeSession(input)).rejects.toMatchObject({
      facts: { code: 'label-out-of-range', actual: '9', expected: '0 to 3' }
    })
  })

  test('has pre-activations, their greatest, and gradient norms of the right shape', async () => {
    const session = await start(caseOf({ hidden: [16, 5] }))
    expect(session.preactivations(20).map((z) => z.length)).toEqual([320, 100])
    expect(session.greatestPreactivations().map((z) => z.length)).toEqual([16, 5])
    expect(session.gradientNorms(20)).toHaveLength(3)
    for (const norm of session.gradientNorms(20)) expect(norm).toBeGreaterThan(0)
    session.dispose()
  })
})
