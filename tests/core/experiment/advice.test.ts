import { describe, expect, it } from 'vitest'
import { ADVICE } from '../../../src/core/experiment/kinds/advice'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunConfig } from '../../../src/core/network/config'
import type { ChoiceSpec } from '../../../src/core/preprocessing/preprocessing'
import type { RunRecord } from '../../../src/core/study/run'
import { epochRecord, runRecord } from '../../renderer/fixtures/runs'

const choices: ChoiceSpec[] = [{ id: 'raw' }, { id: 'unit' }, { id: 'standardised' }]
const facts = { features: 4, classes: 10, trainCount: 10, testCount: 10, inputs: [] }
const ask = { config: TUTORIAL_CONFIG, choices, seeds: [0, 1, 2] }

function runsWith(accuracy: (config: RunConfig) => number | 'diverged'): RunRecord[] {
  return ADVICE.plan(ask, facts, []).map((config) => {
    const end = accuracy(config)
    return end === 'diverged'
      ? { ...runRecord({ status: 'diverged' }), config }
      : { ...runRecord({}, [0.1, end + (config.seed - 1) / 1000]), config }
  })
}
const isOwnRate = ({ optimiser }: RunConfig): boolean =>
  optimiser.learningRate === TUTORIAL_CONFIG.optimiser.learningRate

const recommended = (runs: readonly RunRecord[]) =>
  (ADVICE.outcome(ask, facts, runs).data as { recommended?: ChoiceSpec }).recommended?.id

describe('advice', () => {
  it('trains each choice and seed with a tenth, once and ten times the learning rate', () => {
    const planned = ADVICE.plan(ask, facts, [])
    expect(planned).toHaveLength(27)
    expect(new Set(planned.map(({ optimiser }) => optimiser.learningRate))).toEqual(
      new Set([0.0001, 0.001, 0.01])
    )
  })

  it('names the choice with the highest accuracy', () => {
    const best = { raw: 0.7, unit: 0.86, standardised: 0.88 } as Record<string, number>
    const runs = runsWith(({ choice }) => best[choice.id]!)
    expect(recommended(runs)).toBe('standardised')
    expect(ADVICE.outcome(ask, facts, runs).sentence).toContain(
      'Use “Standardised, whole set” here: 88.0 % ± 0.1 points, 3 seeds'
    )
  })

  it('takes, of those that are not told apart, the one that copes best with other learning rates', () => {
    const runs = runsWith((config) => {
      if (config.choice.id === 'raw') return 0.7
      if (config.choice.id === 'standardised' && !isOwnRate(config)) return 'diverged'
      return config.choice.id === 'unit' ? 0.86 : 0.8605
    })
    expect(recommended(runs)).toBe('unit')
    expect(ADVICE.outcome(ask, facts, runs).sentence).toContain(
      '“Standardised, whole set” cannot be told apart from it by accuracy.'
    )
  })

  it('says that no difference is seen where there is none', () => {
    expect(
      ADVICE.outcome(
        ask,
        facts,
        runsWith(() => 0.8)
      ).sentence
    ).toContain('No difference seen')
  })

  it('counts the steps to 95 % of the best within an epoch, by its trace', () => {
    const runs = runsWith(() => 0.8).map((run) => ({
      ...run,
      epochs: [
        epochRecord(0, { trainAccuracy: 0.1 }),
        epochRecord(1, {
          trainAccuracy: 0.8,
          testAccuracy: 0.8,
          trace: {
            fraction: [0.25, 0.5, 0.75, 1],
            loss: [1, 1, 1, 1],
            accuracy: [0.5, 0.7, 0.76, 0.8]
          }
        })
      ]
    }))
    // 95 % of .8 is .76, after three quarters of 6,400 / 32 steps
    const images = { ...facts, trainCount: 6400 }
    expect(ADVICE.outcome(ask, images, runs).tables[0]!.rows[0]![3]).toBe('150')
  })

  it('advises none where no network does better than naming the most frequent class', () => {
    const runs = runsWith(() => 0.64).map((run) => ({ ...run, testClassCounts: [70, 30] }))
    const { sentence, recommended } = ADVICE.outcome(ask, facts, runs)
    expect(sentence).toContain('64.0 % of the test images')
    expect(sentence).toContain('always naming the most frequent class is right on 70.0 %')
    expect(recommended).toBeUndefined()
  })

  it('says that none copes best with other rates where they do alike', () => {
    const sentence = ADVICE.outcome(
      ask,
      facts,
      runsWith(() => 0.8)
    ).sentence
    expect(sentence).not.toContain('copes best')
  })

  it('says which copes best with other rates only where that is seen', () => {
    const at = (unit: number) =>
      ADVICE.outcome(
        ask,
        facts,
        runsWith((config) => (isOwnRate(config) ? 0.8 : config.choice.id === 'unit' ? unit : 0.6))
      ).sentence
    // on 10,000 images 60 % has a standard error of .5 points
    expect(at(0.602)).not.toContain('copes best')
    expect(at(0.7)).toContain('“Rescaled to [0, 1]” copes best with other learning rates')
  })

  it('says with few seeds that differences may be chance', () => {
    const few = { ...ask, seeds: [0] }
    const runs = runsWith(({ choice }) => (choice.id === 'unit' ? 0.8 : 0.7))
    expect(ADVICE.outcome(few, facts, runs).sentence).toMatch(
      /With one seed, the differences may be chance\.$/
    )
    expect(ADVICE.outcome(ask, facts, runs).sentence).not.toContain('chance')
  })

  it('decides nothing with few seeds: it says which choice is ahead', () => {
    const few = { ...ask, seeds: [0] }
    const runs = runsWith(({ choice }) => (choice.id === 'unit' ? 0.8 : 0.7))
    const one = ADVICE.outcome(few, facts, runs)
    expect(one.sentence).toMatch(/^Not decided with one seed: “Rescaled to \[0, 1\]” is ahead/)
    expect(one.data).toMatchObject({ decided: false })
    const three = ADVICE.outcome(ask, facts, runs)
    expect(three.sentence).toMatch(/^Use “Rescaled to \[0, 1\]” here/)
    expect(three.data).toMatchObject({ decided: true })
  })

  it('advises no network that is better than chance by no more than so few images tell', () => {
    // 20 images, 14 of one class: the standard error of 70 % is sqrt(.69 × .31 / 21) = 10 points
    const on = (accuracy: number) =>
      ADVICE.outcome(
        ask,
        facts,
        runsWith(() => accuracy).map((run) => ({ ...run, testClassCounts: [14, 6] }))
      )
    expect(on(0.75).sentence).toContain('no more than it may be off by on so few images')
    expect(on(0.75).recommended).toBeUndefined()
    expect(on(0.9).recommended).toBeDefined()
  })

  it('gives none while runs are missing', () => {
    const some = runsWith(() => 0.8).slice(1)
    expect(recommended(some)).toBeUndefined()
    expect(ADVICE.outcome(ask, facts, some).sentence).toContain('26 of 27 runs have finished')
  })

  it('is none where a run was cancelled or failed, whatever the others reached', () => {
    const [first, ...rest] = runsWith(() => 0.8)
    const runs = [{ ...first!, status: 'cancelled' as const }, ...rest]
    expect(recommended(runs)).toBeUndefined()
    expect(ADVICE.outcome(ask, facts, runs).sentence).toBe(
      '1 of 27 runs failed or was cancelled; nothing is said before all have finished.'
    )
  })

  it('counts a run that diverged with chance, as other experiments do, and says so', () => {
    const runs = runsWith((config) => (isOwnRate(config) ? 0.8 : 'diverged'))
    const { sentence, tables, notes } = ADVICE.outcome(ask, facts, runs)
    expect(sentence).toContain('it keeps at least 10.0 %')
    expect(tables[0]!.rows[0]!.slice(4)).toEqual(['10.0 % *', '80.0 %', '10.0 % *'])
    expect(notes.find((note) => note.startsWith('*'))).toContain('18 runs diverged')
  })
})
