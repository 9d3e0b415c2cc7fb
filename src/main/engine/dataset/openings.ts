import type {
  DatasetSource,
  EngineEvents,
  EngineNotice,
  RecentDataset
} from '../../../contract/engine'
import type { Dataset } from '../../../core/dataset/dataset'
import { errorFacts, NormscopeError } from '../../../core/error'
import { pathsText, samePaths } from '../../../core/study/opened-from'
import type { CheckPath } from '../../disk/allowed'
import type { KeptDatasets } from '../journal/datasets'
import { openToCount } from './counts-ahead'
import { OpenSet } from './open-set'
import { seldom } from './seldom'

interface OpeningsOptions {
  readonly kept: KeptDatasets
  readonly emit: Pick<EngineEvents, 'openProgress' | 'openEnded' | 'datasetOpened'>
  readonly say: (notice: EngineNotice) => void
  readonly now: () => number
  /** what may be opened */
  readonly checkPath?: CheckPath
  /** a data set is open now */
  readonly onOpened: (set: OpenSet) => void
}

const FASHION_MNIST: DatasetSource = { paths: ['fashion-mnist'] }
/** What is opened where nothing else can be, in this order. */
const STAND_INS: readonly DatasetSource[] = [FASHION_MNIST, { paths: ['generated'] }]

const isSame = (one: DatasetSource, other: DatasetSource | undefined): boolean =>
  other !== undefined && samePaths(one.paths, other.paths)

/** The data set that is open, and the opening of others. */
export class Openings {
  readonly #options: OpeningsOptions
  #set: OpenSet | undefined
  #opening: AbortController | undefined
  #restored: RecentDataset | undefined
  #source: DatasetSource | undefined
  /** by the data set's id */
  readonly #sources = new Map<string, DatasetSource>()

  constructor(options: OpeningsOptions) {
    this.#options = options
  }

  get set(): OpenSet | undefined {
    return this.#set
  }

  /** The set that is open; throws facts where none is. */
  get opened(): OpenSet {
    if (this.#set) return this.#set
    throw new NormscopeError({
      code: 'no-dataset',
      message: 'No data set is open. Open a file, a folder, Fashion-MNIST or the generated set.'
    })
  }

  /** what was opened at the start because it was open last, while it is open */
  get restored(): RecentDataset | undefined {
    return this.#restored
  }

  /** what the open data set was opened from */
  get source(): DatasetSource | undefined {
    return this.#source
  }

  /** what a data set of this session was opened from last */
  sourceOf({ id }: Dataset): DatasetSource | undefined {
    return this.#sources.get(id)
  }

  /** `check` throws where it is not the data set that is meant, and whoever asks tells why. */
  async open(
    source: DatasetSource,
    { restored, check }: { restored?: RecentDataset; check?: (found: Dataset) => void } = {}
  ): Promise<Dataset> {
    const { kept, emit, now, onOpened, checkPath } = this.#options
    this.#opening?.abort(
      new NormscopeError({ code: 'overtaken', message: 'Another data set was opened.' })
    )
    const controller = new AbortController()
    this.#opening = controller
    const { paths, labelsPath, testPath, pictures, notFinite } = source
    const marked = { paths, labelsPath, testPath, pictures, notFinite }
    const path = pathsText(paths)
    let opened: OpenSet | undefined
    try {
      await kept.opening(marked)
      controller.signal.throwIfAborted()
      const found = await openToCount(paths, {
        labelsPath,
        testPath,
        notFinite,
        checkPath,
        pictures,
        signal: controller.signal,
        onProgress: seldom((stage, fraction) => emit.openProgress({ path, stage, fraction }))
      })
      controller.signal.throwIfAborted()
      check?.(found)
      const dataset = kept.named(found)
      opened = new OpenSet(dataset)
      this.#set = opened
      this.#restored = restored
      this.#source = marked
      this.#sources.set(dataset.id, marked)
      const { name } = dataset
      const remembered = kept.opened({ ...marked, name, openedAt: now() })
      emit.datasetOpened(dataset)
      emit.openEnded({ path })
      onOpened(opened)
      await remembered
      return dataset
    } catch (thrown) {
      emit.openEnded({ path, error: check ? undefined : errorFacts(thrown) })
      throw thrown
    } finally {
      if (this.#opening === controller) this.#opening = undefined
      const settle = (): Promise<void> => kept.settled(marked)
      // What opens well may still kill the engine while its pixels are counted.
      if (opened) void opened.summary('train').then(settle, settle)
      else await settle()
    }
  }

  cancel(): void {
    this.#opening?.abort(
      new NormscopeError({ code: 'cancelled', message: 'Opening was cancelled.' })
    )
  }

  /**
   * Opens what the person named. Where that fails, what is open stays open; where nothing is, what
   * was open last is opened, else Fashion-MNIST, else the generated set. `again`: the engine was
   * lost, and its windows know what was open.
   */
  async openFirst(paths: readonly string[] | undefined, again: boolean): Promise<void> {
    const { kept, say } = this.#options
    // nothing in the app's own sets is damaged
    const interrupted = STAND_INS.some((own) => isSame(own, kept.interrupted))
      ? undefined
      : kept.interrupted
    const [last] = kept.recent
    const named = paths && { paths: [...paths] }
    if (named) {
      if ((await this.#try(named, 'error')) || this.#set) return
    } else if (interrupted) {
      const name = pathsText(interrupted.paths)
      say({
        level: 'warning',
        message: `Normscope ended while it opened ${name}. That is not opened again by itself.`,
        error: {
          code: 'opening-interrupted',
          message: `Normscope ended while it opened ${name}.`,
          path: interrupted.paths[0],
          hint: 'A file in it may be damaged in a way that ends the program.'
        },
        action: { label: 'Open it again', open: interrupted }
      })
    }
    const restorable = last && !isSame(last, named) && !isSame(last, interrupted) ? last : undefined
    if (restorable && (await this.#try(restorable, 'warning', again ? undefined : restorable))) {
      return
    }
    for (const standIn of STAND_INS) {
      if (isSame(standIn, restorable) || isSame(standIn, named)) continue
      if (await this.#try(standIn, 'warning')) return
    }
  }

  /** Whether there is nothing more to try: it is open, or the person wants something else. */
  async #try(
    source: DatasetSource,
    level: EngineNotice['level'],
    restored?: RecentDataset
  ): Promise<boolean> {
    try {
      const told = isSame(FASHION_MNIST, restored) ? undefined : restored
      await this.open(source, { restored: told })
      return true
    } catch (thrown) {
      const error = errorFacts(thrown)
      if (error.code === 'overtaken' || error.code === 'cancelled') return true
      // What is shown instead is said on screen, never silently exchanged.
      this.#options.say({ level, message: error.message, error })
      return false
    }
  }
}
