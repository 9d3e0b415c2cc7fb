// From the fork of a trainer to the end of its first step of 784-128-10 on Fashion-MNIST, and from the
// request for a second run to its images and graph in place and to its first step. Prints milliseconds as JSON.
import { TUTORIAL_CONFIG } from '../../src/core/network/config'
import type { ChoiceSpec } from '../../src/core/preprocessing/preprocessing'
import { openDataset } from '../../src/main/data/open'
import { OpenSet } from '../../src/main/engine/dataset/open-set'
import { prepareRun } from '../../src/main/engine/dataset/prepare'
import { nodeTrainers } from '../../src/main/processes/node-trainers'
import type { FromTrainer, TrainRequest } from '../../src/main/trainer/protocol'

const programFolder = process.env.NORMSCOPE_PROGRAM_FOLDER!

async function main(): Promise<void> {
  const set = new OpenSet(await openDataset('fashion-mnist'))
  const dataset = await set.trainingSet()
  const requestOf = async (id: string, choice: ChoiceSpec): Promise<TrainRequest> => {
    const config = { ...TUTORIAL_CONFIG, choice }
    const [train, test] = [await set.trainingSummary(config), await set.testSummary(config)]
    return { id, config, dataset, ...(await prepareRun(dataset, config, train, test)) }
  }
  const requests = [
    await requestOf('first', { id: 'unit' }),
    await requestOf('second', { id: 'standardised' })
  ] as const
  const forked = performance.now()
  const { channel, kill } = await nodeTrainers({ programFolder })()
  const told = new Map<string, number>()
  const waiting: (() => void)[] = []
  channel.onMessage((message) => {
    const event = message as FromTrainer
    const key = 'id' in event ? `${event.id} ${event.type}` : event.type
    if (!told.has(key)) told.set(key, performance.now())
    if (event.type === 'unusable' || (event.type === 'ended' && event.error)) {
      throw new Error(JSON.stringify(event.error))
    }
    for (const wake of waiting.splice(0)) wake()
  })
  const when = async (key: string): Promise<number> => {
    while (!told.has(key)) await new Promise<void>((resolve) => waiting.push(resolve))
    return told.get(key)!
  }
  await when('ready')
  channel.post({ type: 'train', request: requests[0] })
  const first = (await when('first progress')) - forked
  channel.post({ type: 'cancel', id: 'first' })
  await when('first ended')
  const asked = performance.now()
  channel.post({ type: 'train', request: requests[1] })
  const second = (await when('second progress')) - asked
  kill()
  console.log(JSON.stringify({ first, second, ready: told.get('second started')! - asked }))
}

void main().then(() => process.exit(0))
