import { basename } from 'node:path'
import { version } from '../../../package.json'
import type { EngineEvents, EngineInput, EngineOutput, StudyInView } from '../../contract/engine'
import type { Dataset } from '../../core/dataset/dataset'
import { canonicalJson } from '../../core/study/json'
import { ENDED_STATUSES } from '../../core/study/run'
import type { RunRecord } from '../../core/study/run'
import {
  createStudy,
  parseStudy,
  provenanceOf,
  STUDY_EXTENSION,
  writeStudy
} from '../../core/study/study'
import type { Provenance, Study } from '../../core/study/study'
import { readStudy, sha256Of } from '../study/file'
import { openImages } from '../study/images'
import type { OpenSet } from './dataset/open-set'
import type { Openings } from './dataset/openings'

interface StudiesOptions {
  readonly openings: Openings
  /** the open set; throws where none is */
  readonly set: () => OpenSet
  readonly emit: Pick<EngineEvents, 'studyOpened'>
  /** every run that is known */
  readonly records: () => readonly RunRecord[]
  /** takes runs over that are not known */
  readonly bring: (records: readonly RunRecord[]) => void
  readonly onChanged: () => void
}

/** Study files, opened and made. */
export class Studies {
  readonly #options: StudiesOptions
  #inView: StudyInView | undefined

  constructor(options: StudiesOptions) {
    this.#options = options
  }

  get inView(): StudyInView | undefined {
    return this.#inView
  }

  /** Throws NormscopeError where it is no study; images that are not there are told with its runs. */
  async open(source: EngineInput<'openStudy'>): Promise<void> {
    const { emit, records, bring, onChanged } = this.#options
    const byPath = 'path' in source
    const name = byPath ? basename(source.path) : source.name
    const study = byPath ? await readStudy(source.path) : parseStudy(source.text, sha256Of, name)
    const { dataset: images, choices, configs } = study
    const opened = await this.#openImages(images)
    const runs = runsOf(study, records())
    const known = new Set(records().map(({ id }) => id))
    bring(runs.filter(({ id }) => !known.has(id)))
    this.#inView = { name, images, runs: runs.length, ...opened }
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
  file({ choices, configs }: EngineInput<'studyFile'>): EngineOutput<'studyFile'> {
    const images = this.#images()
    const runs = this.#options.records().filter(({ datasetId }) => datasetId === images.id)
    const study = createStudy(
      { normscope: version, dataset: images, choices, configs, runs },
      sha256Of
    )
    const name = images.name.replace(/[^\w.,() -]+/g, '-').slice(0, 100)
    return { name: `${name}.${STUDY_EXTENSION}`, text: writeStudy(study) }
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

/** The ended runs of a study. One whose id another run has gets one of its own, always the same. */
function runsOf({ dataset, runs }: Study, known: readonly RunRecord[]): RunRecord[] {
  const taken = new Map(known.map((record) => [record.id, contentOf(record)]))
  return runs
    .filter(({ status }) => ENDED_STATUSES.includes(status))
    .map((given) => {
      const run = { ...given, datasetId: dataset.id }
      const content = contentOf(run)
      const other = taken.get(run.id) ?? content
      return other === content ? run : { ...run, id: `study-${sha256Of(content).slice(0, 32)}` }
    })
}

/** What tells two runs apart. */
function contentOf({ config, datasetId, createdAt, status, weightsSha256 }: RunRecord): string {
  return canonicalJson({ config, datasetId, createdAt, status, weightsSha256 })
}
