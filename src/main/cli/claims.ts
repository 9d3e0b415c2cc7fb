import { CLAIMS_KIND } from '../../core/experiment/kinds/claims'
import { configuration } from './configuration'
import { experimentCommand } from './experiment-command'

/** The usual answers to the question, each asked of a data set. */
export const claims = experimentCommand({
  name: 'claims',
  kind: CLAIMS_KIND,
  description: 'Train what it takes to say which of the usual answers are true for these images',
  options: [],
  without: ['--loss'],
  example: 'normscope claims fashion-mnist --epochs 2',
  ask: (options, seeds) => ({ config: configuration(options, { id: 'raw' }), seeds: [...seeds] })
})
