import { errorFacts } from '../../core/error'
import { leaveCtrlCToShell } from '../processes/signals'
import { parentChannel } from '../processes/ports'
import type { Channel } from '../processes/channel'
import { goLast } from '../processes/priority'
import { tidyGraphs } from '../processes/temporary-folder'
import { chooseBackend } from './backend'
import type { Backend } from './backend'
import { trainRun } from './loop'
import type { Control } from './loop'
import type { FromTrainer, ToTrainer, TrainRequest } from './protocol'

async function main(): Promise<void> {
  const channel = await parentChannel()
  const emit = (event: FromTrainer): void => channel.post(event)
  channel.onClose(() => process.exit(0))
  leaveCtrlCToShell()
  goLast()
  let backend: Backend
  try {
    backend = await chooseBackend(process.env)
  } catch (thrown) {
    emit({ type: 'unusable', error: errorFacts(thrown) })
    setTimeout(() => process.exit(1), 200)
    return
  }
  listen(channel, backend, emit)
  const { id, version, notes } = backend
  emit({ type: 'ready', backend: id, tensorflowVersion: version, pid: process.pid, notes })
  // behind that, for a temporary folder may hold thousands of others' files
  tidyGraphs()
}

/** Carries out what the engine asks; one run at a time. */
function listen(channel: Channel, backend: Backend, emit: (event: FromTrainer) => void): void {
  let current: { id: string; control: RunControl } | undefined
  const start = async (request: TrainRequest): Promise<void> => {
    if (current) {
      const error = {
        code: 'trainer-busy',
        message: `This trainer already trains ${current.id}; it takes one run at a time.`
      }
      return emit({ type: 'ended', id: request.id, status: 'failed', error, notes: [] })
    }
    const control = new RunControl()
    current = { id: request.id, control }
    await trainRun(onBackend(request, backend), backend.createSession, {
      emit,
      control,
      mostHeld: backend.mostHeld,
      now: () => performance.now(),
      yieldToEventLoop: () => new Promise((resolve) => setImmediate(resolve))
    })
    current = undefined
    emit({ type: 'rested', tensors: backend.tensors() })
  }
  channel.onMessage((message) => {
    const told = message as ToTrainer
    if (told.type === 'train') return void start(told.request)
    if (current?.id === told.id) current.control[told.type]()
  })
}

/** A state that was kept with other kernels would not train on to the same bits. */
function onBackend(request: TrainRequest, { kernels }: Backend): TrainRequest {
  const { checkpoint } = request
  if (!checkpoint || kernels === undefined) return request
  return { ...request, checkpoint: { ...checkpoint, of: `${checkpoint.of} ${kernels}` } }
}

class RunControl implements Control {
  cancelled = false
  paused = false
  #waiting: (() => void)[] = []

  change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  pause(): void {
    this.#set({ paused: true })
  }

  resume(): void {
    this.#set({ paused: false })
  }

  cancel(): void {
    this.#set({ cancelled: true })
  }

  #set(state: Partial<Pick<RunControl, 'cancelled' | 'paused'>>): void {
    Object.assign(this, state)
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

void main()
