import type { Result } from '../../core/error'

/** To a worker: one job. */
export interface JobMessage {
  readonly name: string
  readonly asked: unknown
  /** one number in shared memory: not 0 once nobody wants the job any more */
  readonly stop: Int32Array
}

/** From a worker: what came of its job. */
export type JobAnswer = Result<unknown>

/** From a worker before that: the share of its job that is done. */
export interface JobStep {
  readonly done: number
}
