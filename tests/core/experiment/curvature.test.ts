import { describe, expect, it } from 'vitest'
import { newConfigs } from '../../../src/core/experiment/kind'
import { checkedAsk } from '../../../src/core/experiment/kinds'
import { CURVATURE } from '../../../src/core/experiment/kinds/curvature'
import { rateAt, searchRate } from '../../../src/core/experiment/rate-search'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunConfig } from '../../../src/core/network/config'
import type { ChoiceSpec } from '../../../src/core/preprocessing/preprocessing'
import type { ExperimentFacts } from '../../../src/core/study/experiment'
import type { RunRecord } from '../../../src/core/study/run'
import { runRecord } from '../../renderer/fixtures/runs'

describe('the search for a rate', () => {
  /** all that is asked when every index below `limit` trains */
  const asked = (limit: number) => searchRate((index) => (index < limit ? 'trains' : 'fails'))

  it.each([
    // guess trains: strides up to 16, then 12, 14, 13
    [14, [0, 8, 16, 12, 14, 13], 13],
    // guess fails: one stride down, then -4, -6, -5
    [-5, [0, -8, -4, -6, -5], -6],
    [1, [0, 8, 4, 2, 1], 0]
  ])('limit %d', (limit, indices, found) => {
    expect(asked(limit)).toEqual({ indices, found })
  })

  it('waits for a trial that has not ended', () => {
    expect(searchRate(() => undefined)).toEqual({ indices: [0] })
    const some = searchRate((index) => (index === 0 ? 'trains' : undefined))
    expect(some).toEqual({ indices: [0, 8] })
  })

  it('ends where nothing changes within a factor 2^20', () => {
    expect(asked(Infinity)).toMatchObject({ open: 'above', indices: { length: 11 } })
    expect(asked(-Infinity)).toMatchObject({ open: 'below', indices: { length: 11 } })
  })

  it('steps by the fourth root of 2, in three digits', () => {
    expect([0, 1, 4, -8].map((index) => rateAt(0.01, index))).toEqual([0.01, 0.0119, 0.02, 0.0025])
  })
})

const linear: RunConfig = {
  ...TUTORIAL_CONFIG,
  ...{ layers: [], initFactors: [1], stepFactors: [1], epochs: 1 },
  optimiser: { ...TUTORIAL_CONFIG.optimiser, id: 'sgd' }
}
const input = (choice: ChoiceSpec, mean: number, std: number, largest: number) => ({
  ...{ choice, mean, std },
  curvature: { largest, smallest: 0.5, zero: 3, condition: largest / 0.5, inputs: 785, images: 100 }
})
const facts: ExperimentFacts = {
  ...{ features: 784, classes: 10, trainCount: 100, testCount: 100 },
  // root mean squares 5 and 1
  inputs: [input({ id: 'raw' }, 3, 4, 2000), input({ id: 'unit' }, 0.6, 0.8, 20)]
}
const ask = {
  config: linear,
  choices: [{ id: 'raw' }, { id: 'unit' }] as ChoiceSpec[],
  seeds: [0, 1, 2],
  start: 'alike' as const
}

/** Trains until the plan is complete; a run fails where its rate times the eigenvalue is above a limit. */
function searched(limits: Readonly<Record<string, number>>, asked = ask, diverges = false) {
  const runs: RunRecord[] = []
  const largest: Readonly<Record<string, number>> = { raw: 2000, unit: 20 }
  for (let round = 0; round < 40; round++) {
    const configs = newConfigs(CURVATURE.plan(asked, facts, runs), runs)
    if (configs.length === 0) break
    for (const config of configs) {
      const { id } = config.choice
      const fails = config.optimiser.learningRate * largest[id]! > limits[id]!
      const last = { trainLoss: fails ? 2.4 : 1 }
      const status = fails && diverges ? 'diverged' : 'finished'
      runs.push(runRecord({ id: `${runs.length}`, config, status }, [0.1, 0.5], last))
    }
  }
  return { runs, outcome: CURVATURE.outcome(asked, facts, runs) }
}

describe('curvature and learning rate', () => {
  it('starts at 4 over the largest eigenvalue of each choice, with initial weights for its size', () => {
    const first = CURVATURE.plan(ask, facts, [])
    expect(first).toHaveLength(6)
    expect(first.map(({ seed }) => seed)).toEqual([0, 1, 2, 0, 1, 2])
    expect(first[0]).toMatchObject({ choice: { id: 'raw' }, initFactors: [0.2] })
    expect(first[0]!.optimiser.learningRate).toBe(0.002)
    expect(first[3]).toMatchObject({ choice: { id: 'unit' }, initFactors: [1] })
    expect(first[3]!.optimiser.learningRate).toBe(0.2)
  })

  it('leaves the initial weights where that is asked for', () => {
    const [raw] = CURVATURE.plan({ ...ask, start: 'as-set' }, facts, [])
    expect(raw!.initFactors).toEqual([1])
  })

  it('starts at 8 over the largest eigenvalue with one sigmoid', () => {
    const config = { ...linear, output: 'sigmoid', classes: [0, 1] } as const
    const [raw] = CURVATURE.plan({ ...ask, config }, facts, [])
    expect(raw!.optimiser.learningRate).toBe(0.004)
  })

  it('finds the largest rate that trains, and that it goes as one over the eigenvalue', () => {
    const { outcome, runs } = searched({ raw: 50, unit: 64 })
    const { choices } = outcome.data as { choices: { rate: number; timesLargest: number }[] }
    // 4 x 2^(14 / 4) = 45.25 <= 50 < 53.8, and 4 x 2^(16 / 4) = 64
    expect(choices.map(({ timesLargest }) => timesLargest)).toEqual([
      expect.closeTo(45.2, 0),
      expect.closeTo(64, 0)
    ])
    expect(outcome.sentence).toContain('goes as 1 / λ')
    expect(outcome.sentence).toContain('differs by a factor 100')
    // (0, 8, 16, 12, 14, 15) and (0, 8, 16, 24, 20, 18, 17), for three seeds
    expect(runs).toHaveLength(3 * (6 + 7))
    expect(outcome.notes.join(' ')).not.toContain('seeds')
  })

  it('a run that diverged is one that fails, and counts', () => {
    const { outcome } = searched({ raw: 50, unit: 64 }, ask, true)
    const { choices } = outcome.data as { choices: { timesLargest: number }[] }
    expect(choices[0]!.timesLargest).toBeCloseTo(45.2, 0)
    expect(outcome.notes.join(' ')).not.toContain('left out')
  })

  it('says that the rate does not follow the eigenvalue alone', () => {
    expect(searched({ raw: 50, unit: 900 }).outcome.sentence).toContain('not as 1 / λ alone')
  })

  it('says nothing of a rule where the eigenvalues are too much alike', () => {
    const { runs } = searched({ raw: 50, unit: 64 })
    const both = { ...facts, inputs: [facts.inputs[0]!, { ...facts.inputs[0]! }] }
    expect(CURVATURE.outcome(ask, both, runs).sentence).toContain('differ too little')
  })

  it('claims nothing before a search has ended', () => {
    const { sentence, figures, notes } = CURVATURE.outcome(ask, facts, [])
    expect(sentence).toBe('No largest rate has been found yet.')
    expect(figures).toEqual([])
    expect(notes).toContain('6 of 6 runs have not ended.')
  })

  it('a run that failed is not taken for a rate that fails', () => {
    const [config] = CURVATURE.plan(ask, facts, [])
    const failed = runRecord({ config, status: 'failed' })
    const planned = CURVATURE.plan(ask, facts, [failed])
    expect(planned.filter(({ choice, seed }) => choice.id === 'raw' && seed === 0)).toEqual([
      config
    ])
  })

  it('draws the rates on the lines of theory, and the losses over rate times eigenvalue', () => {
    const { figures } = searched({ raw: 50, unit: 64 }).outcome
    expect(figures.map(({ id }) => id)).toEqual(['curvature-rate', 'curvature-loss'])
    const [always] = figures[0]!.marks
    if (always?.kind !== 'line') throw new Error('no line')
    expect(always.x[0]! * always.y[0]!).toBeCloseTo(4, 12)
    expect(
      figures.every(({ definition, source, summary }) => definition && source && summary)
    ).toBe(true)
  })

  it('is of SGD alone', () => {
    const adam = { ...ask, config: { ...linear, optimiser: TUTORIAL_CONFIG.optimiser } }
    expect(() => checkedAsk(CURVATURE, adam)).toThrow('SGD without momentum')
  })
})
