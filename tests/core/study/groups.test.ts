import { describe, expect, it } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunConfig } from '../../../src/core/network/config'
import { groupRuns } from '../../../src/core/study/groups'
import { runRecord } from '../../renderer/fixtures/runs'

describe('runs in groups', () => {
  it('joins runs that differ only in their seed', () => {
    const groups = groupRuns([
      runRecord({ id: 'a', config: { seed: 0 } }),
      runRecord({ id: 'b', config: { seed: 1 } }),
      runRecord({ id: 'c', config: { choice: { id: 'raw' } } })
    ])
    expect(groups.map(({ runs }) => runs.map(({ id }) => id))).toEqual([['a', 'b'], ['c']])
  })
  it('counts a repeated seed once, and keeps the numbers until the new ones are there', () => {
    const repeated = [
      runRecord({ id: 'old' }, [0.1, 0.8]),
      runRecord({ id: 'new', status: 'queued' }, [])
    ]
    const [group] = groupRuns(repeated)
    expect(group?.runs.map(({ id }) => id)).toEqual(['old'])
    expect(group?.all).toHaveLength(2)
    const [after] = groupRuns([...repeated, runRecord({ id: 'newer' }, [0.1])])
    expect(after?.runs.map(({ id }) => id)).toEqual(['newer'])
  })
  it('names a loss only where the same choice ran under both', () => {
    const raw = { choice: { id: 'raw' } } as const
    const groups = groupRuns([
      runRecord({ config: { ...raw, loss: 'clipped' } }),
      runRecord({ config: { ...raw, loss: 'exact' } }),
      runRecord({ config: { choice: { id: 'unit' } } })
    ])
    expect(groups.map(({ label }) => label)).toEqual([
      'as stored, clipped loss',
      'as stored, exact loss',
      '[0, 1]'
    ])
  })
  it('mentions every other setting in which runs of a choice differ', () => {
    const groups = groupRuns([
      runRecord({ config: { activation: 'tanh' } }),
      runRecord({ config: { activation: 'relu' } })
    ])
    expect(groups.map(({ details }) => details)).toEqual([['tanh'], ['ReLU']])
    expect(groups[0]?.label).toBe('[0, 1], tanh')
  })

  it('tells inputs and first biases apart by their numbers', () => {
    const moved = { scale: 0.01, offset: -3 }
    const groups = groupRuns([
      runRecord({}),
      runRecord({ config: { input: { scale: 2, offset: 0 } } }),
      runRecord({ config: { input: moved } }),
      runRecord({ config: { input: moved, startBias: 'undo-offset' } })
    ])
    const plain = 'first biases zero'
    expect(groups.map(({ details }) => details)).toEqual([
      ['input as chosen', plain],
      ['input × 2', plain],
      ['input × 0.01 − 3', plain],
      ['input × 0.01 − 3', 'first biases undoing the input’s offset']
    ])
  })
  it('whatever differs is told: no two groups have one label', () => {
    const changes: Partial<RunConfig>[] = [
      { activation: 'tanh' },
      { activation: 'leaky-relu', leakySlope: 0.1 },
      { activation: 'leaky-relu', leakySlope: 0.2 },
      { layers: [], initFactors: [1], stepFactors: [1], epsilonFactors: [1], decayFactors: [1] },
      { initialiser: 'normal', initialStd: 0.1 },
      { initialiser: 'normal', initialStd: 0.2 },
      { initFactors: [2, 1] },
      { stepFactors: [2, 1] },
      { epsilonFactors: [2, 1] },
      { decayFactors: [2, 1] },
      { optimiser: { ...TUTORIAL_CONFIG.optimiser, learningRate: 0.5 } },
      { optimiser: { ...TUTORIAL_CONFIG.optimiser, id: 'momentum', momentum: 0.5 } },
      { optimiser: { ...TUTORIAL_CONFIG.optimiser, id: 'momentum', momentum: 0.9 } },
      { optimiser: { ...TUTORIAL_CONFIG.optimiser, epsilon: 1e-8 } },
      { weightDecay: { kind: 'l2', factor: 0.01 } },
      { weightDecay: { kind: 'decoupled', factor: 0.01 } },
      { loss: 'clipped' },
      { loss: 'clipped-2018' },
      { classes: [0, 1], output: 'sigmoid' },
      { classes: [0, 1] },
      { batch: 64 },
      { epochs: 7 },
      { limit: 100 },
      { probeImages: 7 },
      { input: { scale: 2, offset: 0 } },
      { input: { scale: 1, offset: 3 } },
      { startBias: 'undo-offset' },
      { testChoices: [{ id: 'raw' }] },
      { choice: { id: 'custom', centre: [0], divisor: [1] } },
      { choice: { id: 'custom', centre: [1], divisor: [1] } },
      { choice: { id: 'custom', centre: [1], divisor: [2] } }
    ]
    const groups = groupRuns(
      [{}, ...changes].map((config, at) => runRecord({ id: `${at}`, config }))
    )
    expect(groups).toHaveLength(changes.length + 1)
    const labels = groups.map(({ label }) => label)
    expect(labels.filter((label, at) => labels.indexOf(label) !== at)).toEqual([])
  })
  it('joins configurations whose keys stand in another order', () => {
    const reversed = Object.fromEntries(Object.entries(TUTORIAL_CONFIG).reverse())
    const groups = groupRuns([
      runRecord({ id: 'a' }),
      runRecord({ id: 'b', config: { ...reversed, seed: 1, epochs: 1 } })
    ])
    expect(groups).toHaveLength(1)
  })
})
