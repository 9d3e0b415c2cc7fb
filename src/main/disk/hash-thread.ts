import { hashTold } from './hash'
import { answerJobs } from '../processes/thread-jobs'

/** What is hashed from where on, and what is told meanwhile, as `hashTold` has it. */
export interface HashJob {
  readonly path: string
  readonly offset: number
  readonly told: Int32Array
}

/** A thread that hashes files: a small program, for whoever opens a large file waits for it. */
answerJobs(() => (_, asked) => {
  const { path, offset, told } = asked as HashJob
  return hashTold(path, offset, told)
})
