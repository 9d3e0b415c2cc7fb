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
import { errorFacts, resultOf } from '../../core/error'
import type { ExperimentKind } from '../../core/experiment/kind'
import { joinPrograms, networkCode } from '../../core/network/code/code'
import type { RunConfig } from '../../core/network/config'
import { code } from '../../core/preprocessing/fitted'
import { samePaths } from '../../core/study/opened-from'
import { studyIn } from '../../core/study/study-path'
import { NamedCluster } from '../cluster/named-cluster'
import type { NamedClusterOptions } from '../cluster/named-cluster'
import type { CheckPath } from '../disk/allowed'
import type { SpawnTrainer } from '../processes/channel'
import { activations } from './figures/activations'
import { distributions, momentsFigure } from './figures/distributions'
import { fittedChoices } from './figures/fitted-choices'
import { imageIndices, inspectImage, thumbnails } from './figures/images'
import { featureMaps, filters } from './figures/network-pictures'
import type { KeptNetworks } from './figures/network-pictures'
import { Journal, type JournalLimits } from './journal/journal'
import { Experiments } from './experiments/experiments'
import { cacheCalls } from './dataset/cache'
import { Counting } from './dataset/counting'
import type { OpenSet } from './dataset/open-set'
import { Openings } from './dataset/openings'
import { prepareRun, summarise } from './dataset/prepare'
import { leftRuns, said } from './runs/said'
import { KnownRuns } from './runs/known-runs'
import { RunQueue, type QueueOptions } from './runs/queue'
import { statusReader } from './status'
import { Studies } from './studies'

export interface EngineOptions {
  readonly spawnTrainer: SpawnTrainer
  /** where runs and recent data sets are kept */
  readonly folder: string
  /** what may be opened besides the app's own sets; default: anything */
  readonly checkPath?: CheckPath
  /** trainers at once */
  readonly trainers: number
  /** see QueueOptions */
  readonly waits?: QueueOptions['waits']
  /** how the nodes of a cluster call Normscope unless the person says otherwise; tests shorten its waits */
  readonly cluster?: Partial<Pick<NamedClusterOptions, 'defaultProgram' | 'times'>>
  /** every window that listens */
  readonly emit: EngineEvents
  readonly now: () => number
  /** what windows are told is said here too */
  readonly log?: (line: string) => void
  /** why there are fewer trainers than cores */
  readonly trainersNote?: string
  /** why statistics are slower than they could be */
  readonly statisticsNote?: string
  /** tests bring their own */
  readonly kinds?: readonly ExperimentKind[]
  /** tests lower them */
  readonly journal?: { readonly limits?: JournalLimits; readonly retryMs?: number }
}

export interface Engine {
  readonly api: EngineApi
  /**
   * Opens what the person named, else what was open last, else Fashion-MNIST, else the generated set.
   * With `resume` the engine before this one was lost, and runs that were queued go on.
   */
  openFirst(paths?: readonly string[], options?: { readonly resume?: boolean }): Promise<void>
  /** Cancels what runs, unless it is to go on at the next start; settles when everything is on disk. */
  close(options?: { readonly cancel?: boolean }): Promise<void>
}

type Implementation = { [M in EngineMethod]: (input: Parameters<EngineApi[M]>[0]) => unknown }

/** Data, statistics and runs behind the contract; the same for every shell. */
export function createEngine(options: EngineOptions): Engine {
  const { emit, now, checkPath, log = () => undefined } = options
  const say = (notice: EngineNotice): void => {
    emit.notice(notice)
    if (notice.level !== 'info') log(notice.message)
  }
  const journal = new Journal({
    ...{ folder: options.folder, now, ...options.journal },
    onPruned: (ids) => experiments.pruned(ids),
    say(notice) {
      say(notice)
      queueMicrotask(() => emit.statusChanged(status()))
    }
  })
  const runs: KnownRuns = new KnownRuns({
    ...{ journal, emit, now, queue: () => queue, atCluster: (id: string) => cluster.has(id) },
    onEnded: (record) => experiments.ended(record),
    onLeft: (left) => leftRuns(left).forEach(say)
  })
  const loaded = Promise.all([journal.loaded, journal.experiments]).then(([records, kept]) => {
    runs.load(records)
    experiments.load(kept)
  })
  /** the engine before this one was lost: runs that waited go on */
  let resume = false
  let settled: Promise<void> = Promise.resolve()
  const statusNow = statusReader()

  const { spawnTrainer, trainers, waits } = options
  const cluster: NamedCluster = new NamedCluster(
    {
      sourceOf: (dataset) => openings.sourceOf(dataset),
      ...{ defaultProgram: 'normscope', ...options.cluster },
      here: { spawnTrainer, trainers, waits },
      log: (message) => say({ level: 'warning', message }),
      wants: (id) => loaded.then(() => runs.has(id)),
      onChange() {
        queue.use(cluster.trainers)
        emit.statusChanged(status())
      }
    },
    journal.datasets
  )
  const queue: RunQueue = new RunQueue({
    ...cluster.trainers,
    // what a cluster lets runs wait for is a part of the status
    onWait: (message) => {
      if (!cluster.status?.on) say({ level: 'warning', message })
    },
    now,
    prepare: async (dataset, config) => {
      // what kills the engine here must not be tried for ever: the run counts as under way
      await journal.written()
      return prepareRun(dataset, config, ...(await summariesFor(dataset, config)))
    },
    onChange: (record, event, before) => runs.tell(record, event, before),
    onTold: (event) => said(event).forEach(say),
    checkpoint: (record) => journal.checkpointOf(record),
    onTrainers: () => emit.statusChanged(status())
  })
  const openings = new Openings({
    ...{ kept: journal.datasets, emit, say, now, checkPath },
    onOpened(set) {
      settled = settle(set).catch((thrown: unknown) => {
        const error = errorFacts(thrown)
        say({ level: 'error', message: error.message, error })
      })
      emit.statusChanged(status())
      // the first look at the images takes the cores before a trainer does
      if (!cluster.status?.on) void queue.warm(set.summary('train'))
    }
  })

  const counting = new Counting(emit)
  const experiments = new Experiments({ journal, emit, now, runs, queue, kinds: options.kinds })
  const studies = new Studies({
    ...{ openings, emit, runs, experiments, checkPath, set: opened },
    onChanged: () => emit.statusChanged(status())
  })

  function status(): EngineStatus {
    const { trainersNote, statisticsNote } = options
    return statusNow({ queue, cluster, openings, studies, journal, trainersNote, statisticsNote })
  }

  function opened(): OpenSet {
    return openings.opened
  }

  function keptNetworks(): KeptNetworks {
    return { records: runs.records, weightsOf: (run) => journal.weightsOf(run) }
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

  /** What an engine before this one left of the runs and experiments of a data set. */
  async function settle(set: OpenSet | undefined): Promise<void> {
    await loaded
    await runs.settle(set, resume)
    if (!set) return
    experiments.adopt(set.dataset)
    if (experiments.list.some(({ datasetId }) => datasetId === set.dataset.id)) {
      experiments.takeUp(await set.trainingSet(), resume)
    }
  }

  /** What a person named is a study or a data set. */
  async function openFirst(paths: readonly string[] | undefined, again: boolean): Promise<void> {
    const study = paths && studyIn(paths)
    if (study === undefined) {
      await openings.openFirst(paths, again)
      const { source } = openings
      if (paths && source && samePaths(source.paths, paths)) studies.left(opened().dataset)
      return
    }
    await loaded
    const failed = await resultOf(() => studies.open({ path: study }))
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
    async report(input) {
      await loaded
      return studies.report(input)
    },
    cancelReport: () => studies.cancelReport(),
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
    imageIndices: (input) => imageIndices(opened(), input, runs.records),
    thumbnails: (input) => thumbnails(opened(), input),
    image: (input) => counting.of(() => inspectImage(opened(), input)),
    fittedChoices: (input) => counting.of(() => fittedChoices(opened(), input)),
    choiceCode: async ({ choice, framework }) => code(await opened().fitted(choice), framework),
    async networkCode({ config, framework, withChoice }) {
      const network = networkCode(config, opened().dataset, framework)
      if (!withChoice) return network
      return joinPrograms([code(await opened().fitted(config.choice), framework), network])
    },
    distributions: (input) => counting.of(() => distributions(opened(), input)),
    imageMoments: (input) => counting.of(() => momentsFigure(opened(), input)),
    cancelCounting: () => counting.cancel(),
    ...cacheCalls(async () => [...queue.datasets, ...((await openings.set?.inUse()) ?? [])]),
    async activations(input) {
      await loaded
      return activations(opened(), input, runs.records)
    },
    async featureMaps(input) {
      await loaded
      return featureMaps(opened(), input, keptNetworks())
    },
    async filters(input) {
      await loaded
      return filters(opened(), input, keptNetworks())
    },
    async startExperiment(input) {
      await loaded
      studies.left(opened().dataset)
      return experiments.start(opened(), input)
    },
    planExperiment: (input) => experiments.planned(opened(), input),
    async experiments() {
      await loaded
      return experiments.list
    },
    async renameExperiment(input) {
      await loaded
      experiments.rename(input)
    },
    async cancelExperiment(input) {
      await loaded
      experiments.cancel(input)
    },
    async removeExperiments({ ids }) {
      await loaded
      await experiments.remove(ids)
      await journal.written()
    },
    async restoreExperiments() {
      experiments.restore()
      await journal.written()
    },
    async enqueue(input) {
      studies.left(opened().dataset)
      return experiments.enqueue(opened(), input)
    },
    async runs() {
      await loaded
      return runs.records
    },
    pauseRun: ({ id }) => queue.pause(id),
    resumeRun: ({ id }) => runs.resume(id),
    cancelRun: ({ id }) => runs.cancel(id),
    pauseAll: () => queue.pauseAll(),
    resumeAll: () => queue.resumeAll(),
    cancelAll: () => queue.cancelAll(),
    async removeRuns({ ids }) {
      await loaded
      experiments.removeRuns(ids)
      await journal.written()
    },
    async restoreRuns() {
      experiments.restore()
      await journal.written()
    },
    setCluster: (input) => journal.datasets.keepCluster(cluster.set(input)),
    testCluster: (input) => cluster.test(input, openings.set?.dataset),
    cancelClusterTest: () => cluster.cancelTest()
  }

  const api = Object.fromEntries(
    (Object.keys(engineSchemas) as EngineMethod[]).map((method) => [
      method,
      (input: never) => resultOf(() => (implementation[method] as (input: never) => unknown)(input))
    ])
  ) as unknown as EngineApi

  return {
    api,
    async openFirst(paths, { resume: again = false } = {}) {
      resume = again
      await openFirst(paths, again)
      if (!openings.set) await settle(undefined)
      await settled
    },
    async close({ cancel = true } = {}) {
      if (cancel) queue.close()
      await Promise.all([cluster.close({ stop: cancel }), journal.close()])
    }
  }
}
