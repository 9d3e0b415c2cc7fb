import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { experimentKind, newConfigs } from '../../src/core/experiment/kind'
import type { ExperimentKind } from '../../src/core/experiment/kind'
import { checkedAsk, KINDS, knownKind } from '../../src/core/experiment/kinds'
import { accuracies, overSeedsText, resultNotes } from '../../src/core/experiment/results'
import { seedList } from '../../src/core/experiment/seeds'
import { TUTORIAL_CONFIG } from '../../src/core/network/config'
import { runConfig } from '../../src/core/study/config-schema'
import { runRecord } from '../renderer/fixtures/runs'
import { workedExamples } from './worked-examples'

const imports = {
  ...{ experimentKind, z, runConfig, seedList },
  ...{ accuracies, overSeedsText, resultNotes }
}
const [spread] = workedExamples('An experiment', imports) as [ExperimentKind]
const facts = { features: 784, classes: 10, trainCount: 60000, testCount: 10000, inputs: [] }

describe('an experiment that is added', () => {
  const offered = spread.offer?.({
    ...{ from: TUTORIAL_CONFIG, to: TUTORIAL_CONFIG, choices: [], seeds: [0, 1, 2] }
  })
  const ask = checkedAsk(spread, offered)

  it('is found by its id, and what it offers is an ask of its own', () => {
    expect(knownKind('spread', [...KINDS, spread])).toBe(spread)
    expect(() => checkedAsk(spread, { config: TUTORIAL_CONFIG, seeds: [] })).toThrow('seeds')
  })
  it('plans one run a seed, of which those that are there cost nothing', () => {
    const planned = spread.plan(ask, facts, [])
    expect(planned.map(({ seed }) => seed)).toEqual([0, 1, 2])
    const there = runRecord({ config: planned[1] })
    expect(newConfigs(planned, [there]).map(({ seed }) => seed)).toEqual([0, 2])
  })
  it('says what its runs show', () => {
    const planned = spread.plan(ask, facts, [])
    expect(spread.outcome(ask, facts, []).sentence).toBe('No run has finished.')
    const runs = planned.map((config, at) => runRecord({ config }, [0.1, 0.84 + 0.02 * at]))
    const { sentence, notes } = spread.outcome(ask, facts, runs)
    expect(sentence).toBe('Accuracy: 86.0 % ± 2.0 points, 3 seeds.')
    expect(notes).toEqual([])
  })
})
