import { describe, expect, it } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunConfig } from '../../../src/core/network/config'
import { equivalent, has } from '../../../src/core/network/equivalent'

const config: RunConfig = {
  ...TUTORIAL_CONFIG,
  ...{ initFactors: [2, 3], stepFactors: [5, 7] },
  weightDecay: { kind: 'l2', factor: 0.1 }
}
const sgd = { ...config, optimiser: { ...config.optimiser, id: 'sgd' } } as const
const adamw = { ...config, optimiser: { ...config.optimiser, id: 'adamw' } } as const

describe('equivalent training', () => {
  it('of Adam with an L2 penalty, on eight times the input', () => {
    expect(equivalent(config, { scale: 8, offset: 0 })).toMatchObject({
      ...{ input: { scale: 8, offset: 0 }, startBias: 'zero' },
      ...{ initFactors: [0.25, 3], stepFactors: [0.625, 7], epsilonFactors: [8, 1] },
      decayFactors: [64, 1]
    })
  })

  it('of SGD divides the rate by the square; of AdamW decay moves against the rate', () => {
    const { stepFactors, epsilonFactors } = equivalent(sgd, { scale: 10, offset: 0 })
    expect(stepFactors[0]).toBeCloseTo(0.05, 12)
    expect(epsilonFactors).toEqual([1, 1])
    expect(equivalent(adamw, { scale: 10, offset: 0 }).decayFactors).toEqual([10, 1])
  })

  it('leaves what is kept, and decoupled decay with the rate', () => {
    const kept = equivalent(config, { scale: 10, offset: 3 }, 'init')
    expect(kept).toMatchObject({ initFactors: [2, 3], startBias: 'undo-offset' })
    const decoupled = equivalent(adamw, { scale: 10, offset: 0 }, 'step')
    expect(decoupled).toMatchObject({ stepFactors: [5, 7], decayFactors: [1, 1] })
  })

  it('knows what a run has', () => {
    expect((['init', 'step', 'epsilon', 'decay'] as const).map((id) => has(sgd, id))).toEqual([
      ...[true, true, false, true]
    ])
    expect(has({ ...sgd, weightDecay: { kind: 'l2', factor: 0 } }, 'decay')).toBe(false)
  })
})
