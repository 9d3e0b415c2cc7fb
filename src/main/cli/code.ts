import { code as snippetOf, FRAMEWORKS } from '../../core/preprocessing/fitted'
import { constantsReport } from '../engine/figures/constants'
import { OpenSet } from '../engine/dataset/open-set'
import type { Command } from './command'
import { CHOICE_OPTION, CUSTOM_OPTIONS, singleChoice } from './configuration'
import { LABELS_OPTION, openFor } from './dataset'
import { UsageError, word } from './usage'

/** A choice with its fitted constants, as code. */
export const code: Command = {
  usage: 'code <path>',
  description:
    'Print a choice as code for a library, with the constants fitted on the training images',
  options: [
    LABELS_OPTION,
    CHOICE_OPTION,
    ...CUSTOM_OPTIONS,
    ['--for <library>', `The library: ${FRAMEWORKS.join(', ')}`]
  ],
  example: 'normscope code fashion-mnist --choice standardised --for keras',
  async run(context, [path = ''], options) {
    const library = word(options, 'for', '--for', FRAMEWORKS)
    if (!library)
      throw new UsageError('--for is missing.', `It is one of ${FRAMEWORKS.join(', ')}.`)
    const choice = singleChoice(options)
    const set = new OpenSet(await openFor(context, path, options))
    const fitted = await set.fitted(choice)
    const constants = await constantsReport(set, choice)
    const text = snippetOf(fitted, library)
    const { output } = context
    if (constants) output.log(`note: ${constants.sentence}`)
    output.give({ choice, library, parameters: fitted.parameters, constants, code: text })
    output.say(text.trimEnd())
  }
}
