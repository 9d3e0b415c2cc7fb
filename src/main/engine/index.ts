import { join } from 'node:path'
import type { Line } from '../../contract/line'
import { portChannel } from '../processes/ports'
import type { ParentPort, PortLike } from '../processes/ports'
import { nodeTrainers } from '../processes/node-trainers'
import type { SpawnTrainer } from '../processes/channel'
import { leaveCtrlCToShell, onTerminate } from '../processes/signals'
import { trainersAtOnce } from '../processes/trainers-at-once'
import { createEngine } from './engine'
import { ElectronTrainers } from './runs/electron-trainers'
import type { FromShell, ToShell } from './shell-protocol'
import { listenForWindows } from './sockets'
import { Windows } from './windows'

/** The engine as a process of its own: a utility process of Electron, or a child of the served shell. */
const { parentPort } = process as unknown as { parentPort?: ParentPort }
const windows = new Windows()

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
  emit: windows.broadcast,
  now: Date.now,
  log: (line) => console.error(line)
})

const addWindow = (line: Line): void => windows.add(line, engine.api)

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
onTerminate(() => void engine.close().finally(() => process.exit(0)))
tellShell({ type: 'engine-ready' })
