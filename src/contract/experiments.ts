import { z } from 'zod'
import { experimentName } from '../core/study/experiment'
import type { Experiment } from '../core/study/experiment'

const id = z.string().min(1).max(200)
const ids = z.array(id).max(10_000)

/** The calls about experiments; a part of the engine's. */
export const experimentSchemas = {
  /**
   * Asks the open data set. Finished runs of the same configuration are used again, and the same
   * ask as before goes on with the experiment that is there.
   */
  startExperiment: z.strictObject({
    kind: id,
    /** its kind checks it */
    ask: z.unknown(),
    name: experimentName.optional()
  }),
  /** what an ask would cost; nothing is started */
  planExperiment: z.strictObject({ kind: id, ask: z.unknown() }),
  experiments: z.strictObject({}),
  renameExperiment: z.strictObject({ id, name: experimentName }),
  /** cancels its runs that have not ended; nothing more is planned for it */
  cancelExperiment: z.strictObject({ id }),
  /** forgets experiments, with the runs that no other one has; those under way are cancelled */
  removeExperiments: z.strictObject({ ids }),
  /** brings back what the last removeExperiments took away */
  restoreExperiments: z.strictObject({})
} as const

/** What an ask would cost at first; a search by steps adds to it. */
export interface ExperimentPlan {
  readonly runs: number
  /** those that are there already */
  readonly there: number
  /** training images of all epochs of the others */
  readonly images: number
}

export interface ExperimentOutputs {
  startExperiment: {
    readonly id: string
    /** runs that are trained for it now; the others were there */
    readonly queued: number
  }
  planExperiment: ExperimentPlan
  experiments: readonly Experiment[]
  renameExperiment: void
  cancelExperiment: void
  removeExperiments: void
  restoreExperiments: void
}

export interface ExperimentEvents {
  /** an experiment was added or changed */
  experimentChanged(experiment: Experiment): void
  experimentsRemoved(event: { ids: readonly string[] }): void
}
