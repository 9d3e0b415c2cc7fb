import { dense } from '../../../src/core/network/layers/layers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { epochDifferences } from '../../../src/core/experiment/traces'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunConfig } from '../../../src/core/network/config'
import { factorCount } from '../../../src/core/network/layers/plan'
import { parseLayers } from '../../../src/core/network/layers/text'
import { AS_CHOSEN } from '../../../src/core/preprocessing/input'
import type { InputMap } from '../../../src/core/preprocessing/input'
import { equivalent } from '../../../src/core/network/equivalent'
import type { RunRecord } from '../../../src/core/study/run'
import { trainRun } from '../../../src/main/trainer/loop'
import { createNativeSession } from '../../../src/main/trainer/native'
import type { FromTrainer } from '../../../src/main/trainer/protocol'
import { runRecord } from '../../renderer/fixtures/runs'
import { caseOf, ORDER, planOf, referenceOf } from './native/fixture'
import { relativeError, trainReference } from './reference-network'
import { smallDataset } from './small-dataset'
import type { SmallDataset } from './small-dataset'

let small: SmallDataset
beforeAll(async () => (small = await smallDataset({ train: 960, test: 30 })))
afterAll(() => small.remove())

/** One epoch of native training, as the app does it. */
async function train(config: RunConfig): Promise<RunRecord> {
  const events: FromTrainer[] = []
  const { dataset, preprocessing } = small
  await trainRun({ id: 'run', config, dataset, preprocessing }, createNativeSession, {
    emit: (event) => void events.push(event),
    control: { cancelled: false, paused: false, change: () => new Promise(() => undefined) },
    now: () => performance.now(),
    yieldToEventLoop: () => new Promise((resolve) => setImmediate(resolve))
  })
  const epochs = events.flatMap((event) => (event.type === 'epoch' ? [event.record] : []))
  return { ...runRecord({ config }), epochs }
}

const with_ = (
  optimiser: Partial<RunConfig['optimiser']>,
  weightDecay: RunConfig['weightDecay'] = { kind: 'l2', factor: 0 }
): RunConfig => ({
  ...TUTORIAL_CONFIG,
  ...{ layers: [dense(16)], batch: 8, epochs: 1, probeImages: 10, weightDecay },
  // so large that a factor that is wrong shows
  optimiser: { ...TUTORIAL_CONFIG.optimiser, learningRate: 0.01, epsilon: 1e-3, ...optimiser }
})

const RUNS: readonly (readonly [string, RunConfig])[] = [
  ['SGD', with_({ id: 'sgd', learningRate: 0.1 })],
  ['momentum', with_({ id: 'momentum' })],
  ['RMSprop', with_({ id: 'rmsprop' })],
  ['Adam', with_({ id: 'adam' })],
  ['AdamW with decay', with_({ id: 'adamw' }, { kind: 'decoupled', factor: 0.5 })],
  ['Adam with an L2 penalty', with_({ id: 'adam' }, { kind: 'l2', factor: 0.01 })],
  ['SGD with an L2 penalty', with_({ id: 'sgd' }, { kind: 'l2', factor: 0.01 })]
]

test.each(RUNS)('%s on a scaled input, with the first layer moved along', async (_, config) => {
  const original = await train(config)
  /** the greatest relative difference of the losses in an epoch of 20 parts */
  const apart = async (scale: number): Promise<number> =>
    epochDifferences(original, await train(equivalent(config, { scale, offset: 0 })))[0]!.difference
  expect(await apart(255)).toBeLessThan(1e-3)
  expect(await apart(0.01)).toBeLessThan(1e-3)
  // a power of two rounds nothing
  expect(await apart(256)).toBe(0)
})

test.each(['conv3x3-4,pool2,dense-8', 'bn,dense-8', 'dense-8,bn'])(
  'Adam on a scaled input, with what it takes of %s moved along',
  async (layers) => {
    const config = { ...with_({ id: 'adam' }), layers: parseLayers(layers) }
    const ones = Array<number>(factorCount(config.layers)).fill(1)
    const factors = { initFactors: ones, stepFactors: ones, epsilonFactors: ones }
    const own = { ...config, ...factors, decayFactors: ones }
    const original = await train(own)
    const moved = await train(equivalent(own, { scale: 255, offset: 0 }))
    expect(epochDifferences(original, moved)[0]!.difference).toBeLessThan(1e-3)
  }
)

test('with an offset the network is the same at the start, and parts from then on', async () => {
  const [, config] = RUNS[3]!
  const [original, moved] = [
    await train(config),
    await train(equivalent(config, { scale: 1, offset: 2 }))
  ]
  expect(moved.epochs[0]!.trainLoss / original.epochs[0]!.trainLoss).toBeCloseTo(1, 5)
  expect(epochDifferences(original, moved)[0]!.difference).toBeGreaterThan(0.02)
})

test.each(['bn,dense-8', 'dense-8,bn'])(
  'in float64 an offset that %s takes away leaves every weight as it is',
  (layers) => {
    const optimiser = { ...TUTORIAL_CONFIG.optimiser, id: 'sgd', learningRate: 0.1 } as const
    const config = { layers: parseLayers(layers), activation: 'tanh', optimiser } as const
    const weightsWith = (input: InputMap) => {
      const given = caseOf({ ...config, input })
      const { weights } = trainReference({ ...referenceOf(given, 'train'), order: ORDER })
      // moving means hold the offset, by right
      return weights.filter((_, place) => planOf(given).parameters[place]!.role !== 'mean')
    }
    const original = weightsWith(AS_CHOSEN)
    const offset = weightsWith({ scale: 1, offset: 2 })
    const start = original.map((array) => new Float64Array(array.length))
    expect(relativeError(offset, original, start)).toBeLessThan(1e-10)
  }
)

test.each(['init', 'step', 'epsilon', 'decay'] as const)(
  'where %s stays the losses part',
  async (keep) => {
    const config = with_({ id: 'adam' }, { kind: 'l2', factor: 0.01 })
    const original = await train(config)
    const kept = await train(equivalent(config, { scale: 100, offset: 0 }, keep))
    expect(epochDifferences(original, kept)[0]!.difference).toBeGreaterThan(0.01)
  }
)
