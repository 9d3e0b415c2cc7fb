import type { ClusterSettings } from '../../contract/cluster'
import type { DesktopBridge } from '../../contract/bridge'
import type {
  DatasetSource,
  EngineApi,
  EngineEvents,
  EngineInput,
  EngineMethod,
  EngineOutput,
  EngineStatus,
  RecentDataset
} from '../../contract/engine'
import { VIEWS } from '../../contract/views'
import type { ViewId } from '../../contract/views'
import { checkedOn } from '../../core/network/layers/checked'
import { isLabelled, SPLIT_NAMES } from '../../core/dataset/dataset'
import type { Dataset, SplitName } from '../../core/dataset/dataset'
import { NormscopeError, errorFacts } from '../../core/error'
import { TRAINING } from '../../core/experiment/kinds/training'
import { pathsText } from '../../core/study/opened-from'
import { studyIn } from '../../core/study/study-path'
import { Bars } from './bars.svelte'
import { Counting } from './counting.svelte'
import type { DialogName } from './dialogs'
import { Answers } from './engine/answers'
import { Connection } from './engine/connection.svelte'
import { Early } from './engine/early'
import type { EngineLink } from './engine/connection.svelte'
import { ShownFigures } from './figures.svelte'
import { Experiments } from './experiments.svelte'
import { Filters } from './filters.svelte'
import { Fitted } from './fitted.svelte'
import { Looking } from './looking.svelte'
import { Notices } from './notices.svelte'
import { Opening } from './engine/opening.svelte'
import type { OpenError, OpenProgress } from './engine/opening.svelte'
import { Runs } from './runs.svelte'
import { SettingsState } from './settings.svelte'
import { Studies } from './studies.svelte'
import type { Store } from './storage'
import { Theme } from './theme.svelte'

/** An image chosen anywhere is chosen everywhere. */
interface Selection {
  readonly split: SplitName
  readonly index: number
}

/** What the window is given; tests pass their own. */
interface WorkbenchParts {
  readonly link: EngineLink
  readonly store: Store
  /** desktop shell only */
  readonly bridge?: DesktopBridge
}

/** Everything the window shows and does; views reach it through `useWorkbench()`. */
export class Workbench {
  readonly answers = new Answers()
  readonly connection = new Connection()
  readonly filters = new Filters()
  readonly looking = new Looking()
  readonly notices = new Notices()
  readonly runs = new Runs()
  readonly experiments = new Experiments()
  readonly figures = new ShownFigures()
  readonly settings: SettingsState
  readonly theme: Theme
  readonly fitted: Fitted
  readonly counting = new Counting(this)
  readonly studies = new Studies(this)
  readonly bars = new Bars(() => this.#status)
  readonly bridge: DesktopBridge | undefined
  readonly #store: Store

  #dataset = $state.raw<Dataset | undefined>(undefined)
  #status = $state.raw<EngineStatus | undefined>(undefined)
  #recent = $state.raw<readonly RecentDataset[]>([])
  readonly #opening = new Opening()
  readonly #early = new Early()
  #selection = $state.raw<Selection>({ split: 'train', index: 0 })
  #view = $state<ViewId>('images')
  #railOpen = $state(true)
  #hint = $state<string | undefined>(undefined)
  #dialog = $state<DialogName | undefined>(undefined)

  constructor(parts: WorkbenchParts) {
    this.#store = parts.store
    this.bridge = parts.bridge
    this.settings = new SettingsState(parts.store)
    this.theme = new Theme(parts.store)
    this.fitted = new Fitted(this)
    const view = VIEWS.find(({ id }) => id === parts.store.read('view'))
    if (view) this.#view = view.id
    this.#railOpen = parts.store.read('rail') !== false
    this.connection.open(parts.link, this.#early.inTurn(this.#events()), (engine) => {
      this.#opening.abandoned()
      if (engine) void this.#ready(engine)
    })
  }

  get dataset(): Dataset | undefined {
    return this.#dataset
  }
  /** the training images have labels */
  get trainable(): boolean {
    return isLabelled(this.#dataset?.splits.train)
  }
  get status(): EngineStatus | undefined {
    return this.#status
  }
  get recent(): readonly RecentDataset[] {
    return this.#recent
  }
  /** a data set is being opened */
  get opening(): OpenProgress | undefined {
    return this.#opening.progress
  }
  /** why the last data set could not be opened */
  get openError(): OpenError | undefined {
    return this.#opening.error
  }
  /** whose runs are shown: those of the data set, or of a study without its images */
  get subject(): Pick<Dataset, 'id'> | undefined {
    return this.bars.study?.images ?? this.#dataset
  }
  get selection(): Selection {
    return this.#selection
  }
  get view(): ViewId {
    return this.#view
  }
  get railOpen(): boolean {
    return this.#railOpen
  }
  /** one line about the view, at the right of the run strip */
  get hint(): string | undefined {
    return this.#hint
  }
  get dialog() {
    return this.#dialog
  }

  show(view: ViewId): void {
    this.#view = view
    this.#store.write('view', view)
  }
  select(split: SplitName, index: number): void {
    this.#selection = { split, index }
  }
  toggleRail(): void {
    this.#railOpen = !this.#railOpen
    this.#store.write('rail', this.#railOpen)
  }
  /** A view sets this while it is shown: keys that work in it, or how its numbers came about. */
  setHint(hint: string | undefined): void {
    this.#hint = hint
  }
  openDialog(dialog: DialogName | undefined): void {
    this.#dialog = dialog
  }

  /** Calls the engine; the value, or a thrown NormscopeError. */
  async call<M extends EngineMethod>(method: M, input: EngineInput<M>): Promise<EngineOutput<M>> {
    const engine = this.connection.engine
    if (!engine) {
      throw new NormscopeError({
        code: 'engine-unreachable',
        message: 'The engine is not running. It is being restarted.'
      })
    }
    const answer = await (engine[method] as EngineApi[M])(input)
    if (answer.ok) return answer.value
    throw new NormscopeError(answer.error)
  }

  /** Calls the engine for something a person asked for; an error becomes a notice. */
  async ask<M extends EngineMethod>(
    method: M,
    input: EngineInput<M>
  ): Promise<EngineOutput<M> | undefined> {
    try {
      return await this.call(method, input)
    } catch (thrown) {
      this.notices.error(errorFacts(thrown))
      return undefined
    }
  }

  /** Like `ask`, for what gives no value: whether it was done. */
  async #done<M extends EngineMethod>(method: M, input: EngineInput<M>): Promise<boolean> {
    try {
      await this.call(method, input)
      return true
    } catch (thrown) {
      this.notices.error(errorFacts(thrown))
      return false
    }
  }

  /** A data set or a study. Whether it was opened; being overtaken by another opening, which goes on, is no error. */
  async openDataset(source: DatasetSource): Promise<boolean> {
    const path = pathsText(source.paths)
    const study = studyIn(source.paths)
    this.#opening.progressed({ path, stage: 'Opening' })
    try {
      if (study !== undefined) await this.call('openStudy', { path: study })
      else this.#setDataset(await this.call('openDataset', source))
      this.#opening.ended(path)
      return true
    } catch (thrown) {
      this.#opening.ended(path, { ...errorFacts(thrown), source })
      return false
    }
  }

  /** Opens what was chosen outside the data dialog, which tells what went wrong. */
  async openOrExplain(source: DatasetSource): Promise<void> {
    if (!(await this.openDataset(source)) && this.openError) this.openDialog('data')
  }

  /** Trains one run per checked choice and seed, and shows them; those that are there cost nothing. */
  async train(): Promise<void> {
    if (this.#dataset && !this.trainable) {
      return this.notices.show('info', 'Training needs labels, and these images have none.', {
        action: { label: 'Add labels…', run: () => this.openDialog('labels') }
      })
    }
    const refused = this.#dataset && checkedOn(this.settings.network, this.#dataset).refused
    if (refused) {
      return this.notices.show('warning', refused.message, {
        action: { label: 'Edit network…', run: () => this.openDialog('network') }
      })
    }
    const ask = { configs: this.settings.configs() }
    const answer = await this.ask('startExperiment', { kind: TRAINING.id, ask })
    if (answer?.queued === 0) {
      this.notices.show('info', 'These runs are there already: nothing is left to train.')
    }
    if (answer && this.#view === 'images') this.show('training')
  }

  /** Names the classes of the open data set, without names as its files do; whether it was done. */
  async nameClasses(names: readonly string[] | undefined): Promise<boolean> {
    const dataset = this.#dataset
    if (!dataset) return false
    const name = (given: readonly string[] | undefined): Promise<boolean> =>
      this.#done('nameClasses', { datasetId: dataset.id, ...(given && { names: [...given] }) })
    if (!(await name(names))) return false
    const before = dataset.fileClassNames && dataset.classNames
    this.settings.changed({ undo: () => void name(before), redo: () => void name(names) })
    return true
  }

  /** Sends runs to a cluster, or trains them here again; whether it was done. */
  setCluster({ address, program, on }: ClusterSettings): Promise<boolean> {
    return this.#done('setCluster', { address, ...(program && { program }), on })
  }

  /** Forgets ended runs; the notice offers to bring them back. */
  async removeRuns(ids: readonly string[]): Promise<void> {
    if (ids.length === 0 || !(await this.#done('removeRuns', { ids: [...ids] }))) return
    const what = ids.length === 1 ? 'One run removed' : `${ids.length} runs removed`
    this.notices.show('info', what, {
      action: { label: 'Undo', run: () => void this.#restoreRuns() }
    })
  }

  /** Forgets experiments with the runs that no other one has; the notice offers to bring them back. */
  async removeExperiments(ids: readonly string[]): Promise<void> {
    if (ids.length === 0 || !(await this.#done('removeExperiments', { ids: [...ids] }))) return
    const what = ids.length === 1 ? 'One experiment deleted' : `${ids.length} experiments deleted`
    this.notices.show('info', what, {
      action: { label: 'Undo', run: () => void this.ask('restoreExperiments', {}) }
    })
  }

  /** Asks for files or folders (desktop) or shows the data dialog (served shell). */
  async chooseDataset(kind: 'files' | 'folders'): Promise<void> {
    if (!this.bridge) return this.openDialog('data')
    const paths = await this.bridge.choosePaths(kind)
    if (paths.length > 0) await this.openOrExplain({ paths: [...paths] })
  }

  async refreshRecent(): Promise<void> {
    this.#recent = (await this.ask('recentDatasets', {})) ?? []
  }

  async #restoreRuns(): Promise<void> {
    await this.ask('restoreRuns', {})
    const runs = await this.ask('runs', {})
    if (runs) this.runs.reset(runs)
  }

  async #ready(engine: EngineApi): Promise<void> {
    const lists = this.#early.asked()
    const [runs, experiments] = [engine.runs({}), engine.experiments({})]
    const [status, dataset] = await Promise.all([engine.status({}), engine.dataset({})])
    if (status.ok) this.#setStatus(status.value)
    if (dataset.ok && dataset.value) this.#setDataset(dataset.value)
    const [known, kept] = [await runs, await experiments]
    lists.come('runs', () => known.ok && this.runs.reset(known.value))
    lists.come('experiments', () => kept.ok && this.experiments.reset(kept.value))
  }

  #setStatus(status: EngineStatus): void {
    const problem = status.journal?.problem
    // a bar says it from here on
    if (problem) this.notices.withdraw(problem.message)
    else this.bars.reopen('journal')
    if (!status.cluster?.problem) this.bars.reopen('cluster')
    this.#status = status
  }

  #setDataset(dataset: Dataset): void {
    // an opening is told twice, as an event and as its answer: views would ask all again, and lists start at their top
    if (JSON.stringify(dataset) === JSON.stringify(this.#dataset)) return
    const changed = dataset.id !== this.#dataset?.id
    this.#dataset = dataset
    if (!changed) return
    this.answers.clear()
    this.filters.setLabelled(SPLIT_NAMES.filter((split) => isLabelled(dataset.splits[split])))
    this.filters.clear()
    this.filters.setSplit('train')
    this.#selection = { split: 'train', index: 0 }
  }

  #events(): EngineEvents {
    return {
      openProgress: (progress) => this.#opening.progressed(progress),
      openEnded: ({ path, error }) => this.#opening.ended(path, error),
      datasetOpened: (dataset) => this.#setDataset(dataset),
      reportProgress: (progress) => this.studies.reportProgressed(progress),
      countingProgress: (progress) => this.counting.progressed(progress),
      studyOpened: (study) => {
        this.bars.reopen('study')
        this.studies.opened(study)
      },
      runChanged: (record) => this.runs.changed(record),
      runEpoch: ({ id, record }) => this.runs.epoch(id, record),
      runProgress: ({ id, status, progress }) => this.runs.progressed(id, status, progress),
      runsRemoved: ({ ids }) => {
        this.runs.removed(ids)
        this.filters.runsRemoved(ids)
      },
      experimentChanged: (experiment) => this.experiments.changed(experiment),
      experimentsRemoved: ({ ids }) => this.experiments.removed(ids),
      statusChanged: (status) => this.#setStatus(status),
      notice: (notice) => this.notices.told(notice, (source) => void this.openOrExplain(source))
    }
  }
}
