import { randomUUID } from 'node:crypto'
import type { EngineApi, EngineEvents, EngineMethod, EngineStatus } from '../../contract/engine'
import { engineSchemas } from '../../contract/engine'
import { withClassNames } from '../../core/dataset/class-names'
import { isLabelled } from '../../core/dataset/dataset'
import type { Dataset } from '../../core/dataset/dataset'
import { errorFacts, NormscopeError, resultOf } from '../../core/error'
import type { RunConfig } from '../../core/network/config'
import { describe } from '../../core/preprocessing/describe'
import type { RunRecord } from '../../core/study/run'
import { ClassNames } from '../class-names'
import { openDataset } from '../data/open'
import type { SpawnTrainer } from '../processes'
import type { FromTrainer } from '../trainer/protocol'
import { TRAINER_ENVIRONMENT } from '../trainer/protocol'
import { activations } from './activations'
import { distributions, momentsFigure } from './distributions'
import { imageIndices, inspectImage, thumbnails } from './images'
import { Journal } from './journal'
import { OpenSet } from './open-set'
import { fitChoice, summarise } from './prepare'
import { RunQueue } from './queue'

export interface EngineOptions {
  readonly spawnTrainer: SpawnTrainer
  /** where runs and recent data sets are kept */
  readonly folder: string
  /** trainers at once */
  readonly trainers: number
  /** every window that listens */
  readonly emit: EngineEvents
  readonly now: () => number
}

export interface Engine {
  readonly api: EngineApi
  /**
   * Opens what the person named, else what was open last, else Fashion-MNIST, else the generated set.
   * Runs that waited when the engine ended go on with `resume`, else they count as cancelled.
   */
  openFirst(path?: string, options?: { readonly resume?: boolean }): Promise<void>
  close(): void
}

type Implementation = {
  [M in EngineMethod]: (input: Parameters<EngineApi[M]>[0]) => unknown
}

/** Data, statistics and runs behind the contract; the same for every shell. */
export function createEngine(options: EngineOptions): Engine {
  const { emit, now } = options
  const journal = new Journal(options.folder)
  const classNames = new ClassNames(options.folder)
  const past = new Map(journal.runs(now()).map((record) => [record.id, record]))
  let removed: RunRecord[] = []
  let set: OpenSet | undefined
  let opening: AbortController | undefined
  let lastTrainer: Extract<FromTrainer, { type: 'ready' }> | undefined

  const queue = new RunQueue({
    spawnTrainer: options.spawnTrainer,
    trainers: options.trainers,
    now,
    prepare: async (dataset, config) =>
      fitChoice(dataset, config.choice, await summaryFor(dataset, config), config),
    onChange: tell,
    onTrainers: () => emit.statusChanged(status())
  })

  const records = (): RunRecord[] => [...past.values(), ...queue.records]

  function tell(record: RunRecord, event?: FromTrainer): void {
    const { id, status: state } = record
    if (event?.type === 'progress') {
      emit.runProgress({ id, status: state, progress: event.progress })
      return
    }
    if (event?.type === 'epoch') emit.runEpoch({ id, record: event.record })
    else emit.runChanged(record)
    journal.keep(record)
  }

  function status(): EngineStatus {
    // An idle trainer is ended; what trained last is what will train.
    const [first = lastTrainer] = queue.trainers
    lastTrainer = first
    const reason = process.env[TRAINER_ENVIRONMENT.nativeError]
    return {
      backend: first?.backend,
      tensorflowVersion: first?.tensorflowVersion,
      notes:
        first?.notes ??
        (reason ? [`Native TensorFlow is not available (${reason}); training is slower.`] : []),
      enginePid: process.pid,
      trainers: options.trainers,
      trainerPids: queue.trainers.map(({ pid }) => pid)
    }
  }

  async function open(path: string, labelsPath?: string): Promise<Dataset> {
    opening?.abort(
      new NormscopeError({ code: 'overtaken', message: 'Another data set was opened.' })
    )
    const controller = new AbortController()
    opening = controller
    const progress = (stage: string, fraction?: number): void =>
      emit.openProgress({ path, stage, fraction })
    try {
      const found = await openDataset(path, {
        labelsPath,
        signal: controller.signal,
        onProgress: progress
      })
      controller.signal.throwIfAborted()
      const dataset = classNames.named(found)
      set = new OpenSet(dataset)
      void set.summary('train').catch(() => undefined)
      journal.opened({ path, name: dataset.name, openedAt: now() })
      emit.datasetOpened(dataset)
      emit.openEnded({ path })
      void queue.warm()
      return dataset
    } catch (thrown) {
      emit.openEnded({ path, error: errorFacts(thrown) })
      throw thrown
    } finally {
      if (opening === controller) opening = undefined
    }
  }

  function opened(): OpenSet {
    if (set) return set
    throw new NormscopeError({
      code: 'no-dataset',
      message: 'No data set is open. Open a file, a folder, Fashion-MNIST or the generated set.'
    })
  }

  /** The open set remembers its summaries; a run may still belong to the set before it. */
  async function summaryFor(dataset: Dataset, config: RunConfig) {
    const shown = set
    return shown && (await shown.trainingSet()).id === dataset.id
      ? shown.trainingSummary(config)
      : summarise(dataset, 'train', config)
  }

  /** Takes up, or gives up, the runs that waited when the engine before this one ended. */
  async function settleWaiting(resume: boolean): Promise<void> {
    const waiting = [...past.values()].filter(({ status }) => status === 'queued')
    if (waiting.length === 0) return
    const canTrain = isLabelled(set?.dataset.splits.train)
    const dataset = resume && canTrain ? await set?.trainingSet() : undefined
    const again = waiting.filter(({ datasetId }) => datasetId === dataset?.id)
    for (const { id } of again) past.delete(id)
    for (const record of waiting.filter(({ id }) => past.has(id))) {
      const cancelled: RunRecord = { ...record, status: 'cancelled', endedAt: now() }
      past.set(record.id, cancelled)
      tell(cancelled)
    }
    if (dataset) queue.add(dataset, again)
  }

  const implementation: Implementation = {
    status,
    openDataset: ({ path, labelsPath }) => open(path, labelsPath),
    cancelOpen: () =>
      opening?.abort(new NormscopeError({ code: 'cancelled', message: 'Opening was cancelled.' })),
    dataset: () => set?.dataset,
    recentDatasets: () => journal.recent(),
    nameClasses({ datasetId, names }) {
      const open = set?.dataset.id === datasetId ? set : undefined
      const named = open && withClassNames(open.dataset, names)
      classNames.keep(datasetId, named?.fileClassNames ? named.classNames : names)
      if (!open || !named) return
      open.rename(named)
      emit.datasetOpened(named)
    },
    imageIndices: (input) => imageIndices(opened(), input),
    thumbnails: (input) => thumbnails(opened(), input),
    image: (input) => inspectImage(opened(), input),
    fittedChoices: ({ choices }) =>
      Promise.all(
        choices.map(async (choice) => {
          const fitted = await opened().fitted(choice)
          const { form: _, ...rest } = fitted
          return { ...rest, formula: describe(fitted) }
        })
      ),
    distributions: (input) => distributions(opened(), input),
    imageMoments: (input) => momentsFigure(opened(), input),
    activations: (input) => activations(opened(), input, records()),
    async enqueue({ configs, groupId = randomUUID() }) {
      const dataset = await opened().trainingSet()
      const runs = configs.map((config) => ({ id: randomUUID(), groupId, config }))
      queue.add(dataset, runs)
      return { groupId, ids: runs.map(({ id }) => id) }
    },
    runs: records,
    pauseRun: ({ id }) => queue.pause(id),
    resumeRun: ({ id }) => queue.resume(id),
    cancelRun: ({ id }) => queue.cancel(id),
    pauseAll: () => queue.pauseAll(),
    resumeAll: () => queue.resumeAll(),
    cancelAll: () => queue.cancelAll(),
    removeRuns({ ids }) {
      removed = [...queue.remove(ids), ...ids.flatMap((id) => past.get(id) ?? [])]
      for (const { id } of removed) {
        past.delete(id)
        journal.forget(id)
      }
      emit.runsRemoved({ ids: removed.map(({ id }) => id) })
    },
    restoreRuns() {
      for (const record of removed) {
        past.set(record.id, record)
        journal.keep(record)
        emit.runChanged(record)
      }
      removed = []
    }
  }

  const api = Object.fromEntries(
    (Object.keys(engineSchemas) as EngineMethod[]).map((method) => [
      method,
      (input: never) => resultOf(() => (implementation[method] as (input: never) => unknown)(input))
    ])
  ) as unknown as EngineApi

  return {
    api,
    async openFirst(path, { resume = false } = {}) {
      const wanted = path ?? journal.recent()[0]?.path
      for (const candidate of new Set([
        ...(wanted ? [wanted] : []),
        'fashion-mnist',
        'generated'
      ])) {
        try {
          await open(candidate)
          await settleWaiting(resume)
          return
        } catch (thrown) {
          const error = errorFacts(thrown)
          if (error.code === 'overtaken' || error.code === 'cancelled') return
          // What is shown instead is said on screen, never silently exchanged.
          emit.notice({ level: 'warning', message: error.message, error })
        }
      }
    },
    close: () => queue.close()
  }
}
