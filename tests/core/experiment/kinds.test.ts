import { describe, expect, it } from 'vitest'
import { errorFacts } from '../../../src/core/error'
import { newConfigs, runOf } from '../../../src/core/experiment/kind'
import { checkedAsk, kindOf, KINDS, knownKind } from '../../../src/core/experiment/kinds'
import { QUESTION_KIND } from '../../../src/core/experiment/kinds/question'
import { TRAINING } from '../../../src/core/experiment/kinds/training'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunConfig } from '../../../src/core/network/config'
import type { ChoiceId } from '../../../src/core/preprocessing/preprocessing'
import type { ExperimentFacts } from '../../../src/core/study/experiment'
import type { RunRecord } from '../../../src/core/study/run'
import { runRecord } from '../../renderer/fixtures/runs'

const facts: ExperimentFacts = {
  ...{ features: 784, classes: 10, trainCount: 60000, testCount: 10000 },
  inputs: []
}
const config = (id: Exclude<ChoiceId, 'custom'>, seed = 0): RunConfig => ({
  ...TUTORIAL_CONFIG,
  ...{ choice: { id }, seed, epochs: 1 }
})
const ended = (of: RunConfig, accuracy: number, own: Partial<RunRecord> = {}): RunRecord =>
  runRecord({ id: `${of.choice.id} ${of.seed}`, ...own, config: of }, [0.1, accuracy])

/** what is said of these accuracies of two choices, one a seed */
function trained(raw: readonly number[], unit: readonly number[]) {
  const runs = [
    ...raw.map((accuracy, seed) => ended(config('raw', seed), accuracy)),
    ...unit.map((accuracy, seed) => ended(config('unit', seed), accuracy))
  ]
  return TRAINING.outcome({ configs: runs.map((run) => run.config) }, facts, runs)
}

describe('the list of kinds', () => {
  it('has each id once, and gives the kind of an id', () => {
    const ids = KINDS.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(kindOf('question')).toBe(QUESTION_KIND)
    expect(kindOf('of a later version')).toBeUndefined()
  })
  it('refuses a kind that is not there and an ask that is none, and says what is expected', () => {
    const thrownBy = (work: () => unknown) => {
      try {
        return work()
      } catch (thrown) {
        return errorFacts(thrown)
      }
    }
    expect(thrownBy(() => knownKind('none'))).toMatchObject({
      code: 'unknown-kind',
      expected: expect.stringContaining('training') as string
    })
    expect(thrownBy(() => checkedAsk(QUESTION_KIND, { epochs: 0, seeds: [0] }))).toMatchObject({
      code: 'bad-ask',
      message: expect.stringContaining('epochs') as string
    })
    expect(thrownBy(() => checkedAsk(QUESTION_KIND, { epochs: 1, seeds: [2, 2] }))).toMatchObject({
      message: expect.stringContaining('each seed once') as string
    })
  })
})

describe('what is new in a plan', () => {
  it('is each configuration that no run has, once, whatever the order of its keys', () => {
    const { seed, ...rest } = config('raw')
    const planned = [config('raw'), config('unit'), config('unit')]
    expect(newConfigs(planned, [ended({ seed, ...rest }, 0.5)])).toEqual([config('unit')])
  })
  it('a finished run stands for a configuration before a newer one that did not finish', () => {
    const first = ended(config('raw'), 0.5)
    const second = ended(config('raw'), 0.5, { id: 'again', status: 'failed' })
    expect(runOf([first, second], config('raw'))).toBe(first)
    expect(runOf([second], config('raw'))).toBe(second)
    expect(runOf([first], config('unit'))).toBeUndefined()
  })
})

describe('training', () => {
  it('says which setting ended best, by how much, with the spread over its seeds', () => {
    // sample standard deviations: 1 and 2 points
    const { sentence, notes, tables } = trained([0.7, 0.71, 0.72], [0.84, 0.86, 0.88])
    expect(sentence).toBe(
      '[0, 1] (86.0 % ± 2.0 points, 3 seeds), 15.0 points more than as stored (71.0 % ± 1.0 points, 3 seeds).'
    )
    expect(notes).toEqual([])
    expect(tables[0]?.rows).toEqual([
      ['as stored', '71.0 %', '1.0 points', '3'],
      ['[0, 1]', '86.0 %', '2.0 points', '3']
    ])
  })
  it('sees no difference that is smaller than the spread over seeds', () => {
    const { sentence } = trained([0.84, 0.86, 0.88], [0.85, 0.87, 0.89])
    expect(sentence).toContain('No difference seen between 2 settings')
  })
  it('says of fewer than three seeds that differences may be chance', () => {
    expect(trained([0.7, 0.71], [0.8, 0.81]).notes).toEqual([
      'With fewer than 3 seeds, differences may be chance.'
    ])
    expect(trained([0.7], [0.8]).sentence).toBe(
      '[0, 1] (80.0 %, one seed), 10.0 points more than as stored (70.0 %, one seed). With one seed, the differences may be chance.'
    )
  })
  it('claims nothing of runs that did not finish, and counts them', () => {
    const configs = [config('raw'), config('unit'), config('standardised')]
    const runs = [
      ended(configs[0]!, 0.7),
      ended(configs[1]!, 0.9, { status: 'cancelled' }),
      ended(configs[2]!, 0.9, { status: 'running' })
    ]
    const { sentence, notes } = TRAINING.outcome({ configs }, facts, runs)
    expect(sentence).toBe('As stored (70.0 %, one seed).')
    expect(notes.slice(0, 2)).toEqual([
      '1 of 3 runs have not ended.',
      '1 of 3 runs did not finish and are left out of the numbers.'
    ])
    expect(TRAINING.outcome({ configs }, facts, []).sentence).toBe('No run has finished.')
  })
})

describe('the question', () => {
  it('plans its networks once for each seed', () => {
    const one = QUESTION_KIND.plan({ epochs: 2, seeds: [0] }, facts, [])
    const two = QUESTION_KIND.plan({ epochs: 2, seeds: [0, 5] }, facts, [])
    expect(two).toHaveLength(2 * one.length)
    expect(new Set(two.map(({ seed }) => seed))).toEqual(new Set([0, 5]))
    expect(newConfigs(two, [])).toHaveLength(two.length)
  })
})
