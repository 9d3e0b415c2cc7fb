import { basename } from 'node:path'
import { version } from '../../../package.json'
import type { EngineEvents, EngineInput, EngineOutput, StudyInView } from '../../contract/engine'
import type { Dataset } from '../../core/dataset/dataset'
import { NormscopeError } from '../../core/error'
import { fileName } from '../../core/file-name'
import { canonicalJson } from '../../core/study/json'
import type { Experiment } from '../../core/study/experiment'
import { ENDED_STATUSES } from '../../core/study/run'
import type { RunRecord } from '../../core/study/run'
import { createStudy, parseStudy, provenanceOf, writeStudy } from '../../core/study/study'
import type { Provenance, Study } from '../../core/study/study'
import { REPORT_EXTENSION, STUDY_EXTENSION } from '../../core/study/study-path'
import type { CheckPath } from '../disk/allowed'
import { readStudy, sha256Of } from './study/file'
import { openImages } from './study/images'
import { pixelResults } from './study/pixels'
import type { OpenSet } from './dataset/open-set'
import type { Openings } from './dataset/openings'
import type { Experiments } from './experiments/experiments'
import type { KnownRuns } from './runs/known-runs'

interface StudiesOptions {
  /** what may be opened */
  readonly checkPath?: CheckPath
  readonly openings: Openings
  /** the open set; throws where none is */
  readonly set: () => OpenSet
  readonly emit: Pick<EngineEvents, 'studyOpened' | 'reportProgress'>
  readonly runs: Pick<KnownRuns, 'records' | 'bring'>
  readonly experiments: Pick<Experiments, 'list' | 'bring' | 'adopt'>
  readonly onChanged: () => void
}

/** Study files, opened and made. */
export class Studies {
  readonly #options: StudiesOptions
  #inView: StudyInView | undefined
  readonly #reports = new Set<AbortController>()

  constructor(options: StudiesOptions) {
    this.#options = options
  }

  get inView(): StudyInView | undefined {
    return this.#inView
  }

  /** Throws NormscopeError where it is no study; images that are not there are told with its runs. */
  async open(source: EngineInput<'openStudy'>): Promise<void> {
    const { emit, runs, experiments, onChanged } = this.#options
    const byPath = 'path' in source
    const name = byPath ? basename(source.path) : source.name
    if (byPath) await this.#options.checkPath?.(source.path)
    const study = byPath ? await readStudy(source.path) : parseStudy(source.text, sha256Of, name)
    const { dataset: images, choices, configs } = study
    const opened = await this.#openImages(images)
    const brought = runsOf(study, runs.records)
    const known = new Set(runs.records.map(({ id }) => id))
    const records = brought.map(({ run }) => run)
    runs.bring(records.filter(({ id }) => !known.has(id)))
    experiments.bring(experimentsOf(study, experiments.list, brought))
    experiments.adopt(images)
    this.#inView = { name, images, runs: records.length, ...opened }
    emit.studyOpened({ ...this.#inView, choices, configs })
    onChanged()
  }

  /** A data set was opened: a study of other images is in view no longer. */
  left(dataset: Dataset): void {
    if (!this.#inView) return
    const { problem: _, ...study } = this.#inView
    this.#inView = study.images.id === dataset.id ? study : undefined
    this.#options.onChanged()
  }

  /** The study file of the images in view. */
  file(input: EngineInput<'studyFile'>): EngineOutput<'studyFile'> {
    const study = this.#study(input)
    return { name: fileName(study.dataset.name, STUDY_EXTENSION), text: writeStudy(study) }
  }

  /** The study of the images in view as a page; with their figures where they are open. */
  async report(input: EngineInput<'report'>): Promise<EngineOutput<'report'>> {
    const study = this.#study(input)
    const { reportProgress } = this.#options.emit
    const controller = new AbortController()
    const { signal } = controller
    this.#reports.add(controller)
    try {
      const away = this.#inView?.problem !== undefined || study.choices.length === 0
      if (!away) reportProgress({ stage: 'Counting pixels' })
      const pixels = away ? undefined : await pixelResults(this.#options.set(), study.choices)
      signal.throwIfAborted()
      reportProgress({ stage: 'Drawing figures' })
      // charts take long to load, and few windows ask for a report
      const { studyReport } = await import('./study/report')
      const text = await studyReport(study, pixels, {
        signal,
        onProgress: (fraction) => reportProgress({ stage: 'Drawing figures', fraction })
      })
      return { name: fileName(study.dataset.name, REPORT_EXTENSION), text }
    } finally {
      this.#reports.delete(controller)
    }
  }

  cancelReport(): void {
    for (const controller of this.#reports) {
      controller.abort(
        new NormscopeError({ code: 'cancelled', message: 'The report was cancelled.' })
      )
    }
  }

  #study({ choices, configs }: EngineInput<'studyFile'>): Study {
    const images = this.#images()
    const ofImages = ({ datasetId }: { readonly datasetId: string }) => datasetId === images.id
    const runs = this.#options.runs.records.filter(ofImages)
    const experiments = this.#options.experiments.list.filter(ofImages)
    return createStudy(
      { normscope: version, dataset: images, choices, configs, runs, experiments },
      sha256Of
    )
  }

  async #openImages(images: Provenance): Promise<Pick<StudyInView, 'problem'>> {
    const { openings } = this.#options
    if (openings.set?.dataset.id === images.id) return {}
    const { problem } = await openImages(images, (source, check) =>
      openings.open(source, { check })
    )
    return problem ? { problem } : {}
  }

  #images(): Provenance {
    const { openings, set } = this.#options
    return this.#inView?.problem
      ? this.#inView.images
      : provenanceOf(set().dataset, openings.source)
  }
}

/** A run of a study, and its id in the file. */
interface BroughtRun {
  readonly run: RunRecord
  readonly fileId: string
}

/** The ended runs of a study. One whose id another run has gets one of its own, always the same. */
function runsOf({ dataset, runs }: Study, known: readonly RunRecord[]): BroughtRun[] {
  const taken = new Map(known.map((record) => [record.id, contentOf(record)]))
  return runs
    .filter(({ status }) => ENDED_STATUSES.includes(status))
    .map((given) => {
      const run = { ...given, datasetId: dataset.id }
      const content = contentOf(run)
      const other = taken.get(run.id) ?? content
      const id = other === content ? run.id : ownId(content)
      return { run: { ...run, id }, fileId: given.id }
    })
}

/** The experiments of a study that are not known, with their runs under the ids that these have here. */
function experimentsOf(
  { dataset, experiments = [] }: Study,
  known: readonly Experiment[],
  brought: readonly BroughtRun[]
): Experiment[] {
  const ids = new Map(brought.map(({ run, fileId }) => [fileId, run.id]))
  const taken = new Map(known.map((experiment) => [experiment.id, experiment.createdAt]))
  return experiments.flatMap((given) => {
    const runIds = given.runIds.flatMap((id) => ids.get(id) ?? [])
    const experiment = { ...given, datasetId: dataset.id, runIds }
    const other = taken.get(given.id)
    if (other === given.createdAt) return []
    return other === undefined
      ? [experiment]
      : [{ ...experiment, id: ownId(canonicalJson(experiment)) }]
  })
}

function ownId(content: string): string {
  return `study-${sha256Of(content).slice(0, 32)}`
}

/** What tells two runs apart. */
function contentOf({ config, datasetId, createdAt, status, weightsSha256 }: RunRecord): string {
  return canonicalJson({ config, datasetId, createdAt, status, weightsSha256 })
}
