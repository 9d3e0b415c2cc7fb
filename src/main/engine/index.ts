import { join } from 'node:path'
import type { Line } from '../../contract/line'
import { portChannel } from '../processes/ports'
import { nodeTrainers } from '../processes/node-trainers'
import { programOf } from '../cluster/program'
import type { SpawnTrainer } from '../processes/channel'
import { leaveCtrlCToShell, onTerminate } from '../processes/signals'
import { trainersAtOnce, waitsForMemory } from '../processes/trainers-at-once'
import { kernelsNote } from '../statistics/kernels-here'
import { within } from '../disk/allowed'
import { keptPath } from '../disk/kept-path'
import { createEngine } from './engine'
import { ElectronTrainers } from './runs/electron-trainers'
import { ENGINE_FOLDERS } from './shell-protocol'
import type { OpenPaths } from './shell-protocol'
import { shellLine } from './shell-line'
import { Windows } from './windows'

/** The engine as a process of its own: a utility process of Electron, or a child of the served shell. */
const shell = shellLine(process)
const windows = new Windows()
const electronTrainers = new ElectronTrainers(shell.tell)
const spawnTrainer: SpawnTrainer = shell.forksTrainers
  ? () => electronTrainers.spawn()
  : nodeTrainers({ programFolder: __dirname, apart: true })

const { count: trainers, note: trainersNote } = trainersAtOnce()
if (trainersNote) console.error(trainersNote)
const statisticsNote = kernelsNote()
if (statisticsNote) console.error(statisticsNote)

/** where a window may open files; the served shell names folders */
const folders = process.env[ENGINE_FOLDERS]

const engine = createEngine({
  checkPath: folders === undefined ? undefined : within(JSON.parse(folders) as string[]),
  spawnTrainer,
  folder: process.env.NORMSCOPE_DATA ?? join(process.cwd(), '.normscope'),
  trainers,
  trainersNote,
  statisticsNote,
  waits: waitsForMemory(),
  cluster: { defaultProgram: programOf(__dirname) },
  emit: windows.broadcast,
  now: Date.now,
  log: (line) => console.error(line)
})

const addWindow = (line: Line): void => windows.add(line, engine.api)

const keptPaths = ({ paths, folder }: OpenPaths): readonly string[] | undefined =>
  folder === undefined ? paths : paths?.map((path) => keptPath(path, folder))

/** Sockets are of the served shell alone. */
const listen = async (address: string): Promise<void> =>
  (await import('./sockets')).listenForWindows(address, addWindow)

shell.listen((message, port) => {
  switch (message.type) {
    case 'open':
      void engine.openFirst(keptPaths(message), { resume: message.resume })
      return
    case 'window':
      if (port) addWindow(portChannel(port))
      return
    case 'listen':
      void listen(message.address).then(
        () => shell.tell({ type: 'listening' }),
        (thrown: Error) => shell.tell({ type: 'listen-failed', reason: thrown.message })
      )
      return
    case 'trainer':
      electronTrainers.started(message, port)
      return
    case 'trainer-failed':
      electronTrainers.failed(message)
  }
})

const end = (cancel: boolean): void => {
  void engine.close({ cancel }).finally(() => process.exit(0))
}
// a shell that ends in order tells before; of one that was killed the runs go on at the next start
shell.onGone(() => end(false))
leaveCtrlCToShell()
onTerminate(() => end(true))
shell.tell({ type: 'engine-ready' })
