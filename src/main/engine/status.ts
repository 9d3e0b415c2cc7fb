import type { EngineStatus } from '../../contract/engine'
import type { NamedCluster } from '../cluster/named-cluster'
import { TRAINER_ENVIRONMENT } from '../processes/channel'
import type { Openings } from './dataset/openings'
import type { Journal } from './journal/journal'
import type { Ready } from './runs/live-trainer'
import type { RunQueue } from './runs/queue'
import type { Studies } from './studies'

interface StatusParts {
  readonly queue: RunQueue
  readonly cluster: NamedCluster
  readonly openings: Openings
  readonly studies: Studies
  readonly journal: Journal
  /** why there are fewer trainers than cores */
  readonly trainersNote?: string
  /** why statistics are slower than they could be */
  readonly statisticsNote?: string
}

/** What windows are told of the engine as a whole. */
export function statusReader(): (parts: StatusParts) => EngineStatus {
  let lastTrainer: Ready | undefined
  return ({ queue, cluster, openings, studies, journal, trainersNote, statisticsNote }) => {
    // An idle trainer is ended; what trained last is what will train.
    const [first = lastTrainer] = queue.trainers
    lastTrainer = first
    const reason = process.env[TRAINER_ENVIRONMENT.nativeError]
    return {
      backend: first?.backend,
      tensorflowVersion: first?.tensorflowVersion,
      notes: [
        ...(first?.notes ??
          (reason ? [`Native TensorFlow is not available (${reason}); training is slower.`] : [])),
        ...(statisticsNote === undefined ? [] : [statisticsNote])
      ],
      enginePid: process.pid,
      trainers: cluster.trainers.trainers,
      trainersNote,
      trainerPids: queue.trainers.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
      trainerTensors: queue.tensors,
      cluster: cluster.status,
      clusterProgram: cluster.defaultProgram,
      restored: openings.restored,
      study: studies.inView,
      journal: journal.status
    }
  }
}
