import type { ErrorFacts } from '../../../core/error'
import type { RunRecord } from '../../../core/study/run'

/**
 * A run whose trainer or engine ended under it: it waits again, and goes on from the state that was kept
 * last. One that came no further than when it was lost before has failed: it may be what ends them.
 */
export function lostRecord(record: RunRecord, error: ErrorFacts, now: number): RunRecord {
  const { lostAt = -1, status } = record
  const epochs = record.epochs.length
  if (epochs <= lostAt) {
    return { ...record, status: 'failed', error, progress: undefined, endedAt: now }
  }
  return {
    ...record,
    status: status === 'paused' ? 'paused' : 'queued',
    lostAt: epochs,
    backend: undefined,
    progress: undefined
  }
}

/** A run whose engine ended while a cluster had its job: that ended nothing, and it waits for its job. */
export function atClusterRecord(record: RunRecord): RunRecord {
  return { ...record, status: 'queued', backend: undefined, progress: undefined }
}
