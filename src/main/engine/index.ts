import { join } from 'node:path'
import type { EngineEvents } from '../../contract/engine'
import { serveEngine } from '../../contract/rpc'
import { portChannel } from '../processes/ports'
import type { ParentPort, PortLike } from '../processes/ports'
import { nodeTrainers } from '../processes/node-trainers'
import type { SpawnTrainer } from '../processes/channel'
import { leaveCtrlCToShell } from '../processes/signals'
import { trainersAtOnce } from '../processes/trainers-at-once'
import { createEngine } from './engine'
import { ElectronTrainers } from './electron-trainers'
import type { FromShell, ToShell } from './shell-protocol'
import { listenForWindows } from './sockets'

/** The engine as a process of its own: a utility process of Electron, or a child of the served shell. */
const { parentPort } = process as unknown as { parentPort?: ParentPort }
const windows = new Set<EngineEvents>()

/** What a window must hear, though none listened when it was said. */
const KEPT_FOR_THE_FIRST: readonly (keyof EngineEvents)[] = ['notice', 'studyOpened']
const unheard: ((window: EngineEvents) => void)[] = []

/** Tells every window that listens. */
const everyWindow = new Proxy({} as EngineEvents, {
  get: (_, name: keyof EngineEvents) => (argument: never) => {
    const tell = (window: EngineEvents): void =>
      (window[name] as (argument: never) => void)(argument)
    if (windows.size === 0 && KEPT_FOR_THE_FIRST.includes(name)) unheard.push(tell)
    for (const window of windows) tell(window)
  }
})

function tellShell(message: ToShell): void {
  if (parentPort) parentPort.postMessage(message)
  else process.send?.(message)
}

const electronTrainers = new ElectronTrainers(tellShell)
const spawnTrainer: SpawnTrainer = parentPort
  ? () => electronTrainers.spawn()
  : nodeTrainers({ programFolder: __dirname })

const { count: trainers, note: trainersNote } = trainersAtOnce()
if (trainersNote) console.error(trainersNote)

const engine = createEngine({
  spawnTrainer,
  folder: process.env.NORMSCOPE_DATA ?? join(process.cwd(), '.normscope'),
  trainers,
  trainersNote,
  emit: everyWindow,
  now: Date.now,
  log: (line) => console.error(line)
})

function addWindow(line: Parameters<typeof serveEngine>[0]): void {
  const events = serveEngine(line, engine.api)
  windows.add(events)
  for (const tell of unheard.splice(0)) tell(events)
  line.onClose(() => windows.delete(events))
}

function listen(message: FromShell, port?: PortLike): void {
  switch (message.type) {
    case 'open':
      void engine.openFirst(message.path, { resume: message.resume })
      return
    case 'window':
      if (port) addWindow(portChannel(port))
      return
    case 'listen':
      void listenForWindows(message.address, addWindow).then(
        () => tellShell({ type: 'listening' }),
        (thrown: Error) => tellShell({ type: 'listen-failed', reason: thrown.message })
      )
      return
    case 'trainer':
      electronTrainers.started(message, port)
      return
    case 'trainer-failed':
      electronTrainers.failed(message)
  }
}

if (parentPort) {
  parentPort.on('message', ({ data, ports }) => listen(data as FromShell, ports[0]))
} else {
  process.on('message', (message) => listen(message as FromShell))
  process.on('disconnect', () => {
    void engine.close().finally(() => process.exit(0))
  })
}
leaveCtrlCToShell()
process.once('SIGTERM', () => void engine.close().finally(() => process.exit(0)))
tellShell({ type: 'engine-ready' })
