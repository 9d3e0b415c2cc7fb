import { errorFacts, NormscopeError } from '../../core/error'
import { pathsText } from '../../core/study/opened-from'
import { eventLine } from '../cluster/job-events'
import type { JobEvent } from '../cluster/job-events'
import { requestOf } from '../cluster/job-words'
import type { ClusterSource, JobRequest } from '../cluster/job-words'
import { OpenSet } from '../engine/dataset/open-set'
import { summaryBytes } from '../engine/summary/file'
import { summarisePart } from '../engine/summary/parts'
import { LiveTrainer } from '../engine/runs/live-trainer'
import { nodeTrainers } from '../processes/node-trainers'
import type { FromTrainer } from '../trainer/protocol'
import type { Command, Context } from './command'
import { openSource } from './dataset'
import { withTrainers } from './training'

/** Between two lines of progress in a log that is read again and again. */
const PROGRESS_MS = 500

/** One job of a cluster: what it finds goes to its log, in lines for whoever sent it. */
export const clusterJob: Command = {
  usage: 'cluster-job <job>',
  description: 'Do one job of a cluster; --cluster sends such jobs',
  options: [],
  example: 'normscope summarise /shared/images.npy --cluster http://10.0.0.1:8265',
  async run(context, [word = '']) {
    const tell = (event: JobEvent): void => void process.stdout.write(eventLine(event))
    try {
      const request = requestOf(word)
      const work = WORK[request.kind] as (
        context: Context,
        request: JobRequest,
        tell: (event: JobEvent) => void
      ) => Promise<void>
      await work(context, request, tell)
      return 0
    } catch (thrown) {
      context.signal.throwIfAborted()
      tell({ type: 'error', error: errorFacts(thrown) })
      // so that the cluster shows it as failed
      return 1
    }
  }
}

type Work = {
  readonly [Kind in JobRequest['kind']]: (
    context: Context,
    request: Extract<JobRequest, { kind: Kind }>,
    tell: (event: JobEvent) => void
  ) => Promise<void>
}

const WORK: Work = {
  async check(context, { source, trains, backend }, tell) {
    const { id: datasetId } = await open(context, source)
    if (!trains) return tell({ type: 'checked', datasetId })
    const process = await nodeTrainers({ programFolder: context.programFolder, backend })()
    const trainer = new LiveTrainer(process, () => undefined)
    const { ready } = await trainer.greeted()
    trainer.end()
    tell({ type: 'checked', datasetId, ready })
  },

  async summary(context, { source, datasetId, split, index, shards }, tell) {
    const dataset = await open(context, source, datasetId)
    const part = await summarisePart(dataset, split, { index, shards }, { signal: context.signal })
    tell({ type: 'summary', bytes: await summaryBytes(part) })
  },

  async train(context, { source, datasetId, config, backend }, tell) {
    const set = new OpenSet(await open(context, source, datasetId))
    let last = -Infinity
    const pass = (event: FromTrainer): void => {
      if (event.type === 'progress') {
        if (performance.now() - last < PROGRESS_MS) return
        last = performance.now()
      }
      tell({ type: 'trainer', event })
    }
    await withTrainers(context, set, { backend }, 1, (train) =>
      train([config], ({ id, status, error }, event) => {
        if (event) pass(event)
        // what failed before or beside its trainer
        else if (status === 'failed') {
          tell({ type: 'trainer', event: { type: 'ended', id, status, error, notes: [] } })
        }
      })
    )
  }
}

async function open(context: Context, source: ClusterSource, datasetId?: string) {
  const dataset = await openSource(context, source)
  if (datasetId === undefined || dataset.id === datasetId) return dataset
  throw new NormscopeError({
    code: 'cluster-data-differs',
    message: `Other data lie at ${pathsText(source.paths)} than where the job was sent from.`,
    path: source.paths[0],
    expected: datasetId,
    actual: dataset.id,
    hint: 'Put the data on a path that all nodes see.'
  })
}
