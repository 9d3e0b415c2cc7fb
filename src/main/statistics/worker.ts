import { parentPort, workerData } from 'node:worker_threads'
import { resultOf } from '../../core/error'
import { goLast } from '../processes/priority'
import { JOBS } from './jobs'
import type { JobTools } from './jobs'
import { kernelsHere } from './kernels-here'
import type { JobMessage } from '../processes/thread-protocol'

/** A thread of the statistics: one job after another. */
if ((workerData as { readonly last: boolean }).last) goLast({ thread: true })
const port = parentPort!
const { kernels } = kernelsHere()
const tools: JobTools = { kernels, room: kernels.room }
port.on('message', ({ name, asked }: JobMessage) => {
  const job = JOBS[name as keyof typeof JOBS] as (
    asked: unknown,
    tools: JobTools
  ) => Promise<unknown>
  void resultOf(() => job(asked, tools)).then((answer) =>
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
