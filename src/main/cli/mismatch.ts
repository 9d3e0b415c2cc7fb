import { MISMATCH } from '../../core/experiment/kinds/mismatch'
import { configuration } from './configuration'
import { CHOICES_OPTIONS, experimentCommand, severalChoices } from './experiment-command'

/** Networks trained under one choice and tested under another. */
export const mismatch = experimentCommand({
  name: 'mismatch',
  kind: MISMATCH,
  description: 'Test each network under every other choice: what a forgotten preprocessing costs',
  options: CHOICES_OPTIONS,
  example: 'normscope mismatch fashion-mnist --choice raw,unit,standardised',
  ask(options, seeds) {
    const choices = severalChoices(options)
    return { config: configuration(options, choices[0]), choices: [...choices], seeds: [...seeds] }
  }
})
