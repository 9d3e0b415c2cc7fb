import { KEEP, SCALE } from '../../core/experiment/kinds/equivalence/ask'
import { EQUIVALENCE } from '../../core/experiment/kinds/equivalence/equivalence'
import type { Command } from './command'
import {
  CHOICE_OPTION,
  choiceSpecs,
  configuration,
  CUSTOM_OPTIONS,
  networkOptions
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

/** A scaled or shifted input beside the training that is the same. */
export const equivalence: Command = {
  usage: `equivalence ${PATHS}`,
  description:
    'Scale or shift the input, move the first layer along, and compare the losses of both runs',
  options: [
    TEST_OPTION,
    ...OPEN_OPTIONS,
    OUT_OPTION,
    [CHOICE_OPTION[0], `${CHOICE_OPTION[1]} (unit)`],
    ...CUSTOM_OPTIONS,
    ['--scale <factor>', `Factor on the input, from ${SCALE.min} to ${SCALE.max}`],
    ['--offset <number>', 'Added to the scaled input (0)'],
    ['--keep <setting>', `What of the first layer stays as it is: ${KEEP.join(', ')} (nothing)`],
    ...networkOptions(),
    ...TRAINER_OPTIONS
  ],
  example: 'normscope equivalence fashion-mnist --scale 255 --keep init',
  async run(context, paths, options) {
    const [choice = { id: 'unit' }, ...more] = choiceSpecs(options, 'choice', '--choice') ?? []
    if (more.length > 0) throw new UsageError('--choice takes a single choice in this command.')
    const config = configuration({ epochs: 1, ...options }, choice)
    const scale = number(options, 'scale', '--scale', SCALE)
    if (scale === undefined)
      throw new UsageError('--scale is missing.', 'Name a factor: --scale 255.')
    const offset = number(options, 'offset', '--offset', {}) ?? 0
    const keep = word(options, 'keep', '--keep', KEEP) ?? 'nothing'
    const setting = trainerSetting(options)
    const out = await outFolder(options)
    const dataset = await openFor(context, paths, options)
    const ask = { config, scale, offset, keep }
    const result = await runExperiment(context, dataset, EQUIVALENCE, ask, setting)
    giveOutcome(context.output, dataset, ask, result)
    sayOutcome(context.output, result.outcome)
    await writeOutcome(context, out, dataset, ask, result)
  }
}
