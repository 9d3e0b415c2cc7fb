import { z } from 'zod'
import type { CacheFacts, EmptiedCache } from '../core/cache'
import type { Distribution } from '../core/preprocessing/distribution'
import type { ConstantsReport } from '../core/preprocessing/constants/recognise'
import { CHOICE_IDS } from '../core/preprocessing/preprocessing'
import type { ChoiceSpec, FittedPreprocessing } from '../core/preprocessing/preprocessing'
import { NETWORK_FRAMEWORKS } from '../core/network/code/code'
import { FRAMEWORKS } from '../core/preprocessing/fitted'
import { idsOf } from '../core/network/setting'
import type { Dataset, SplitName } from '../core/dataset/dataset'
import type { ErrorFacts, Result } from '../core/error'
import type { Figure } from '../core/figure/figure'
import { OVERLAY_AXES } from '../core/figure/pixels'
import { choiceSpec, runConfig } from '../core/study/config-schema'
import { openedFromFields, openedPath as path } from '../core/study/opened-from'
import type { Provenance, Study } from '../core/study/study'
import type { Moments } from '../core/statistics/moments'
import type { BackendId, EpochRecord, RunProgress, RunRecord, RunStatus } from '../core/study/run'
import { clusterSettings } from './cluster'
import type { ClusterStatus, ClusterTest } from './cluster'
import { experimentSchemas } from './experiments'
import { networkSchemas } from './networks'
import type { ChoiceProblem, NetworkOutputs } from './networks'
import type { ExperimentEvents, ExperimentOutputs } from './experiments'

// ---- inputs -------------------------------------------------------------------------------

const finite = z.number().refine(Number.isFinite, 'a finite number')
const count = z.number().int().min(1)
const split = z.enum(['train', 'test'])
const id = z.string().min(1).max(200)

/** as many as a filter can name */
const MAX_CLASSES = 65_536
/** more than any screen shows */
const MAX_THUMBNAILS = 4096
const thumbnailIndices = z
  .instanceof(Uint32Array)
  .refine(({ length }) => length <= MAX_THUMBNAILS, `at most ${MAX_THUMBNAILS} thumbnails a call`)

/** one call is at most 16 MB */
export const MAX_STUDY_LETTERS = 15 * 2 ** 20

const choices = z.array(choiceSpec).min(1).max(CHOICE_IDS.length)

const studyParts = z.strictObject({
  choices: z.array(choiceSpec).max(CHOICE_IDS.length),
  configs: z.array(runConfig).max(256)
})

/** Method names -> schema of the one argument. The engine checks every call against it. */
export const engineSchemas = {
  status: z.strictObject({}),
  openDataset: z.strictObject(openedFromFields),
  cancelOpen: z.strictObject({}),
  /** brings the runs of a study file into view, and opens its images where they are on this machine */
  openStudy: z.union([
    z.strictObject({ path }),
    z.strictObject({ name: id, text: z.string().max(MAX_STUDY_LETTERS) })
  ]),
  /** the study file of the images in view: their ended runs, and what would be trained now */
  studyFile: studyParts,
  /** the same as a page to read: with figures of the images where they are open */
  report: studyParts,
  /** reports that are being made fail as cancelled */
  cancelReport: z.strictObject({}),
  dataset: z.strictObject({}),
  recentDatasets: z.strictObject({}),
  /** names the classes of a data set, which is told as opened again; without names, as its files do */
  nameClasses: z.strictObject({ datasetId: id, names: z.array(z.string()).max(10_000).optional() }),
  imageIndices: z.strictObject({
    split,
    sortBy: z.enum(['index', 'class', 'mean', 'std']),
    descending: z.boolean(),
    classes: z.array(z.number().int().min(0)).max(MAX_CLASSES).optional(),
    meanRange: z.tuple([finite, finite]).optional(),
    stdRange: z.tuple([finite, finite]).optional(),
    /** those only that this run gets wrong at its end */
    wrongIn: id.optional(),
    /** the first so many */
    most: z.number().int().min(1).optional()
  }),
  thumbnails: z.strictObject({ split, indices: thumbnailIndices }),
  image: z.strictObject({ split, index: z.number().int().min(0), choices }),
  fittedChoices: z.strictObject({ choices }),
  /** a fitted choice as code for a library */
  choiceCode: z.strictObject({ choice: choiceSpec, framework: z.enum(FRAMEWORKS) }),
  /** a network as a program, and where told the choice it is trained on before it */
  networkCode: z.strictObject({
    config: runConfig,
    framework: z.enum(NETWORK_FRAMEWORKS),
    withChoice: z.boolean()
  }),
  distributions: z.strictObject({
    split: z.enum(['train', 'test', 'all']),
    choices,
    bins: count.max(1000).optional(),
    logCount: z.boolean(),
    sharedAxis: z.boolean(),
    /** of the overlaid figure; default: the first of the list */
    overlayAxis: z.enum(idsOf(OVERLAY_AXES)).optional()
  }),
  imageMoments: z.strictObject({ split, choice: choiceSpec }),
  /** statistics that are being computed fail as cancelled */
  cancelCounting: z.strictObject({}),
  /** what decoded images take on the disk */
  cache: z.strictObject({}),
  /** takes away those of data sets that are neither open nor needed by runs */
  emptyCache: z.strictObject({}),
  ...networkSchemas,
  ...experimentSchemas,
  /** trains configurations anew, also where finished runs of them are there: an experiment of the kind 'training' */
  enqueue: z.strictObject({ configs: z.array(runConfig).min(1).max(256) }),
  runs: z.strictObject({}),
  pauseRun: z.strictObject({ id }),
  resumeRun: z.strictObject({ id }),
  cancelRun: z.strictObject({ id }),
  pauseAll: z.strictObject({}),
  resumeAll: z.strictObject({}),
  cancelAll: z.strictObject({}),
  /** forgets ended runs */
  removeRuns: z.strictObject({ ids: z.array(id).max(10_000) }),
  /** brings back what the last removeRuns took away */
  restoreRuns: z.strictObject({}),
  /** runs go to this cluster while it is on; what is set already is tried again */
  setCluster: clusterSettings,
  /** whether a cluster answers and has the open images; another one at the same time is cancelled */
  testCluster: clusterSettings.omit({ on: true }),
  cancelClusterTest: z.strictObject({})
} as const

export type EngineMethod = keyof typeof engineSchemas
export type EngineInput<M extends EngineMethod> = z.infer<(typeof engineSchemas)[M]>

// ---- outputs ------------------------------------------------------------------------------

export interface EngineStatus {
  /** undefined until the first trainer is ready */
  readonly backend?: BackendId
  readonly tensorflowVersion?: string
  /** why training is not native, or statistics are slow; said on screen */
  readonly notes: readonly string[]
  readonly enginePid: number
  /** trainers that run at once */
  readonly trainers: number
  /** why there are fewer trainers than cores */
  readonly trainersNote?: string
  readonly trainerPids: readonly number[]
  /** of the trainers of this computer: the tensors, and graphs, that each held after its last run */
  readonly trainerTensors?: readonly (number | undefined)[]
  /** the cluster that the person named, on or off */
  readonly cluster?: ClusterStatus
  /** how the nodes of a cluster call Normscope unless the person says otherwise */
  readonly clusterProgram?: string
  /** what the engine opened by itself at its start, because it was open last */
  readonly restored?: RecentDataset
  /** the study that was opened last, until another data set is */
  readonly study?: StudyInView
  readonly journal: JournalStatus
}

/** A study whose runs are shown. */
export interface StudyInView {
  /** of its file */
  readonly name: string
  readonly images: Provenance
  readonly runs: number
  /** why its images are not open, and what to do; absent where they are */
  readonly problem?: ErrorFacts
}

/** A study that was opened, with what would be trained. */
export type OpenedStudy = StudyInView & Pick<Study, 'choices' | 'configs'>

/** Where runs are kept, and whether they are. */
export interface JournalStatus {
  readonly folder: string
  /** which ended runs are kept, in a sentence */
  readonly rule: string
  /** why runs are not kept at present, and what to do; absent while they are */
  readonly problem?: ErrorFacts
}

/** What a data set is opened from, and opened again from. */
export type DatasetSource = EngineInput<'openDataset'>

export interface RecentDataset extends DatasetSource {
  readonly name: string
  /** milliseconds since 1970 */
  readonly openedAt: number
}

export interface Thumbnails {
  readonly height: number
  readonly width: number
  /** 1 or 3 */
  readonly channels: number
  /** indices.length x height x width x channels, 0..255 for display; 16-bit and float are scaled from the set's range */
  readonly pixels: Uint8Array
  /** absent where the split has no labels */
  readonly labels?: Int32Array
  /** of the stored values, per image */
  readonly means: Float64Array
  readonly stds: Float64Array
}

interface ImageUnderChoice extends Moments {
  readonly choice: ChoiceSpec
  /** D values after the preprocessing */
  readonly values: Float32Array
  /** range of the whole training split after it: the colour scale of the panel */
  readonly setRange: readonly [number, number]
}

export interface ImageInspection {
  readonly split: SplitName
  readonly index: number
  /** absent where the split has no labels */
  readonly label?: number
  /** D values as stored */
  readonly stored: Float32Array
  readonly moments: Moments
  readonly setMoments: Moments
  readonly underChoices: readonly ImageUnderChoice[]
  readonly problems: readonly ChoiceProblem[]
  /** this image against the average image of the set */
  readonly histogram: Figure
}

/** What a fit found, without the constants of each pixel. */
export interface FittedChoice extends Omit<FittedPreprocessing, 'form'> {
  /** with the constants that are applied: '(x - 72.9) / 90.0' */
  readonly formula: string
  /** of a choice with constants of a person: whose they are, and what they do here */
  readonly constants?: ConstantsReport
}

/** A distribution without its histogram. */
export interface ChoiceRow extends Omit<Distribution, 'edges' | 'counts'> {
  readonly choice: ChoiceSpec
}

export interface Distributions {
  /** one per choice, in the order asked for */
  readonly figures: readonly Figure[]
  readonly overlay: Figure
  readonly table: readonly ChoiceRow[]
  readonly problems: readonly ChoiceProblem[]
}

interface Outputs extends ExperimentOutputs, NetworkOutputs {
  status: EngineStatus
  openDataset: Dataset
  cancelOpen: void
  openStudy: void
  studyFile: { readonly name: string; readonly text: string }
  report: { readonly name: string; readonly text: string }
  cancelReport: void
  cancelCounting: void
  cache: CacheFacts
  emptyCache: EmptiedCache
  dataset: Dataset | undefined
  recentDatasets: readonly RecentDataset[]
  nameClasses: void
  imageIndices: Uint32Array
  thumbnails: Thumbnails
  image: ImageInspection
  fittedChoices: readonly FittedChoice[]
  choiceCode: string
  networkCode: string
  distributions: Distributions
  imageMoments: Figure
  enqueue: { readonly groupId: string; readonly ids: readonly string[] }
  runs: readonly RunRecord[]
  pauseRun: void
  resumeRun: void
  cancelRun: void
  pauseAll: void
  resumeAll: void
  cancelAll: void
  removeRuns: void
  restoreRuns: void
  setCluster: void
  testCluster: ClusterTest
  cancelClusterTest: void
}

export type EngineOutput<M extends EngineMethod> = Outputs[M]

/** What the window calls; every answer is a Result. */
export type EngineApi = {
  [M in EngineMethod]: (input: EngineInput<M>) => Promise<Result<EngineOutput<M>>>
}

// ---- events -------------------------------------------------------------------------------

/** A short message for the person; what it offers to do, a window shows beside it. */
export interface EngineNotice {
  readonly level: 'info' | 'warning' | 'error'
  readonly message: string
  readonly error?: ErrorFacts
  /** opening a data set instead of, or beside, what the message is about */
  readonly action?: { readonly label: string; readonly open: DatasetSource }
}

/** What the engine tells the window, unasked. */
export interface EngineEvents extends ExperimentEvents {
  /** `path`: what is opened, in words where that is several; `fraction` is in [0, 1]; absent while unknown */
  openProgress(progress: { path: string; stage: string; fraction?: number }): void
  datasetOpened(dataset: Dataset): void
  /** the last event of every opening, whoever asked for it; error 'overtaken': another one goes on */
  openEnded(end: { path: string; error?: ErrorFacts }): void
  /** a report is being made, whoever asked for it; `fraction` as above */
  reportProgress(progress: { stage: string; fraction?: number }): void
  /** statistics are being computed, whoever asked for them; `fraction` as above */
  countingProgress(progress: { stage: string; fraction?: number }): void
  /** a study was opened, whoever asked for it */
  studyOpened(study: OpenedStudy): void
  /** a run was added or changed its status */
  runChanged(record: RunRecord): void
  runEpoch(event: { id: string; record: EpochRecord }): void
  /** at least ten a second for a run under way */
  runProgress(event: { id: string; status: RunStatus; progress: RunProgress }): void
  runsRemoved(event: { ids: readonly string[] }): void
  statusChanged(status: EngineStatus): void
  notice(notice: EngineNotice): void
}
