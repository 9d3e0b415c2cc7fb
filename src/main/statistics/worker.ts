import { parentPort, workerData } from 'node:worker_threads'
import { NormscopeError, resultOf } from '../../core/error'
import { goLast } from '../processes/priority'
import { JOBS } from './jobs'
import type { JobTools } from './jobs'
import { kernelsHere } from './kernels-here'
import type { JobMessage, JobStep } from '../processes/thread-protocol'

/** A thread of the statistics: one job after another. */
if ((workerData as { readonly last: boolean }).last) goLast({ thread: true })
const port = parentPort!
const { kernels, team } = kernelsHere()
/** milliseconds between two words of how far a job is */
const TOLD_EVERY = 100
port.on('message', ({ name, asked, stop }: JobMessage) => {
  const job = JOBS[name as keyof typeof JOBS] as (asked: unknown, tools: JobTools) => unknown
  let told = performance.now()
  const onStep = (share: number): void => {
    if (Atomics.load(stop, 0) !== 0) {
      throw new NormscopeError({ code: 'cancelled', message: 'Nobody wants the job any more.' })
    }
    const now = performance.now()
    if (now - told < TOLD_EVERY) return
    told = now
    const step: JobStep = { done: share }
    port.postMessage(step)
  }
  const { room, counts } = kernels
  void resultOf(() => job(asked, { kernels, team, room, counts, onStep })).then((answer) =>
    port.postMessage(answer, buffersOf(answer))
  )
})

/** The memory of an answer, which is nobody else's: it is handed over, not copied. */
function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer)
  } else if (typeof value === 'object' && value !== null) {
    for (const each of Object.values(value)) buffersOf(each, found)
  }
  return [...found]
}
