import type { Dataset } from '../../../src/core/dataset/dataset'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunConfig } from '../../../src/core/network/config'
import type { EpochRecord } from '../../../src/core/study/run'
import { openDataset } from '../../../src/main/data/open'
import { trainRun } from '../../../src/main/trainer/loop'
import { createNativeSession, nativeVersion } from '../../../src/main/trainer/native'
import type { FromTrainer } from '../../../src/main/trainer/protocol'

/** The real data set and library, or undefined: then these tests are skipped, visibly. */
async function fashionMnist(): Promise<Dataset | undefined> {
  try {
    nativeVersion()
    return await openDataset('fashion-mnist')
  } catch {
    return undefined
  }
}

export const dataset = await fashionMnist()

type Ended = Extract<FromTrainer, { type: 'ended' }>

/** Trains on whole Fashion-MNIST divided by `divisor`. */
export async function train(
  divisor: number,
  change: Partial<RunConfig>,
  images: Dataset = dataset!
): Promise<{ epochs: EpochRecord[]; last: EpochRecord; ended: Ended }> {
  const events: FromTrainer[] = []
  await trainRun(
    {
      id: 'run',
      config: { ...TUTORIAL_CONFIG, ...change },
      dataset: images,
      preprocessing: {
        choice: { id: divisor === 1 ? 'raw' : 'unit' },
        height: 28,
        width: 28,
        channels: 1,
        form: { kind: 'affine', centre: [0], divisor: [divisor] },
        parameters: {}
      }
    },
    createNativeSession,
    {
      emit: (event) => void events.push(event),
      control: { cancelled: false, paused: false, change: () => new Promise(() => undefined) },
      now: () => performance.now(),
      yieldToEventLoop: () => new Promise((resolve) => setImmediate(resolve))
    }
  )
  const epochs = events.flatMap((event) => (event.type === 'epoch' ? [event.record] : []))
  const ended = events.find((event): event is Ended => event.type === 'ended')!
  return { epochs, last: epochs[epochs.length - 1]!, ended }
}
