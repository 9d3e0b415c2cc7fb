import { describe, expect, it } from 'vitest'
import { checkedAsk } from '../../../src/core/experiment/kinds'
import { REMEDY } from '../../../src/core/experiment/kinds/remedy'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunConfig } from '../../../src/core/network/config'
import type { ExperimentFacts } from '../../../src/core/study/experiment'
import type { RunRecord } from '../../../src/core/study/run'
import { runRecord } from '../../renderer/fixtures/runs'

const FACTS: ExperimentFacts = {
  ...{ features: 784, classes: 10, trainCount: 60000, testCount: 10000 },
  inputs: []
}
const RAW: RunConfig = { ...TUTORIAL_CONFIG, choice: { id: 'raw' }, loss: 'clipped', seed: 7 }
const EXACT: RunConfig = { ...RAW, loss: 'exact' }
const ask = (seeds: readonly number[]) => ({
  ...{ config: RAW, changed: EXACT, name: 'the exact loss' },
  seeds
})

/** Accuracies of the setting and of its changed copy, seed by seed. */
function outcomeOf(
  before: readonly number[],
  after: readonly number[],
  own: (at: number) => Partial<RunRecord> = () => ({})
) {
  const asked = ask(before.map((_, seed) => seed))
  const accuracies = before.flatMap((accuracy, at) => [accuracy, after[at]!])
  const runs = REMEDY.plan(asked, FACTS, []).map((config, at) =>
    runRecord({ id: String(at), ...own(at), config }, [0.1, accuracies[at]!])
  )
  return REMEDY.outcome(asked, FACTS, runs)
}

describe('a remedy', () => {
  it('is tried on every seed beside the setting as it was, which may have been trained already', () => {
    const configs = REMEDY.plan(ask([0, 7]), FACTS, [])
    expect(configs.map(({ loss, seed }) => [loss, seed])).toEqual([
      ['clipped', 0],
      ['exact', 0],
      ['clipped', 7],
      ['exact', 7]
    ])
    expect(configs[2]).toEqual(RAW)
  })
  it('helped where the difference on the same seeds is larger than its spread', () => {
    // differences 65, 55, 66: mean 62, sample std sqrt((9 + 49 + 16) / 2) = 6.1
    const { sentence, data } = outcomeOf([0.1, 0.2, 0.1], [0.75, 0.75, 0.76])
    expect(sentence).toBe(
      'The exact loss helped by 62.0 points, from 13.3 % to 75.3 % (3 seeds, ± 6.1 points).'
    )
    expect(data).toMatchObject({ verdict: 'helped' })
  })
  it('made it worse where the difference is as clear the other way', () => {
    expect(outcomeOf([0.8, 0.81, 0.8], [0.7, 0.7, 0.71]).sentence).toContain(
      'The exact loss made it worse by 10.0 points'
    )
  })
  it('shows no difference where seeds vary as much', () => {
    // differences 2, -1, 1
    expect(outcomeOf([0.8, 0.8, 0.8], [0.82, 0.79, 0.81]).sentence).toMatch(/^No difference seen/)
    expect(outcomeOf([0.8], [0.8]).sentence).toMatch(/^No difference seen/)
  })
  it('may be chance on fewer than three seeds', () => {
    const { sentence, notes } = outcomeOf([0.1], [0.75])
    expect(sentence).toBe(
      'The exact loss helped by 65.0 points, from 10.0 % to 75.0 % (one seed); with one seed, this may be chance.'
    )
    expect(notes).toEqual(['With fewer than 3 seeds, differences may be chance.'])
  })
  it('claims nothing before all runs have finished', () => {
    const { sentence, data } = outcomeOf([0.1, 0.1], [0.7, 0.7], (at) =>
      at === 3 ? { status: 'running' } : {}
    )
    expect(sentence).toBe('3 of 4 runs have finished; nothing is said before all have.')
    expect(data).toMatchObject({ verdict: undefined })
  })
  it('counts a run that diverged with chance, and says so', () => {
    const nan = { epoch: 2, step: 9, reason: 'The loss is no longer a finite number.' }
    const { notes, tables, data } = outcomeOf([0.9, 0.9, 0.9], [0.8, 0.8, 0.8], (at) =>
      at % 2 === 0 ? { status: 'diverged', divergence: nan } : {}
    )
    expect(data).toMatchObject({ verdict: 'helped', before: [0.1, 0.1, 0.1] })
    expect(notes[0]).toContain('3 runs diverged')
    expect(tables[0]!.rows[0]).toEqual(['0', '10.0 % *', '80.0 %'])
  })
  it('that changes nothing is refused', () => {
    const asked = { config: RAW, changed: { ...RAW, seed: 3 }, seeds: [0] }
    expect(() => checkedAsk(REMEDY, asked)).toThrow('changes nothing')
  })
})
