import { describe, expect, it } from 'vitest'
import { checkedAsk, KINDS, outcomeOf } from '../../../src/core/experiment/kinds'
import type { Desk } from '../../../src/core/experiment/kind'
import { firstSeeds } from '../../../src/core/experiment/seeds'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import { runConfig } from '../../../src/core/study/config-schema'
import type { Experiment, ExperimentFacts } from '../../../src/core/study/experiment'

const CURVATURE = { largest: 50, smallest: 0.1, zero: 0, condition: 500, inputs: 785, images: 100 }
const desk: Desk = {
  from: { ...TUTORIAL_CONFIG, choice: { id: 'raw' }, loss: 'clipped' },
  to: { ...TUTORIAL_CONFIG, choice: { id: 'unit' } },
  choices: [{ id: 'raw' }, { id: 'unit' }, { id: 'standardised' }],
  seeds: firstSeeds(3)
}
const OFFERED = KINDS.filter(({ offer }) => offer)

/** Facts as an engine would count them of choices that scale the values. */
function factsOf(kind: (typeof KINDS)[number], ask: unknown): ExperimentFacts {
  return {
    ...{ features: 784, classes: 10, trainCount: 60_000, testCount: 10_000 },
    inputs: kind.choices(ask).map((choice) => ({
      ...{ choice, mean: 0.3, std: 0.4, curvature: CURVATURE },
      affine: { scale: choice.id === 'raw' ? 1 : 1 / 255, offset: 0 }
    }))
  }
}

describe.each(OFFERED)('what the window offers to ask of “$name”', (kind) => {
  const ask = checkedAsk(kind, kind.offer!(desk))
  const facts = factsOf(kind, ask)
  const planned = kind.plan(ask, facts, [])

  it('is an ask of its kind, and plans runs that can be trained', () => {
    expect(planned.length).toBeGreaterThan(0)
    for (const config of planned) expect(runConfig.safeParse(config).error).toBeUndefined()
    expect(kind.images?.(ask) ?? {}).not.toHaveProperty('seed')
  })

  it('has a field for parts of the ask only, each once', () => {
    const keys = (kind.fields ?? []).map(({ key }) => key)
    expect(new Set(keys).size).toBe(keys.length)
    for (const key of keys) expect(Object.keys(ask as object)).toContain(key)
  })

  it('claims nothing before a run has ended, and says that runs are missing', () => {
    const experiment: Experiment = {
      ...{ id: 'one', name: kind.name, kind: kind.id, ask, facts },
      ...{ datasetId: 'data', datasetName: 'Data', createdAt: 0, runIds: [] }
    }
    const outcome = outcomeOf(experiment, [])!
    expect(outcome.sentence).not.toMatch(/\d %|points/)
    expect([outcome.sentence, ...outcome.notes].join(' ')).toMatch(/not|no /i)
    expect(outcomeOf({ ...experiment, kind: 'of a later version' }, [])).toBeUndefined()
    expect(outcomeOf({ ...experiment, ask: { of: 'a later version' } }, [])).toBeUndefined()
  })
})
