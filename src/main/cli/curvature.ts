import { CURVATURE, TRIAL } from '../../core/experiment/kinds/curvature'
import { firstSeeds } from '../../core/experiment/seeds'
import { SETTINGS } from '../../core/network/settings'
import type { Command } from './command'
import {
  choiceSpecs,
  configuration,
  CUSTOM_OPTIONS,
  networkOptions,
  settingOption
} from './configuration'
import { OPEN_OPTIONS, TEST_OPTION, openFor, PATHS } from './dataset'
import {
  giveOutcome,
  OUT_OPTION,
  outFolder,
  runExperiment,
  sayOutcome,
  writeOutcome
} from './experiment'
import { TRAINER_OPTIONS, trainerSetting } from './training'
import { number, UsageError, word } from './usage'

const START = { words: ['alike', 'as-set'], usual: 'alike' } as const

/** The eigenvalues of the first layer's input, and how large a rate SGD trains with. */
export const curvature: Command = {
  usage: `curvature ${PATHS}`,
  description:
    'Eigenvalues of the input under each choice, and the largest learning rate with which SGD trains',
  options: [
    TEST_OPTION,
    ...OPEN_OPTIONS,
    OUT_OPTION,
    ['--choice <ids>', 'One choice, several separated by commas, or all'],
    ...CUSTOM_OPTIONS,
    settingOption('seeds', SETTINGS.seeds, 3),
    [
      '--start <how>',
      'alike: initial weights divided by the root mean square of the input; as-set: as they are set (alike)'
    ],
    ...networkOptions().filter(([flag]) => !/^--(optimiser|learning-rate|seed) /.test(flag)),
    ...TRAINER_OPTIONS
  ],
  example: 'normscope curvature fashion-mnist --choice raw,unit,centred,standardised --hidden 0',
  async run(context, paths, options) {
    const choices = choiceSpecs(options, 'choice', '--choice')
    if (!choices) throw new UsageError('--choice is missing.', 'Name one or more choices.')
    const config = configuration({ ...TRIAL, ...options, optimiser: 'sgd' }, choices[0]!)
    const start = word(options, 'start', '--start', START.words) ?? START.usual
    const seeds = firstSeeds(number(options, 'seeds', '--seeds', SETTINGS.seeds.limits) ?? 3)
    const setting = trainerSetting(options)
    const out = await outFolder(options)
    const dataset = await openFor(context, paths, options)
    const ask = { config, choices, seeds, start }
    const result = await runExperiment(context, dataset, CURVATURE, ask, setting)
    giveOutcome(context.output, dataset, ask, result)
    sayOutcome(context.output, result.outcome)
    await writeOutcome(context, out, dataset, ask, result)
  }
}
