import { resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { experimentKind } from '../../src/core/experiment/kind'
import type { Outcome } from '../../src/core/experiment/kind'
import { TUTORIAL_CONFIG } from '../../src/core/network/config'
import type { RunConfig } from '../../src/core/network/config'
import { runExperiment, sayOutcome } from '../../src/main/cli/experiment'
import type { Context } from '../../src/main/cli/command'
import { openDataset } from '../../src/main/data/open'
import { temporaryFolder, writeTwoClasses } from './program'

const folder = temporaryFolder()
const { images } = writeTwoClasses(folder.path)
afterAll(() => folder.remove())

const config = (learningRate: number): RunConfig => ({
  ...TUTORIAL_CONFIG,
  ...{ layers: [], initFactors: [1], stepFactors: [1], epochs: 1, probeImages: 10 },
  optimiser: { ...TUTORIAL_CONFIG.optimiser, learningRate }
})

/** a search: each rate is ten times the one before, up to the number that is asked for */
const SEARCH = experimentKind({
  id: 'search',
  name: 'Search',
  question: 'Which rate?',
  ask: z.strictObject({ rates: z.number().int().min(1) }),
  choices: () => [{ id: 'unit' }],
  plan({ rates }, _facts, runs) {
    const ended = runs.filter(({ status }) => status === 'finished').length
    const count = Math.min(rates, ended + 1)
    return Array.from({ length: count }, (_, at) => config([1e-4, 1e-3, 1e-2][at]!))
  },
  outcome: (_ask, facts, runs) => ({
    sentence: `${runs.length} rates on ${facts.trainCount} images.`,
    figures: [],
    tables: [
      {
        title: 'Rates',
        columns: [{ title: 'rate', right: true }, { title: 'ended' }],
        rows: runs.map((run) => [String(run.config.optimiser.learningRate), run.status])
      }
    ],
    notes: ['Of one seed.'],
    data: { rates: runs.length }
  })
})

function context(signal = new AbortController().signal): Context & { said: string[] } {
  const said: string[] = []
  const progress = { show: () => undefined, clear: () => undefined }
  const output = {
    ...{ json: false, progress, give: () => undefined, log: () => undefined },
    say: (line: string) => said.push(line)
  }
  return { output, signal, said, programFolder: resolve('out/main') }
}

describe('an experiment at the command line', () => {
  test('is planned again after its runs have ended, until nothing is new, and says what came out', async () => {
    const here = context()
    const dataset = await openDataset(images)
    const { runs, outcome } = await runExperiment(here, dataset, SEARCH, { rates: 3 }, {})
    expect(runs.map((run) => run.config.optimiser.learningRate)).toEqual([1e-4, 1e-3, 1e-2])
    expect(runs.map(({ status }) => status)).toEqual(Array(3).fill('finished'))
    sayOutcome(here.output, outcome)
    // 120 images, of which a sixth is held out for testing
    expect(here.said).toEqual([
      'Rates',
      '  rate  ended',
      '0.0001  finished',
      ' 0.001  finished',
      '  0.01  finished',
      '',
      'Of one seed.',
      '',
      '3 rates on 100 images.'
    ])
  })

  test('an ask that is none is refused before anything is trained', async () => {
    const asked = runExperiment(context(), await openDataset(images), SEARCH, { rates: 0 }, {})
    await expect(asked).rejects.toMatchObject({ facts: { code: 'bad-ask' } })
  })

  test('an interrupt ends it with its reason, and its trainers', async () => {
    const controller = new AbortController()
    const here = context(controller.signal)
    here.output.progress.show = () => controller.abort(new Error('stopped'))
    const asked = runExperiment(here, await openDataset(images), SEARCH, { rates: 3 }, {})
    await expect(asked).rejects.toThrow('stopped')
  })
})

test('an outcome without tables and notes is its sentence', () => {
  const here = context()
  const outcome: Outcome = { sentence: 'So.', figures: [], tables: [], notes: [], data: {} }
  sayOutcome(here.output, outcome)
  expect(here.said).toEqual(['So.'])
})
