import { parentPort, workerData } from 'node:worker_threads'
import { NormscopeError, resultOf } from '../../core/error'
import { goLast } from './priority'
import type { JobMessage, JobStep } from './thread-protocol'

/** milliseconds between two words of how far a job is */
const TOLD_EVERY = 100

/** told the share that is done; throws where the job is cancelled */
type OnStep = (share: number) => void

/** Does a job by its name. */
type Work = (name: string, asked: unknown, onStep: OnStep) => unknown

/** In a thread of a pool: does one job after another. */
export function answerJobs(start: () => Work): void {
  if ((workerData as { readonly last: boolean }).last) goLast({ thread: true })
  const work = start()
  const port = parentPort!
  port.on('message', ({ name, asked, stop }: JobMessage) => {
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
    void resultOf(() => work(name, asked, onStep)).then((answer) =>
      port.postMessage(answer, buffersOf(answer))
    )
  })
}

/** The memory of an answer, which is nobody else's: it is handed over, not copied. */
function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer)
  } else if (typeof value === 'object' && value !== null) {
    for (const each of Object.values(value)) buffersOf(each, found)
  }
  return [...found]
}
