import { BATCH_NORM } from '../../core/experiment/kinds/batch-norm'
import { choiceSpecs, configuration, CUSTOM_OPTIONS } from './configuration'
import { experimentCommand } from './experiment-command'
import { UsageError } from './usage'

/** Whether a choice still matters with batch normalisation. */
export const batchNorm = experimentCommand({
  name: 'batch-norm',
  kind: BATCH_NORM,
  description:
    'Train two choices with batch normalisation behind the first layer and without, and compare the gaps',
  options: [
    ['--from <id>', 'First choice (raw)'],
    ['--to <id>', 'Second choice (unit)'],
    ...CUSTOM_OPTIONS
  ],
  example: 'normscope batch-norm fashion-mnist --from raw --to unit --layers lenet-5',
  ask(options, seeds) {
    const side = (key: string, otherwise: 'raw' | 'unit') => {
      const [choice = { id: otherwise }, ...more] = choiceSpecs(options, key, `--${key}`) ?? []
      if (more.length === 0) return choice
      throw new UsageError(`--${key} takes a single choice in this command.`)
    }
    const [from, to] = [side('from', 'raw'), side('to', 'unit')]
    return { config: configuration(options, to), from, to, seeds: [...seeds] }
  }
})
