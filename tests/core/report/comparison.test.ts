import { describe, expect, it } from 'vitest'
import type { RunConfig } from '../../../src/core/network/config'
import { comparisonSentence } from '../../../src/core/report/comparison'
import type { Experiment } from '../../../src/core/study/experiment'
import type { RunRecord } from '../../../src/core/study/run'
import { runRecord } from '../../renderer/fixtures/runs'

/** Runs of one setting with these last accuracies, one a seed. */
function runsOf(
  name: string,
  config: Partial<RunConfig>,
  accuracies: readonly number[],
  own: Partial<RunRecord> = {}
): RunRecord[] {
  return accuracies.map((accuracy, seed) =>
    runRecord({ id: `${name}-${seed}`, ...own, config: { ...config, seed } }, [0.1, accuracy])
  )
}

function experiment(name: string, runs: readonly RunRecord[], kind = 'training'): Experiment {
  const facts = { features: 4, classes: 2, trainCount: 8, testCount: 8, inputs: [] }
  return {
    ...{ id: name, name, kind, ask: {}, facts, datasetId: 'a', datasetName: 'A', createdAt: 1 },
    runIds: runs.map(({ id }) => id)
  }
}

function said(...all: readonly (readonly [string, readonly RunRecord[], string?])[]): string {
  const records = [...new Set(all.flatMap(([, runs]) => runs))]
  return comparisonSentence(
    all.map(([name, runs, kind]) => experiment(name, runs, kind)),
    records
  )
}

describe('several experiments beside one another', () => {
  // means .80 and .90, both with a sample standard deviation of .01
  const low = runsOf('low', { choice: { id: 'raw' }, epochs: 3 }, [0.79, 0.8, 0.81])
  const high = runsOf('high', { choice: { id: 'unit' }, epochs: 5 }, [0.89, 0.9, 0.91])

  it('are told apart by what their runs differ in, and by accuracy with its spread', () => {
    expect(said(['A', low], ['B', high])).toBe(
      '“A” and “B” differ in preprocessing (As stored against Rescaled to [0, 1]) and epochs (3 against 5). ' +
        'Test accuracy: “B” 90.0 % ± 1.0 points, 3 seeds; “A” 80.0 % ± 1.0 points, 3 seeds. ' +
        '“B” is 10.0 points above “A”.'
    )
  })

  it('are not, where they lie closer than their spread', () => {
    const near = runsOf('near', { choice: { id: 'unit' } }, [0.795, 0.805, 0.815])
    const sentence = said(['A', low], ['B', near])
    expect(sentence).toContain('No difference seen: they lie closer than their spread over seeds.')
    expect(sentence).not.toContain('above')
  })

  it('are told by the best setting of each, and with those that cannot be told from the best', () => {
    const near = runsOf('near', { choice: { id: 'unit' } }, [0.795, 0.805, 0.815])
    const sentence = said(['A', [...low, ...high]], ['B', near], ['C', high])
    expect(sentence).toContain('“A” 90.0 % ± 1.0 points, 3 seeds ([0, 1], best of 2 settings)')
    expect(sentence).toContain('“A” is 9.5 points above “B”.')
    expect(sentence).toContain('No difference seen between “A” and “C”.')
  })

  it('may differ by chance with few seeds, and wait for runs that have not ended', () => {
    const one = runsOf('one', { choice: { id: 'unit' } }, [0.9])
    const running = runsOf('going', { choice: { id: 'raw' } }, [0.2], { status: 'running' })
    const sentence = said(['A', low.slice(0, 1)], ['B', one], ['C', running])
    expect(sentence).toContain('With one seed, the differences may be chance.')
    expect(sentence).toContain('No run has finished in “C”. 1 run has not ended.')
  })

  it('of one name are numbered, the oldest first', () => {
    const [older, newer] = [experiment('A', low), { ...experiment('A', high), createdAt: 2 }]
    expect(comparisonSentence([newer, older], [...low, ...high])).toContain(
      '“A” (2) is 10.0 points above “A” (1).'
    )
  })

  it('can have the same runs, asked in two ways', () => {
    expect(said(['A', low], ['B', low, 'mismatch'])).toContain(
      'They ask different things (Training and Another choice at prediction). The runs of “A” and “B” have the same settings.'
    )
  })
})
