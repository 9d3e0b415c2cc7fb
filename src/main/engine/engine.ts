import { randomUUID } from 'node:crypto'
import type {
  EngineApi,
  EngineEvents,
  EngineNotice,
  EngineMethod,
  EngineStatus
} from '../../contract/engine'
import { engineSchemas } from '../../contract/engine'
import { withClassNames } from '../../core/dataset/class-names'
import type { Dataset } from '../../core/dataset/dataset'
import { errorFacts, NormscopeError, resultOf } from '../../core/error'
import type { RunConfig } from '../../core/network/config'
import { code, describe } from '../../core/preprocessing/fitted'
import type { RunRecord } from '../../core/study/run'
import { isStudyPath } from '../../core/study/study'
import { heldOutKey } from '../data/store/holdout'
import { TRAINER_ENVIRONMENT } from '../processes/channel'
import type { SpawnTrainer } from '../processes/channel'
import type { FromTrainer } from '../trainer/protocol'
import { activations } from './figures/activations'
import { distributions, momentsFigure } from './figures/distributions'
import { imageIndices, inspectImage, thumbnails } from './figures/images'
import { isWaiting, Journal } from './journal/journal'
import type { JournalLimits } from './journal/journal'
import type { OpenSet } from './dataset/open-set'
import { Openings } from './dataset/openings'
import { prepareRun, summarise } from './dataset/prepare'
import { RunQueue } from './runs/queue'
import { Studies } from './studies'

export interface EngineOptions {
  readonly spawnTrainer: SpawnTrainer
  /** where runs and recent data sets are kept */
  readonly folder: string
  /** trainers at once */
  readonly trainers: number
  /** every window that listens */
  readonly emit: EngineEvents
  readonly now: () => number
  /** what windows are told is said here too */
  readonly log?: (line: string) => void
  /** why there are fewer trainers than cores */
  readonly trainersNote?: string
  /** tests lower them */
  readonly journal?: { readonly limits?: JournalLimits; readonly retryMs?: number }
}

export interface Engine {
  readonly api: EngineApi
  /**
   * Opens what the person named, else what was open last, else Fashion-MNIST, else the generated set.
   * With `resume` the engine before this one was lost, and runs that were queued go on.
   */
  openFirst(path?: string, options?: { readonly resume?: boolean }): Promise<void>
  /** Ends the trainers; settles when everything is on disk. */
  close(): Promise<void>
}

type Implementation = {
  [M in EngineMethod]: (input: Parameters<EngineApi[M]>[0]) => unknown
}

/** Data, statistics and runs behind the contract; the same for every shell. */
export function createEngine(options: EngineOptions): Engine {
  const { emit, now, log = () => undefined } = options
  const say = (notice: EngineNotice): void => {
    emit.notice(notice)
    if (notice.level !== 'info') log(notice.message)
  }
  const past = new Map<string, RunRecord>()
  const journal = new Journal({
    ...{ folder: options.folder, now, onPruned, ...options.journal },
    say(notice) {
      say(notice)
      queueMicrotask(() => emit.statusChanged(status()))
    }
  })
  const loaded = journal.loaded.then((records) => {
    for (const record of records) past.set(record.id, record)
  })
  let removed: RunRecord[] = []
  /** the engine before this one was lost: runs that waited go on */
  let resume = false
  let settled: Promise<void> = Promise.resolve()
  let lastTrainer: Extract<FromTrainer, { type: 'ready' }> | undefined

  const queue = new RunQueue({
    spawnTrainer: options.spawnTrainer,
    trainers: options.trainers,
    now,
    prepare: async (dataset, config) => {
      // what kills the engine here must not be tried for ever: the run counts as under way
      await journal.written()
      return prepareRun(dataset, config, ...(await summariesFor(dataset, config)))
    },
    onChange: tell,
    onTrainers: () => emit.statusChanged(status())
  })
  const openings = new Openings({
    ...{ kept: journal.datasets, emit, say, now },
    onOpened(set) {
      settled = settle(set).catch((thrown: unknown) => {
        const error = errorFacts(thrown)
        say({ level: 'error', message: error.message, error })
      })
      emit.statusChanged(status())
      void queue.warm()
    }
  })

  const studies = new Studies({
    ...{ openings, emit, set: opened, records: () => records(), bring },
    onChanged: () => emit.statusChanged(status())
  })

  const records = (): RunRecord[] => [...past.values(), ...queue.records]

  function onPruned(ids: readonly string[]): void {
    for (const id of ids) past.delete(id)
    queue.remove(ids)
    emit.runsRemoved({ ids })
  }

  function bring(found: readonly RunRecord[]): void {
    for (const record of found) {
      past.set(record.id, record)
      tell(record)
    }
  }

  function tell(record: RunRecord, event?: FromTrainer): void {
    const { id, status: state } = record
    if (event?.type === 'progress') {
      emit.runProgress({ id, status: state, progress: event.progress })
      return
    }
    if (event?.type === 'epoch') emit.runEpoch({ id, record: event.record })
    else emit.runChanged(record)
    journal.keep(record, event?.type === 'epoch' ? event.record : undefined)
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
      trainersNote: options.trainersNote,
      trainerPids: queue.trainers.map(({ pid }) => pid),
      restored: openings.restored,
      study: studies.inView,
      journal: journal.status
    }
  }

  /** Runs kept by 0.1.0 name the data set with images held out where those of today name the whole. */
  function recogniseRuns({ id: datasetId }: Dataset): void {
    for (const record of past.values()) {
      const { heldOut } = record
      if (!heldOut || record.datasetId !== heldOutKey(datasetId, heldOut)) continue
      const recognised = { ...record, datasetId }
      past.set(record.id, recognised)
      tell(recognised)
    }
  }

  function opened(): OpenSet {
    if (openings.set) return openings.set
    throw new NormscopeError({
      code: 'no-dataset',
      message: 'No data set is open. Open a file, a folder, Fashion-MNIST or the generated set.'
    })
  }

  /** The open set remembers its summaries; a run may still belong to the set before it. */
  async function summariesFor(dataset: Dataset, config: RunConfig) {
    const shown = openings.set
    const known = shown && (await shown.trainingSet()).id === dataset.id
    return Promise.all(
      known
        ? [shown.trainingSummary(config), shown.testSummary(config)]
        : [
            summarise(dataset, 'train', config),
            summarise(dataset, 'test', { classes: config.classes })
          ]
    )
  }

  /**
   * Runs that waited when the engine before this one ended: on the data set that is open, paused
   * ones are there again as they were, and queued ones where the engine was lost. What is left
   * counts as cancelled.
   */
  async function settle(set: OpenSet | undefined): Promise<void> {
    await loaded
    if (set) recogniseRuns(set.dataset)
    const waiting = [...past.values()].filter(isWaiting)
    if (waiting.length === 0) return
    const again = waiting.filter(
      ({ datasetId, status: state }) =>
        datasetId === set?.dataset.id && (resume || state === 'paused')
    )
    for (const record of waiting.filter((each) => !again.includes(each))) {
      const cancelled: RunRecord = { ...record, status: 'cancelled', endedAt: now() }
      past.set(record.id, cancelled)
      tell(cancelled)
    }
    if (!set || again.length === 0) return
    const dataset = await set.trainingSet()
    for (const { id } of again) past.delete(id)
    queue.add(
      dataset,
      again.map((run) => ({ ...run, status: run.status === 'paused' ? 'paused' : 'queued' }))
    )
  }

  /** What a person named is a study or a data set. */
  async function openFirst(path: string | undefined, again: boolean): Promise<void> {
    if (path === undefined || !isStudyPath(path)) {
      await openings.openFirst(path, again)
      if (path !== undefined && openings.source?.path === path) studies.left(opened().dataset)
      return
    }
    await loaded
    const failed = await resultOf(() => studies.open({ path }))
    if (!failed.ok) say({ level: 'error', message: failed.error.message, error: failed.error })
    if (!openings.set) await openings.openFirst(undefined, again)
  }

  const implementation: Implementation = {
    status,
    async openDataset(source) {
      const dataset = await openings.open(source)
      studies.left(dataset)
      return dataset
    },
    cancelOpen: () => openings.cancel(),
    async openStudy(source) {
      await loaded
      await studies.open(source)
    },
    async studyFile(input) {
      await loaded
      return studies.file(input)
    },
    dataset: () => openings.set?.dataset,
    recentDatasets: () => journal.datasets.recent,
    async nameClasses({ datasetId, names }) {
      const open = openings.set?.dataset.id === datasetId ? openings.set : undefined
      const named = open && withClassNames(open.dataset, names)
      const given = named?.fileClassNames ? named.classNames : names
      const kept = journal.datasets.nameClasses(datasetId, given)
      if (open && named) {
        open.rename(named)
        emit.datasetOpened(named)
      }
      await kept
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
    choiceCode: async ({ choice, framework }) => code(await opened().fitted(choice), framework),
    distributions: (input) => distributions(opened(), input),
    imageMoments: (input) => momentsFigure(opened(), input),
    async activations(input) {
      await loaded
      return activations(opened(), input, records())
    },
    async enqueue({ configs, groupId = randomUUID() }) {
      const dataset = await opened().trainingSet()
      studies.left(opened().dataset)
      const runs = configs.map((config) => ({ id: randomUUID(), groupId, config }))
      queue.add(dataset, runs)
      return { groupId, ids: runs.map(({ id }) => id) }
    },
    async runs() {
      await loaded
      return records()
    },
    pauseRun: ({ id }) => queue.pause(id),
    resumeRun: ({ id }) => queue.resume(id),
    cancelRun: ({ id }) => queue.cancel(id),
    pauseAll: () => queue.pauseAll(),
    resumeAll: () => queue.resumeAll(),
    cancelAll: () => queue.cancelAll(),
    async removeRuns({ ids }) {
      await loaded
      removed = [...queue.remove(ids), ...ids.flatMap((id) => past.get(id) ?? [])]
      for (const { id } of removed) {
        past.delete(id)
        journal.forget(id)
      }
      emit.runsRemoved({ ids: removed.map(({ id }) => id) })
      await journal.written()
    },
    async restoreRuns() {
      bring(removed.splice(0))
      await journal.written()
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
    async openFirst(path, { resume: again = false } = {}) {
      resume = again
      await openFirst(path, again)
      // runs whose data set cannot be opened do not wait for ever
      if (!openings.set) await settle(undefined)
      await settled
    },
    async close() {
      queue.close()
      await journal.close()
    }
  }
}
