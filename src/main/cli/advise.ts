import { ADVICE } from '../../core/experiment/kinds/advice'
import {
  joinPrograms,
  networkCode,
  NETWORK_FRAMEWORKS,
  writesNetworks
} from '../../core/network/code/code'
import { code as snippetOf, FRAMEWORKS } from '../../core/preprocessing/fitted'
import { OpenSet } from '../engine/dataset/open-set'
import { configuration } from './configuration'
import { CHOICES_OPTIONS, experimentCommand, severalChoices } from './experiment-command'
import { word } from './usage'

/** Which choice to use, on what evidence, and as code. */
export const advise = experimentCommand({
  name: 'advise',
  kind: ADVICE,
  description: 'Say which choice serves these images and this network best, with the evidence',
  options: [
    ...CHOICES_OPTIONS,
    [
      '--for <library>',
      `Print the choice as code too: ${FRAMEWORKS.join(', ')}; for ${NETWORK_FRAMEWORKS.join(' and ')} with the network`
    ]
  ],
  example: 'normscope advise fashion-mnist --choice raw,unit,standardised --for keras',
  ask(options, seeds) {
    const choices = severalChoices(options)
    return { config: configuration(options, choices[0]), choices: [...choices], seeds: [...seeds] }
  },
  more(options) {
    const library = word(options, 'for', '--for', FRAMEWORKS)
    return async ({ output }, dataset, { outcome }) => {
      const { recommended } = outcome
      if (!library || !recommended) return {}
      const code = snippetOf(await new OpenSet(dataset).fitted(recommended), library)
      const network = writesNetworks(library)
        ? networkCode(configuration(options, recommended), dataset, library)
        : undefined
      output.say('')
      output.say((network === undefined ? code : joinPrograms([code, network])).trimEnd())
      return { library, code, network }
    }
  }
})
