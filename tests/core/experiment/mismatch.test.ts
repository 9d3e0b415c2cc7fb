import { describe, expect, it } from 'vitest'
import { MISMATCH } from '../../../src/core/experiment/kinds/mismatch'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { ChoiceSpec } from '../../../src/core/preprocessing/preprocessing'
import { runRecord } from '../../renderer/fixtures/runs'

const choices: ChoiceSpec[] = [{ id: 'raw' }, { id: 'unit' }]
const facts = { features: 4, classes: 10, trainCount: 10, testCount: 10, inputs: [] }
const ask = { config: TUTORIAL_CONFIG, choices, seeds: [0, 1, 2] }

/** Runs whose accuracies under raw and unit are given for each choice they are trained under. */
function runsWith(raw: readonly number[], unit: readonly number[]) {
  return MISMATCH.plan(ask, facts, []).map((config) => {
    const accuracies = config.choice.id === 'raw' ? raw : unit
    const testedUnder = choices.map((choice, at) => ({
      choice,
      accuracy: accuracies[at]! + (config.seed - 1) / 100
    }))
    return { ...runRecord({ testedUnder }), config }
  })
}

describe('another choice at prediction', () => {
  it('trains each choice with each seed, and tests it under all', () => {
    const planned = MISMATCH.plan(ask, facts, [])
    expect(planned).toHaveLength(6)
    expect(planned.every(({ testChoices }) => testChoices === choices)).toBe(true)
  })

  it('names the pair that loses most beside what the network reaches under its own choice', () => {
    const { sentence, tables, figures } = MISMATCH.outcome(
      ask,
      facts,
      runsWith([0.7, 0.1], [0.75, 0.86])
    )
    expect(sentence).toContain(
      'Trained under “As stored”, the network reaches 70.0 %; given images under “Rescaled to [0, 1]”, the same network falls to 10.0 % ± 1.0 points, 3 seeds.'
    )
    expect(tables[0]!.rows[1]!.slice(1)).toEqual(['75.0 %', '86.0 %'])
    expect(figures[0]!.marks[0]).toMatchObject({ kind: 'cells', domain: [0, 1] })
  })

  it('says where no loss is seen beyond the spread over seeds', () => {
    const one = MISMATCH.outcome(ask, facts, runsWith([0.7, 0.1], [0.855, 0.86]))
    expect(one.sentence).toContain('No loss is seen in 1 of 2 pairs')
    const none = MISMATCH.outcome(ask, facts, runsWith([0.8, 0.795], [0.855, 0.86]))
    expect(none.sentence).toContain('No difference seen')
  })

  it('claims nothing while a network is missing', () => {
    const some = runsWith([0.7, 0.1], [0.7, 0.1]).filter(({ config }) => config.choice.id === 'raw')
    const { sentence, notes } = MISMATCH.outcome(ask, facts, some)
    expect(sentence).toContain('not complete')
    expect(notes).toContain('3 of 6 runs have not ended.')
  })

  it('says which networks have learned nothing that a mismatch could cost', () => {
    const runs = runsWith([0.7, 0.6], [0.5, 0.9]).map((run) => ({
      ...run,
      testClassCounts: [70, 30]
    }))
    expect(MISMATCH.outcome(ask, facts, runs).notes).toContainEqual(
      expect.stringMatching(/^Under “As stored”, .* most frequent class \(70\.0 %\)/)
    )
  })

  it('leaves networks that have learned nothing out of its sentence', () => {
    const twoClasses = (raw: readonly number[], unit: readonly number[]) =>
      runsWith(raw, unit).map((run) => ({ ...run, testClassCounts: [7000, 3000] }))
    // as stored loses most, of nothing that it has learned
    const one = MISMATCH.outcome(ask, facts, twoClasses([0.7, 0.3], [0.8, 0.9]))
    expect(one.sentence).toContain('Trained under “Rescaled to [0, 1]”, the network reaches 90.0 %')
    const none = MISMATCH.outcome(ask, facts, twoClasses([0.7, 0.3], [0.3, 0.7]))
    expect(none.sentence).toMatch(/^Nothing is said of a mismatch: no network here is better/)
  })

  it('marks the sentence itself with few seeds', () => {
    const few = { ...ask, seeds: [0] }
    for (const raw of [0.1, 0.7]) {
      const { sentence } = MISMATCH.outcome(few, facts, runsWith([0.7, raw], [0.86, 0.86]))
      expect(sentence).toMatch(/With one seed, the differences may be chance\.$/)
    }
  })

  it('sees no loss that so few test images may be off by', () => {
    // of 12 images one is 8 points, within the standard error of 9 in 10 of them
    const runs = runsWith([0.917, 0.85], [0.85, 0.917]).map((run) => ({
      ...run,
      testClassCounts: [6, 6]
    }))
    expect(MISMATCH.outcome(ask, facts, runs).sentence).toContain('No difference seen')
  })
})
