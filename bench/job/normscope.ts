// Trains the tutorial's network under several choices, as the commands do, from Fashion-MNIST's files to test
// accuracies. `CHOICES EPOCHS`, CHOICES separated by commas; prints the test accuracy of each as JSON.
import { TUTORIAL_CONFIG } from '../../src/core/network/config'
import type { ChoiceSpec } from '../../src/core/preprocessing/preprocessing'
import { createOutput } from '../../src/main/cli/output'
import { trainAll } from '../../src/main/cli/training'
import { openDataset } from '../../src/main/data/open'

const [choices = '', epochs = ''] = process.argv.slice(2)
const programFolder = process.env.NORMSCOPE_PROGRAM_FOLDER!

async function main(): Promise<void> {
  const dataset = await openDataset('fashion-mnist')
  const configs = choices.split(',').map((id) => ({
    ...TUTORIAL_CONFIG,
    choice: { id } as ChoiceSpec,
    epochs: Number(epochs)
  }))
  const context = {
    output: createOutput(true),
    signal: new AbortController().signal,
    programFolder
  }
  const records = await trainAll(context, dataset, configs, { backend: 'native' })
  const accuracies = records.map(({ config, status, epochs: made }) => [
    config.choice.id,
    status === 'finished' ? made.at(-1)?.testAccuracy : undefined
  ])
  console.log(JSON.stringify(Object.fromEntries(accuracies)))
}

void main().then(() => process.exit(0))
