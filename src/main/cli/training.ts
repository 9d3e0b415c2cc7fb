import { randomUUID } from 'node:crypto'
import type { Dataset } from '../../core/dataset/dataset'
import { NormscopeError } from '../../core/error'
import type { RunConfig } from '../../core/network/config'
import { duration } from '../../core/numbers'
import { ENDED_STATUSES } from '../../core/study/run'
import type { RunRecord } from '../../core/study/run'
import { withTestSplit } from '../data/store/holdout'
import { prepareRun, summarise } from '../engine/dataset/prepare'
import { RunQueue } from '../engine/runs/queue'
import type { FromTrainer } from '../trainer/protocol'
import type { Context } from './command'
import { nodeTrainers } from '../processes/node-trainers'
import { trainersAtOnce } from '../processes/trainers-at-once'
import { number, word } from './usage'

export const TRAINER_OPTIONS: readonly (readonly [string, string])[] = [
  ['--backend <id>', 'native, wasm or cpu (native, or wasm if the native library is missing)'],
  ['--threads <count>', 'TensorFlow threads in each training process (1)']
]

const BACKENDS = ['native', 'wasm', 'cpu'] as const

interface TrainerSetting {
  readonly backend?: (typeof BACKENDS)[number]
  readonly threads?: number
}

/** Read before a data set is opened: a wrong word is told at once. */
export function trainerSetting(options: Readonly<Record<string, unknown>>): TrainerSetting {
  return {
    backend: word(options, 'backend', '--backend', BACKENDS),
    threads: number(options, 'threads', '--threads', { integer: true, min: 1, max: 256 })
  }
}

/** Trains every configuration on the data set and returns the records in their order. */
export async function trainAll(
  context: Context,
  opened: Dataset,
  configs: readonly RunConfig[],
  setting: TrainerSetting,
  onEvent: (record: RunRecord, event?: FromTrainer) => void = () => undefined
): Promise<RunRecord[]> {
  const dataset = await withTestSplit(opened)
  for (const warning of dataset.warnings.slice(opened.warnings.length)) {
    context.output.log(`note: ${warning}`)
  }
  const { count: trainers, note } = trainersAtOnce(configs.length)
  if (note) context.output.log(`note: ${note}`)
  const latest = new Map<string, RunRecord>()
  let finish: () => void
  const allEnded = new Promise<void>((resolve) => (finish = resolve))
  const queue = new RunQueue({
    spawnTrainer: nodeTrainers({ programFolder: context.programFolder, ...setting }),
    trainers,
    now: Date.now,
    prepare: async (_, config) =>
      prepareRun(
        dataset,
        config,
        await summarise(dataset, 'train', config),
        await summarise(dataset, 'test', { classes: config.classes })
      ),
    onChange(record, event) {
      latest.set(record.id, record)
      onEvent(record, event)
      if ([...latest.values()].every(({ status }) => ENDED_STATUSES.includes(status))) finish()
    }
  })
  const stop = (): void => queue.close()
  context.signal.addEventListener('abort', stop)
  try {
    const groupId = randomUUID()
    const runs = configs.map((config) => ({ id: randomUUID(), groupId, config }))
    queue.add(dataset, runs)
    await allEnded
    context.signal.throwIfAborted()
    return runs.map(({ id }) => latest.get(id)!)
  } finally {
    context.signal.removeEventListener('abort', stop)
    queue.close()
  }
}

/** A bar over all runs and the rate of those under way. */
export function showProgress(
  { output }: Context,
  records: readonly RunRecord[],
  total: number
): void {
  const done = records.reduce(
    (sum, record) =>
      sum + (ENDED_STATUSES.includes(record.status) ? 1 : (record.progress?.fraction ?? 0)),
    0
  )
  const running = records.filter(({ status }) => status === 'running')
  const rate = running.reduce((sum, record) => sum + (record.progress?.imagesPerSecond ?? 0), 0)
  const left = Math.max(0, ...running.map(({ progress }) => progress?.secondsLeft ?? 0))
  const words =
    rate > 0 ? `${Math.round(rate / 1000)}k images/s, ${duration(left)} left` : 'starting'
  output.progress.show(words, done / total)
}

/** A failed run as the error of the command. */
export function throwIfFailed(record: RunRecord): void {
  if (record.status !== 'failed') return
  throw new NormscopeError(record.error ?? { code: 'internal', message: 'The run failed.' })
}
