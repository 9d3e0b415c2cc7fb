import type { Dataset } from '../../../core/dataset/dataset'
import type { InputSummary } from '../../../core/preprocessing/input-summary'
import type { FittedPreprocessing } from '../../../core/preprocessing/preprocessing'
import type { RunRecord } from '../../../core/study/run'
import type { FromTrainer } from '../../trainer/protocol'

/** What a run needs before a trainer takes it. */
export interface PreparedRun {
  readonly preprocessing: FittedPreprocessing
  /** the configuration's `testChoices` */
  readonly testPreprocessings?: readonly FittedPreprocessing[]
  readonly inputSummary?: InputSummary
}

/** A run that is queued again after the engine was lost has more than a new one. */
export interface QueuedRun
  extends
    Pick<RunRecord, 'id' | 'groupId' | 'config'>,
    Partial<Pick<RunRecord, 'epochs' | 'notes' | 'lostAt'>> {
  /** default now */
  readonly createdAt?: number
  /** of a run that was paused while it waited; default 'queued' */
  readonly status?: 'queued' | 'paused'
}

/** A run that waits for its trainer. */
export function queuedRecord(
  run: Omit<QueuedRun, 'status'>,
  dataset: Dataset,
  now: number
): RunRecord {
  const { id, groupId, config, epochs = [], notes = [], lostAt, createdAt = now } = run
  return {
    id,
    groupId,
    config,
    datasetId: dataset.id,
    datasetName: dataset.name,
    trainCount: dataset.splits.train.count,
    testCount: dataset.splits.test?.count ?? 0,
    trainClassCounts: dataset.splits.train.classCounts,
    testClassCounts: dataset.splits.test?.classCounts,
    ...(dataset.heldOut ? { heldOut: dataset.heldOut } : {}),
    status: 'queued',
    notes,
    preprocessing: {},
    epochs,
    ...(lostAt !== undefined && { lostAt }),
    createdAt
  }
}

/** The record after a trainer took the run. */
export function assignedRecord(
  record: RunRecord,
  trainer: Extract<FromTrainer, { type: 'ready' }>,
  { preprocessing, inputSummary }: PreparedRun
): RunRecord {
  return {
    ...record,
    backend: trainer.backend,
    tensorflowVersion: trainer.tensorflowVersion,
    notes: [...new Set([...record.notes, ...trainer.notes])],
    preprocessing: preprocessing.parameters,
    ...(inputSummary ? { inputSummary } : {})
  }
}

/** The record after what the trainer told; events that change nothing return it as it was. */
export function toldRecord(record: RunRecord, event: FromTrainer, now: number): RunRecord {
  switch (event.type) {
    case 'started':
      return {
        ...record,
        trainCount: event.trainCount,
        testCount: event.testCount,
        probe: event.probe,
        // also where those of the journal are more: what is told next follows on these
        epochs: event.epochs ?? [],
        ...(event.epochs && { notes: [...record.notes, wentOn(event.epochs.length - 1)] })
      }
    case 'placed':
      return { ...record, node: event.node }
    case 'progress':
      return { ...record, progress: event.progress }
    case 'epoch':
      return { ...record, epochs: [...record.epochs, event.record] }
    case 'paused':
      return { ...record, status: 'paused' }
    case 'resumed':
      return { ...record, status: 'running' }
    case 'ended':
      return {
        ...record,
        status: event.status,
        progress: undefined,
        divergence: event.divergence,
        error: event.error,
        weightsSha256: event.weightsSha256,
        ...event.results,
        imagesPerSecond: event.imagesPerSecond,
        notes: [...record.notes, ...event.notes],
        endedAt: now
      }
    case 'ready':
    case 'unusable':
    case 'not-kept':
    case 'rested':
      return record
  }
}

function wentOn(epoch: number): string {
  return `It was interrupted, and went on from the end of epoch ${epoch}.`
}
