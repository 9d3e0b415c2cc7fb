import type { Dataset, SplitName } from '../../core/dataset/dataset'
import { NormscopeError } from '../../core/error'
import { summaryOf } from '../engine/summary/file'
import { mergeParts } from '../engine/summary/part'
import type { SummaryPart } from '../engine/summary/part'
import type { Cluster, JobHooks } from '../cluster/cluster'
import type { ClusterSource } from '../cluster/job-words'

interface ShardsOptions extends Pick<JobHooks, 'onAgain'> {
  readonly shards: number
  /** jobs that the cluster does at once */
  readonly atOnce: number
  readonly signal?: AbortSignal
  /** fraction in [0, 1] */
  readonly onProgress?: (fraction: number) => void
}

/** A split's summary by shards that are a job each; the first failure ends all. */
export async function summariseShards(
  cluster: Cluster,
  source: ClusterSource,
  { id: datasetId }: Dataset,
  split: SplitName,
  { shards, atOnce, signal, onProgress, onAgain }: ShardsOptions
): Promise<SummaryPart> {
  const stop = new AbortController()
  const all = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal
  let merged: SummaryPart | undefined
  let done = 0
  let next = 1

  async function work(): Promise<void> {
    while (next <= shards) {
      const index = next++
      const request = { kind: 'summary', source, datasetId, split, index, shards } as const
      const events = await cluster.do(request, { signal: all, onAgain })
      const found = events.find((event) => event.type === 'summary')
      if (!found) throw silent()
      const part = await summaryOf(found.bytes, `shard ${index} of ${shards}`)
      merged = merged ? mergeParts([merged, part]) : part
      onProgress?.(++done / shards)
    }
  }

  const workers = Array.from({ length: Math.min(shards, atOnce) }, work)
  try {
    await Promise.all(workers)
  } finally {
    stop.abort()
    // the cluster is told to stop what is under way before anybody goes on
    await Promise.allSettled(workers)
  }
  return merged!
}

function silent(): NormscopeError {
  return new NormscopeError({
    code: 'cluster-job-failed',
    message: 'The job of a shard ended without a result.',
    hint: 'The nodes must have the same version of Normscope as this computer.'
  })
}
