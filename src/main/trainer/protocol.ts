import type { Dataset } from '../../core/dataset/dataset'
import type { ErrorFacts } from '../../core/error'
import type { RunConfig } from '../../core/network/config'
import type { FittedPreprocessing } from '../../core/preprocessing/preprocessing'
import type { BackendId, EpochRecord, RunProgress, RunRecord } from '../../core/study/run'
import type { CheckpointPlace } from './checkpoint'
import type { RunResults } from './results'

/** Everything a trainer needs for one run; the pixels it reads from the data set's files itself. */
export interface TrainRequest {
  readonly id: string
  readonly config: RunConfig
  readonly dataset: Dataset
  /** fitted on the training images that this run uses (`limit`, `classes`) */
  readonly preprocessing: FittedPreprocessing
  /** the configuration's `testChoices`, fitted on the same images */
  readonly testPreprocessings?: readonly FittedPreprocessing[]
  /** where its state is kept after each epoch, and from which it goes on where there is one */
  readonly checkpoint?: CheckpointPlace
}

export type ToTrainer =
  | { readonly type: 'train'; readonly request: TrainRequest }
  | { readonly type: 'pause'; readonly id: string }
  | { readonly type: 'resume'; readonly id: string }
  | { readonly type: 'cancel'; readonly id: string }

export type FromTrainer =
  /** sent once, after the backend is loaded */
  | {
      readonly type: 'ready'
      readonly backend: BackendId
      readonly tensorflowVersion?: string
      /** absent of one on another computer */
      readonly pid?: number
      /** why the backend is not the native one */
      readonly notes: readonly string[]
    }
  /** the backend could not be loaded at all; the process ends */
  | { readonly type: 'unusable'; readonly error: ErrorFacts }
  | {
      readonly type: 'started'
      readonly id: string
      readonly trainCount: number
      readonly testCount: number
      readonly probe: NonNullable<RunRecord['probe']>
      /** of a run that goes on: those before */
      readonly epochs?: readonly EpochRecord[]
      /** a kept state that could not be gone on from, where it was set aside */
      readonly damaged?: string
    }
  /** the run's state could not be kept; it goes on */
  | { readonly type: 'not-kept'; readonly id: string; readonly error: ErrorFacts }
  /** of a run on a cluster: the node that does it now */
  | { readonly type: 'placed'; readonly id: string; readonly node: string }
  | { readonly type: 'progress'; readonly id: string; readonly progress: RunProgress }
  | { readonly type: 'epoch'; readonly id: string; readonly record: EpochRecord }
  | { readonly type: 'paused'; readonly id: string }
  | { readonly type: 'resumed'; readonly id: string }
  | {
      readonly type: 'ended'
      readonly id: string
      readonly status: 'finished' | 'diverged' | 'cancelled' | 'failed'
      readonly divergence?: {
        readonly epoch: number
        readonly step: number
        readonly reason: string
      }
      readonly error?: ErrorFacts
      readonly weightsSha256?: string
      /** of a finished run, unless they are too many to keep: what the hash is of */
      readonly weights?: Uint8Array
      /** of a finished run */
      readonly results?: RunResults
      /** median over epochs, training only */
      readonly imagesPerSecond?: number
      readonly notes: readonly string[]
    }
  /** a run has ended and was let go of: the tensors, and graphs, that the backend holds still */
  | { readonly type: 'rested'; readonly tensors: number }
