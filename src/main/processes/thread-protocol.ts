import type { Result } from '../../core/error'

/** To a worker: one job. */
export interface JobMessage {
  readonly name: string
  readonly asked: unknown
}

/** From a worker: what came of its job. */
export type JobAnswer = Result<unknown>
