import { randomUUID } from 'node:crypto'
import type { Dataset } from '../../core/dataset/dataset'
import { NormscopeError } from '../../core/error'
import type { RunConfig } from '../../core/network/config'
import { planOn } from '../../core/network/layers/plan'
import { duration } from '../../core/numbers'
import { ENDED_STATUSES } from '../../core/study/run'
import type { RunRecord } from '../../core/study/run'
import { OpenSet } from '../engine/dataset/open-set'
import { prepareRun } from '../engine/dataset/prepare'
import { RunQueue } from '../engine/runs/queue'
import type { Trainers } from '../processes/trainers'
import type { FromTrainer } from '../trainer/protocol'
import { CLUSTER_OPTIONS, clusterSetting, trainersOn } from './cluster'
import type { ClusterSetting } from './cluster'
import type { Context } from './command'
import { nodeTrainers } from '../processes/node-trainers'
import { trainersAtOnce, waitsForMemory } from '../processes/trainers-at-once'
import { number, UsageError, word } from './usage'

export const TRAINER_OPTIONS: readonly (readonly [string, string])[] = [
  ['--backend <id>', 'native, wasm or cpu (native, or wasm if the native library is missing)'],
  ['--threads <count>', 'TensorFlow threads in each training process (1)'],
  ...CLUSTER_OPTIONS
]

const BACKENDS = ['native', 'wasm', 'cpu'] as const

export interface TrainerSetting {
  readonly backend?: (typeof BACKENDS)[number]
  readonly threads?: number
  readonly cluster?: ClusterSetting
}

/** Read before a data set is opened: a wrong word is told at once. */
export function trainerSetting(options: Readonly<Record<string, unknown>>): TrainerSetting {
  const threads = number(options, 'threads', '--threads', { integer: true, min: 1, max: 256 })
  const cluster = clusterSetting(options)
  if (cluster && threads !== undefined) {
    throw new UsageError('--threads is for this computer: a job of a cluster has one CPU.')
  }
  return { backend: word(options, 'backend', '--backend', BACKENDS), threads, cluster }
}

type OnEvent = (record: RunRecord, event?: FromTrainer) => void

/** Trains configurations and returns the records in their order. */
export type Train = (configs: readonly RunConfig[], onEvent?: OnEvent) => Promise<RunRecord[]>

/** Trains every configuration on the data set and returns the records in their order. */
export function trainAll(
  context: Context,
  opened: Dataset,
  configs: readonly RunConfig[],
  setting: TrainerSetting,
  onEvent?: OnEvent
): Promise<RunRecord[]> {
  const set = new OpenSet(opened)
  return withTrainers(context, set, setting, configs.length, (train) => train(configs, onEvent))
}

/** Trainers for `use` alone, at most `runs` at once; an interrupt ends them. */
export async function withTrainers<T>(
  context: Context,
  set: OpenSet,
  setting: TrainerSetting,
  runs: number,
  use: (train: Train) => Promise<T>
): Promise<T> {
  const { signal, output } = context
  const dataset = await set.trainingSet()
  for (const warning of dataset.warnings.slice(set.dataset.warnings.length)) {
    output.log(`note: ${warning}`)
  }
  const { trainers, spawnTrainer, waits, settled } = setting.cluster
    ? await trainersOn(context, setting.cluster, dataset, { runs, backend: setting.backend })
    : trainersHere(context, setting, runs)
  let onChange: OnEvent = () => undefined
  const queue = new RunQueue({
    spawnTrainer,
    trainers,
    now: Date.now,
    waits,
    onWait: (reason) => output.log(`note: ${reason}`),
    prepare: async (_, config) =>
      prepareRun(dataset, config, await set.trainingSummary(config), await set.testSummary(config)),
    onChange: (record, event) => onChange(record, event)
  })
  const train: Train = async (configs, onEvent) => {
    for (const config of configs) planOn(config, dataset)
    const groupId = randomUUID()
    const added = configs.map((config) => ({ id: randomUUID(), groupId, config }))
    const latest = new Map<string, RunRecord>()
    await new Promise<void>((resolve) => {
      onChange = (record, event) => {
        latest.set(record.id, record)
        onEvent?.(record, event)
        if ([...latest.values()].every(({ status }) => ENDED_STATUSES.includes(status))) resolve()
      }
      queue.add(dataset, added)
    })
    signal.throwIfAborted()
    return added.map(({ id }) => latest.get(id)!)
  }
  const stop = (): void => queue.close()
  signal.addEventListener('abort', stop)
  try {
    return await use(train)
  } finally {
    signal.removeEventListener('abort', stop)
    queue.close()
    await settled?.()
  }
}

function trainersHere(
  { output, programFolder }: Context,
  { backend, threads }: TrainerSetting,
  runs: number
): Trainers & { settled?: undefined } {
  const { count: trainers, note } = trainersAtOnce(runs)
  if (note) output.log(`note: ${note}`)
  const spawnTrainer = nodeTrainers({ programFolder, backend, threads })
  return { spawnTrainer, trainers, waits: waitsForMemory() }
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
