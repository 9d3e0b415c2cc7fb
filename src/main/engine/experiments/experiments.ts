import { randomUUID } from 'node:crypto'
import type { EngineInput, EngineOutput } from '../../../contract/engine'
import type { ExperimentEvents } from '../../../contract/experiments'
import { featuresOf } from '../../../core/dataset/dataset'
import type { Dataset } from '../../../core/dataset/dataset'
import { NormscopeError } from '../../../core/error'
import {
  byConfig,
  configKey,
  newConfigs,
  newExperiment,
  nextRuns,
  runOf,
  VOID
} from '../../../core/experiment/kind'
import type { ExperimentKind } from '../../../core/experiment/kind'
import { checkedAsk, kindOf, KINDS, knownKind } from '../../../core/experiment/kinds'
import { TRAINING } from '../../../core/experiment/kinds/training'
import type { Experiment } from '../../../core/study/experiment'
import { canonicalJson } from '../../../core/study/json'
import { ENDED_STATUSES } from '../../../core/study/run'
import type { RunRecord, RunStatus } from '../../../core/study/run'
import type { OpenSet } from '../dataset/open-set'
import type { Journal } from '../journal/journal'
import type { KnownRuns } from '../runs/known-runs'
import type { RunQueue } from '../runs/queue'
import { experimentFacts } from './facts'

interface ExperimentsOptions {
  readonly journal: Pick<Journal, 'keepExperiment' | 'forgetExperiment'>
  readonly emit: ExperimentEvents
  readonly now: () => number
  readonly runs: KnownRuns
  readonly queue: RunQueue
  /** tests bring their own */
  readonly kinds?: readonly ExperimentKind[]
}

/** What a set of images must say for the facts of runs that are there. */
type Shape = Pick<Dataset, 'id' | 'name' | 'height' | 'width' | 'channels' | 'classNames'>

/** What was asked, and the runs that answer it: every run belongs to an experiment. */
export class Experiments {
  readonly #options: ExperimentsOptions
  readonly #kinds: readonly ExperimentKind[]
  readonly #known = new Map<string, Experiment>()
  /** what the runs of an experiment that may go on are trained on */
  readonly #datasets = new Map<string, Dataset>()
  /** as they were before the last removal */
  #removed: Experiment[] = []
  readonly #waiting = new Map<string, () => void>()

  constructor(options: ExperimentsOptions) {
    this.#options = options
    this.#kinds = options.kinds ?? KINDS
  }

  get list(): Experiment[] {
    return [...this.#known.values()]
  }

  /** Those that were kept, without runs that are there no more. */
  load(kept: readonly Experiment[]): void {
    const runs = new Set(this.#options.runs.records.map(({ id }) => id))
    for (const experiment of kept) {
      const runIds = experiment.runIds.filter((id) => runs.has(id))
      if (runIds.length > 0 || experiment.runIds.length === 0) {
        this.#known.set(experiment.id, { ...experiment, runIds })
      } else this.#options.journal.forgetExperiment(experiment.id)
    }
  }

  /** Those of a study. */
  bring(found: readonly Experiment[]): void {
    for (const experiment of found) this.#set(experiment)
  }

  /** Runs that no experiment has are experiments of their own, as they were queued together. */
  adopt(shape: Shape): void {
    const owned = new Set(this.list.flatMap(({ runIds }) => runIds))
    const groups = new Map<string, RunRecord[]>()
    for (const run of this.#options.runs.records) {
      if (run.datasetId !== shape.id || owned.has(run.id)) continue
      groups.set(run.groupId, [...(groups.get(run.groupId) ?? []), run])
    }
    for (const [id, runs] of groups) this.#set(this.#adopted(id, shape, runs))
  }

  async start(
    set: OpenSet,
    { kind: kindId, ask: given, name }: EngineInput<'startExperiment'>
  ): Promise<EngineOutput<'startExperiment'>> {
    const kind = knownKind(kindId, this.#kinds)
    const ask = checkedAsk(kind, given)
    const dataset = await set.trainingSet()
    const facts = await experimentFacts(set, kind, ask)
    const asked = canonicalJson(ask)
    const before = this.list.find(
      (each) =>
        each.kind === kind.id && each.datasetId === dataset.id && canonicalJson(each.ask) === asked
    )
    const experiment: Experiment = {
      ...(before ?? this.#created(randomUUID(), dataset, kind, ask)),
      ...(name !== undefined && { name }),
      facts,
      cancelled: undefined
    }
    this.#datasets.set(experiment.id, dataset)
    const queued = this.#plan(experiment, dataset, kind, VOID)
    return { id: experiment.id, queued }
  }

  async planned(
    set: OpenSet,
    { kind: kindId, ask: given }: EngineInput<'planExperiment'>
  ): Promise<EngineOutput<'planExperiment'>> {
    const kind = knownKind(kindId, this.#kinds)
    const ask = checkedAsk(kind, given)
    const dataset = await set.trainingSet()
    const facts = await experimentFacts(set, kind, ask)
    const planned = newConfigs(kind.plan(ask, facts, []), [])
    const known = this.#knownOn(dataset)
    const lacking = planned.filter((config) => !known.has(configKey(config)))
    const images = lacking.reduce((sum, { epochs }) => sum + epochs * facts.trainCount, 0)
    return { runs: planned.length, there: planned.length - lacking.length, images }
  }

  /** Trains each of the configurations, whatever is there. */
  async enqueue(
    set: OpenSet,
    { configs }: EngineInput<'enqueue'>
  ): Promise<EngineOutput<'enqueue'>> {
    const dataset = await set.trainingSet()
    const groupId = randomUUID()
    const runs = configs.map((config) => ({ id: randomUUID(), groupId, config }))
    const ask = { configs }
    const facts = await experimentFacts(set, TRAINING, ask)
    const ids = runs.map(({ id }) => id)
    this.#set({ ...this.#created(groupId, dataset, TRAINING, ask), facts, runIds: ids })
    this.#options.queue.add(dataset, runs)
    return { groupId, ids }
  }

  rename({ id, name }: EngineInput<'renameExperiment'>): void {
    this.#set({ ...this.#found(id), name })
  }

  cancel({ id }: EngineInput<'cancelExperiment'>): void {
    const experiment = this.#found(id)
    this.#set({ ...experiment, cancelled: true })
    for (const run of this.#own([experiment])) this.#options.runs.cancel(run)
  }

  /** A run came to its end: what its experiments plan now is queued. */
  ended({ id }: RunRecord): void {
    this.#waiting.get(id)?.()
    for (const experiment of this.list) {
      if (experiment.runIds.includes(id)) this.#goOn(experiment)
    }
  }

  /** After the engine before this one was lost (`resume`), or ended while runs were paused. */
  takeUp(dataset: Dataset, resume: boolean): void {
    for (const experiment of this.list) {
      if (experiment.datasetId !== dataset.id) continue
      this.#datasets.set(experiment.id, dataset)
      if (resume) this.#goOn(experiment)
    }
  }

  async remove(ids: readonly string[]): Promise<void> {
    const { journal, emit, runs } = this.#options
    const gone = ids.flatMap((id) => this.#known.get(id) ?? [])
    const own = this.#own(gone)
    for (const { id } of gone) {
      this.#known.delete(id)
      this.#datasets.delete(id)
      journal.forgetExperiment(id)
    }
    emit.experimentsRemoved({ ids: gone.map(({ id }) => id) })
    const open = new Set(own)
    for (const run of runs.records) if (ENDED_STATUSES.includes(run.status)) open.delete(run.id)
    const ends = [...open].map(
      (id) => new Promise<void>((resolve) => this.#waiting.set(id, resolve))
    )
    for (const id of open) runs.cancel(id)
    await Promise.all(ends)
    for (const id of open) this.#waiting.delete(id)
    runs.remove(own)
    this.#removed = gone
  }

  /** Experiments lose the runs; one without any goes with them. */
  removeRuns(ids: readonly string[]): void {
    const { runs } = this.#options
    const ended = new Set(
      runs.records.flatMap(({ id, status }) => (ENDED_STATUSES.includes(status) ? [id] : []))
    )
    runs.remove(ids)
    this.#removed = this.#lose(ids.filter((id) => ended.has(id)))
  }

  /** The journal deleted old runs. */
  pruned(ids: readonly string[]): void {
    this.#options.runs.pruned(ids)
    this.#lose(ids)
  }

  restore(): void {
    this.#options.runs.restore()
    this.bring(this.#removed.splice(0))
  }

  /** Takes the runs out of all experiments, which are returned as they were. */
  #lose(ids: readonly string[]): Experiment[] {
    const lost = new Set(ids)
    const before = this.list.filter(({ runIds }) => runIds.some((id) => lost.has(id)))
    const empty: string[] = []
    for (const experiment of before) {
      const runIds = experiment.runIds.filter((id) => !lost.has(id))
      if (runIds.length > 0) this.#set({ ...experiment, runIds })
      else {
        this.#known.delete(experiment.id)
        this.#options.journal.forgetExperiment(experiment.id)
        empty.push(experiment.id)
      }
    }
    if (empty.length > 0) this.#options.emit.experimentsRemoved({ ids: empty })
    return before
  }

  /** Plans again once all runs have ended; not where one was cancelled. */
  #goOn(experiment: Experiment): void {
    const dataset = this.#datasets.get(experiment.id)
    const kind = kindOf(experiment.kind, this.#kinds)
    // what a file says was asked need not be an ask
    if (!dataset || !kind?.ask.safeParse(experiment.ask).success || experiment.cancelled) return
    const runs = this.#runsOf(experiment)
    const newest = runs.map(({ config }) => runOf(runs, config))
    if (runs.some(({ status }) => !ENDED_STATUSES.includes(status))) return
    if (newest.some((run) => run?.status === 'cancelled')) return
    this.#plan(experiment, dataset, kind, [])
  }

  /** Runs for what is planned and not there; `anew` are those that count as not there. */
  #plan(
    experiment: Experiment,
    dataset: Dataset,
    kind: ExperimentKind,
    anew: readonly RunStatus[]
  ): number {
    const known = this.#knownOn(dataset)
    const own = this.#runsOf(experiment).filter(({ status }) => !anew.includes(status))
    const { taken, lacking } = nextRuns(
      (runs) => kind.plan(experiment.ask, experiment.facts, runs),
      own,
      known
    )
    const added = lacking.map((config) => ({
      ...{ id: randomUUID(), groupId: experiment.id, config }
    }))
    const found = [...taken, ...added].map(({ id }) => id)
    const runIds = [...new Set([...experiment.runIds, ...found])]
    const same = runIds.length === experiment.runIds.length
    if (!same || this.#known.get(experiment.id) !== experiment) this.#set({ ...experiment, runIds })
    if (added.length > 0) this.#options.queue.add(dataset, added)
    return added.length
  }

  /** The runs on a data set that say something, or will, by their configuration. */
  #knownOn({ id }: Dataset): ReadonlyMap<string, RunRecord> {
    return byConfig(this.#options.runs.records.filter(({ datasetId }) => datasetId === id))
  }

  #runsOf({ runIds }: Experiment): RunRecord[] {
    const ids = new Set(runIds)
    return this.#options.runs.records.filter(({ id }) => ids.has(id))
  }

  /** The runs that these have and no other. */
  #own(experiments: readonly Experiment[]): string[] {
    const ids = new Set(experiments.map(({ id }) => id))
    const shared = new Set(
      this.list.filter(({ id }) => !ids.has(id)).flatMap(({ runIds }) => runIds)
    )
    const own = new Set(experiments.flatMap(({ runIds }) => runIds))
    return [...own].filter((id) => !shared.has(id))
  }

  #found(id: string): Experiment {
    const found = this.#known.get(id)
    if (found) return found
    throw new NormscopeError({
      code: 'no-experiment',
      message: 'This experiment is there no more: it was deleted.',
      actual: id
    })
  }

  #created(
    id: string,
    { id: datasetId, name: datasetName }: Pick<Dataset, 'id' | 'name'>,
    kind: ExperimentKind,
    ask: unknown
  ): Omit<Experiment, 'facts'> {
    return newExperiment(kind, ask, { id, datasetId, datasetName, createdAt: this.#options.now() })
  }

  #adopted(id: string, shape: Shape, runs: readonly RunRecord[]): Experiment {
    const runIds = runs.map((run) => run.id)
    const before = this.#known.get(id)
    // an engine that was lost in between had queued them
    if (before) return { ...before, runIds: [...before.runIds, ...runIds] }
    const ask = {
      configs: newConfigs(
        runs.map(({ config }) => config),
        []
      )
    }
    const facts = {
      features: featuresOf(shape),
      classes: shape.classNames.length,
      trainCount: Math.max(...runs.map(({ trainCount }) => trainCount)),
      testCount: Math.max(...runs.map(({ testCount }) => testCount)),
      inputs: []
    }
    const createdAt = Math.min(...runs.map((run) => run.createdAt))
    return { ...this.#created(id, shape, TRAINING, ask), createdAt, facts, runIds }
  }

  #set(experiment: Experiment): void {
    this.#known.set(experiment.id, experiment)
    this.#options.journal.keepExperiment(experiment)
    this.#options.emit.experimentChanged(experiment)
  }
}
