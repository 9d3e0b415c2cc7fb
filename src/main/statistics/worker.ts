import { answerJobs } from '../processes/thread-jobs'
import { JOBS } from './jobs'
import type { JobTools } from './jobs'
import { kernelsHere } from './kernels-here'

/** A thread of the statistics. */
answerJobs(() => {
  const { kernels, team } = kernelsHere()
  const { room, counts } = kernels
  return (name, asked, onStep) => {
    const job = JOBS[name as keyof typeof JOBS] as (asked: unknown, tools: JobTools) => unknown
    return job(asked, { kernels, team, room, counts, onStep })
  }
})
