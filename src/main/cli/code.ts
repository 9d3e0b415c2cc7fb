import {
  joinPrograms,
  networkCode,
  NETWORK_FRAMEWORKS,
  writesNetworks
} from '../../core/network/code/code'
import { code as snippetOf, FRAMEWORKS } from '../../core/preprocessing/fitted'
import { constantsReport } from '../engine/figures/constants'
import { OpenSet } from '../engine/dataset/open-set'
import type { Command } from './command'
import {
  CHOICE_OPTION,
  configuration,
  CUSTOM_OPTIONS,
  networkOptions,
  singleChoice
} from './configuration'
import { OPEN_OPTIONS, openFor, PATHS } from './dataset'
import { UsageError, word } from './usage'

/** A choice with its fitted constants, as code, and where told the network that is trained on it. */
export const code: Command = {
  usage: `code ${PATHS}`,
  description:
    'Print a choice as code for a library, with the constants fitted on the training images, and the network where told',
  options: [
    ...OPEN_OPTIONS,
    CHOICE_OPTION,
    ...CUSTOM_OPTIONS,
    ['--for <library>', `The library: ${FRAMEWORKS.join(', ')}`],
    ['--network', `The network too, of which all else tells: ${NETWORK_FRAMEWORKS.join(', ')}`],
    ...networkOptions()
  ],
  example: 'normscope code fashion-mnist --choice standardised --for keras',
  async run(context, paths, options) {
    const library = word(options, 'for', '--for', FRAMEWORKS)
    if (!library)
      throw new UsageError('--for is missing.', `It is one of ${FRAMEWORKS.join(', ')}.`)
    const choice = singleChoice(options)
    const config = options['network'] === true ? configuration(options, choice) : undefined
    if (config && !writesNetworks(library)) {
      throw new UsageError(`--network is for ${NETWORK_FRAMEWORKS.join(' and ')}, not ${library}.`)
    }
    const set = new OpenSet(await openFor(context, paths, options))
    const fitted = await set.fitted(choice)
    const constants = await constantsReport(set, choice)
    const text = snippetOf(fitted, library)
    const network =
      config && writesNetworks(library) ? networkCode(config, set.dataset, library) : undefined
    const { output } = context
    if (constants) output.log(`note: ${constants.sentence}`)
    output.give({ choice, library, parameters: fitted.parameters, constants, code: text, network })
    output.say((network === undefined ? text : joinPrograms([text, network])).trimEnd())
  }
}
