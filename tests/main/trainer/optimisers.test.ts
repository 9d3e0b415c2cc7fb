import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import { OPTIMISERS } from '../../../src/core/network/optimisers'
import type { OptimiserId } from '../../../src/core/network/optimisers'
import { idsOf } from '../../../src/core/network/setting'
import { PORTABLE_OPTIMISERS } from '../../../src/main/trainer/portable/optimisers'
import { loadTensors } from '../../../src/main/trainer/portable/tensors'
import { createReferenceOptimiser } from './reference-optimisers'

/** Trained by Keras 3.15.1: tests/reference/optimisers.py */
const KERAS = JSON.parse(
  readFileSync(new URL('../../reference/optimisers.json', import.meta.url), 'utf8')
) as {
  start: number[]
  gradients: number[][]
  decay: number
  weights: Record<OptimiserId, number[]>
}

const configOf = (id: OptimiserId) => ({
  ...TUTORIAL_CONFIG.optimiser,
  id,
  learningRate: 0.01,
  epsilon: 0.01
})

function expectNear(found: ArrayLike<number>, id: OptimiserId): void {
  expect(found).toHaveLength(4)
  KERAS.weights[id].forEach((value, i) =>
    expect(Math.abs(found[i]! - value)).toBeLessThan(2e-7 + 1e-6 * Math.abs(value))
  )
}

describe.each(idsOf(OPTIMISERS))('%s goes where Keras 3 goes in ten steps', (id) => {
  const config = configOf(id)
  const decay = OPTIMISERS.find((record) => record.id === id && 'decay' in record)
  const share = decay ? config.learningRate * KERAS.decay : 0

  test('in the float64 network that the trainers are held against', () => {
    const weights = Float64Array.from(KERAS.start)
    const optimiser = createReferenceOptimiser(config, [weights])
    for (const gradient of KERAS.gradients) {
      optimiser.startStep()
      gradient.forEach((value, i) => {
        const change = optimiser.step(0, i, value, config.learningRate, config.epsilon)
        weights[i]! -= share * weights[i]! + change
      })
    }
    expectNear(weights, id)
  })

  test('in the portable trainer', async () => {
    const tf = await loadTensors('cpu')
    const { slots, rateFactor, update } = PORTABLE_OPTIMISERS[id]
    const found = tf.tidy(() => {
      let weights = tf.tensor(KERAS.start)
      let kept: readonly ReturnType<typeof tf.tensor>[] = Array.from({ length: slots }, () =>
        tf.zeros([4])
      )
      KERAS.gradients.forEach((gradient, at) => {
        const rate = config.learningRate * rateFactor(config, at + 1)
        const next = update(tf, config, tf.tensor(gradient), kept, rate)
        weights = tf.sub(tf.sub(weights, tf.mul(weights, share)), next.change)
        kept = next.slots
      })
      return weights.dataSync()
    })
    expectNear(found, id)
  })
})
