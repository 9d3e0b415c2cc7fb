import { describe, expect, test } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunConfig } from '../../../src/core/network/config'
import { decayKindOf } from '../../../src/core/network/decay'
import { kernelFactors } from '../../../src/core/network/input-scale'
import type { KernelFactors } from '../../../src/core/network/input-scale'
import { createNativeSession } from '../../../src/main/trainer/native'
import { createPortableSession } from '../../../src/main/trainer/portable'
import type { CreateSession } from '../../../src/main/trainer/session'
import { caseOf, inputOf, ORDER, weightsOf } from './native/fixture'
import type { Case } from './native/fixture'

const S = 255

const BACKENDS: readonly (readonly [string, () => Promise<CreateSession>])[] = [
  ['the native graph', () => Promise.resolve(createNativeSession)],
  ['the portable trainer', () => createPortableSession('wasm')]
]

const optimiser = (change: Partial<RunConfig['optimiser']>) => ({
  ...TUTORIAL_CONFIG.optimiser,
  learningRate: 0.01,
  ...change
})

// epsilons and decays so large that a wrong factor shows
const RUNS: readonly (readonly [string, Partial<RunConfig>])[] = [
  ['SGD', { optimiser: optimiser({ id: 'sgd', learningRate: 0.1 }) }],
  ['momentum', { optimiser: optimiser({ id: 'momentum' }) }],
  ['Nesterov momentum', { optimiser: optimiser({ id: 'nesterov' }) }],
  ['RMSprop', { optimiser: optimiser({ id: 'rmsprop', epsilon: 1e-3 }) }],
  ['Adam', { optimiser: optimiser({ id: 'adam', epsilon: 1e-2 }) }],
  [
    'AdamW with decay',
    {
      optimiser: optimiser({ id: 'adamw', epsilon: 1e-2 }),
      weightDecay: { kind: 'decoupled', factor: 1 }
    }
  ],
  [
    'Adam with an L2 penalty',
    { optimiser: optimiser({ epsilon: 1e-2 }), weightDecay: { kind: 'l2', factor: 0.01 } }
  ],
  [
    'SGD with an L2 penalty',
    {
      optimiser: optimiser({ id: 'sgd', learningRate: 0.1 }),
      weightDecay: { kind: 'l2', factor: 0.01 }
    }
  ],
  [
    'SGD with decoupled decay',
    {
      optimiser: optimiser({ id: 'sgd', learningRate: 0.1 }),
      weightDecay: { kind: 'decoupled', factor: 0.1 }
    }
  ]
]

const onFirstLayer = ({ init, step, epsilon, decay }: KernelFactors) => ({
  initFactors: [init, 1],
  stepFactors: [step, 1],
  epsilonFactors: [epsilon, 1],
  decayFactors: [decay, 1]
})

/** The loss of every step. */
async function trace(create: CreateSession, given: Case): Promise<number[]> {
  const session = await create(inputOf(given))
  session.initialise(weightsOf(given))
  const losses = Array.from({ length: ORDER.length >> 3 }, (_, step) => {
    const rows = ORDER.subarray(8 * step, 8 * step + 8)
    return session.steps(rows, step).loss / rows.length
  })
  session.dispose()
  return losses
}

/** The greatest relative difference of two traces; one that leaves the finite numbers is apart. */
const apart = (a: readonly number[], b: readonly number[]): number =>
  a.every(Number.isFinite)
    ? Math.max(...a.map((loss, at) => Math.abs(loss / b[at]! - 1)))
    : Infinity

describe.each(BACKENDS)(
  '%s: bytes with factors on the first kernel train as bytes / 255',
  (_, load) => {
    test.each(RUNS)('%s', async (_name, change) => {
      const create = await load()
      const divided = caseOf({ activation: 'tanh', ...change })
      const bytes = { kind: 'affine', centre: [0], divisor: [255 / S] } as const
      const with_ = (factors: KernelFactors): Case => ({
        ...divided,
        config: { ...divided.config, ...onFirstLayer(factors) },
        form: bytes
      })
      const { optimiser: chosen } = divided.config
      const factors = kernelFactors(1 / S, chosen.id, decayKindOf(divided.config))
      const expected = await trace(create, divided)
      expect(apart(await trace(create, with_(factors)), expected)).toBeLessThan(1e-3)
      // each factor is needed: without it the two part
      for (const key of ['step', 'epsilon', 'decay'] as const) {
        const heeded =
          key === 'step' ||
          (key === 'epsilon' && factors.epsilon !== 1) ||
          (key === 'decay' && divided.config.weightDecay.factor > 0)
        if (!heeded) continue
        const found = await trace(create, with_({ ...factors, [key]: 1 }))
        expect(apart(found, expected), key).toBeGreaterThan(1e-3)
      }
    })
  }
)
