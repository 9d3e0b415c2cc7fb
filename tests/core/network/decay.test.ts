import { expect, test } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunConfig } from '../../../src/core/network/config'
import { decayOf, decayText } from '../../../src/core/network/decay'
import type { OptimiserId } from '../../../src/core/network/optimisers'

const config = (
  id: OptimiserId,
  kind: 'l2' | 'decoupled',
  change: Partial<RunConfig> = {}
): RunConfig => ({
  ...TUTORIAL_CONFIG,
  optimiser: { ...TUTORIAL_CONFIG.optimiser, id },
  weightDecay: { kind, factor: 0.1 },
  ...change
})

test('AdamW decays beside the step, whatever kind is named', () => {
  expect(decayOf(config('adam', 'l2'), 0)).toEqual({ l2: 0.1, decoupled: 0 })
  expect(decayOf(config('adam', 'decoupled'), 0)).toEqual({ l2: 0, decoupled: 0.1 })
  expect(decayOf(config('adamw', 'l2'), 0)).toEqual({ l2: 0, decoupled: 0.1 })
})

test('a factor multiplies the decay of its layer and of no other', () => {
  const given = config('adam', 'l2', { decayFactors: [3, 1] })
  expect(decayOf(given, 0).l2).toBeCloseTo(0.3, 12)
  expect(decayOf(given, 1).l2).toBe(0.1)
})

test('decay is named by what the optimiser does with it', () => {
  expect(decayText(config('adam', 'l2'))).toBe('L2 penalty 0.1')
  expect(decayText(config('adam', 'decoupled'))).toBe('decoupled decay 0.1')
  expect(decayText(config('adamw', 'l2'))).toBe('decoupled decay 0.1')
  expect(decayText(TUTORIAL_CONFIG)).toBe('no weight decay')
})
