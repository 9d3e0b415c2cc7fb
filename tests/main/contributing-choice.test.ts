import { expect, it, vi } from 'vitest'
import type * as ListOfChoices from '../../src/core/preprocessing/choices/list'
import { colourOf } from '../../src/chart/theme'
import { code } from '../../src/core/preprocessing/fitted'
import { fit } from '../../src/core/preprocessing/fit'
import type { ChoiceSpec } from '../../src/core/preprocessing/preprocessing'
import { addImages, createSummary } from '../../src/core/statistics/summary'
import { configSchema } from '../../src/core/study/config-schema'
import { groupRuns } from '../../src/core/study/groups'
import { TUTORIAL_CONFIG } from '../../src/core/network/config'
import { NETWORK } from '../../src/core/network/tables'
import { choiceSpecs, singleChoice } from '../../src/main/cli/configuration'
import { code as codeCommand } from '../../src/main/cli/code'
import { distributions } from '../../src/main/cli/distributions'
import { train } from '../../src/main/cli/train'
import { choiceColours } from '../../src/renderer/theme/choice-colours'
import { runRecord } from '../renderer/fixtures/runs'
import { engineFolder, value } from './engine/engine-set-up'

/** The list of choices with that of CONTRIBUTING.md at its end. */
vi.mock('../../src/core/preprocessing/choices/list', async (original) => {
  const { workedExamples } = await import('./worked-examples')
  const [record] = workedExamples('A choice', {
    ...(await import('../../src/core/preprocessing/choice')),
    ...(await import('../../src/core/preprocessing/fitting')),
    ...(await import('../../src/core/statistics/moments'))
  })
  return { CHOICES: [...(await original<typeof ListOfChoices>()).CHOICES, record] }
})

const { images, setUp } = engineFolder()
// the compiler does not know it
const choice = { id: 'channel-range' } as unknown as ChoiceSpec

it('a choice that is added is in the help of the command line, and is taken from it', () => {
  for (const { options } of [train, distributions, codeCommand]) {
    const help = options.find(([flag]) => /^--choice /.test(flag))?.[1]
    expect(help).toContain('raw, unit, ')
    expect(help).toContain(', custom, channel-range')
  }
  expect(singleChoice({ choice: 'channel-range' })).toEqual(choice)
  expect(choiceSpecs({ choice: 'all' }, 'choice', '--choice')).toContainEqual(choice)
})

it('a choice that is added is in the schema, and takes no constants there', () => {
  const schema = configSchema(NETWORK)
  expect(schema.safeParse({ ...TUTORIAL_CONFIG, choice }).success).toBe(true)
  const withConstants = { ...choice, centre: [0], divisor: [1] }
  expect(schema.safeParse({ ...TUTORIAL_CONFIG, choice: withConstants }).success).toBe(false)
})

it('a choice that is added is fitted and drawn by the engine, beside all others', async () => {
  const { engine } = setUp('choice')
  await engine.openDataset({ paths: [images] })
  const [fitted] = await value(engine.fittedChoices({ choices: [choice] }))
  expect(fitted?.formula).toBe('x / 113')
  const all = choiceSpecs({ choice: 'all' }, 'choice', '--choice') ?? []
  const choices: ChoiceSpec[] = [{ id: 'custom', centre: [0], divisor: [1] }, ...all]
  const query = { split: 'train' as const, choices, logCount: false, sharedAxis: false }
  const { figures, table } = await value(engine.distributions(query))
  // 0 ... 113 with a mean of 56.5
  expect(table.at(-1)).toMatchObject({ choice, min: 0, max: 1, mean: [0.5] })
  expect(figures.at(-1)).toMatchObject({ title: 'Rescaled, each channel', choice: choice.id })
  expect(figures.at(-1)?.definition).toContain('after x / 113.')
})

it('a choice that is added has its colour in figures and window, and names runs', () => {
  expect(colourOf({ choice: choice.id }, 'dark')).toBe('#67c5dd')
  expect(choiceColours()).toContain('--choice-channel-range: #0e7490;')
  const runs = [runRecord(), runRecord({ config: { choice } })]
  expect(groupRuns(runs, NETWORK).map(({ label }) => label)).toEqual(['[0, 1]', 'channel range'])
})

it('a choice that is added has its code by the form it uses', () => {
  const summary = createSummary({ height: 1, width: 1, channels: 1, dtype: 'uint8' })
  addImages(summary, Uint8Array.of(10, 60), 2)
  expect(code(fit(choice, summary), 'numpy')).toContain('return ((x - 10.0) / 50.0)')
  expect(code(fit(choice, summary), 'tfjs')).toContain('return x.sub(10).div(50)')
})
