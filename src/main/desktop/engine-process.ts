import { app, MessageChannelMain, utilityProcess } from 'electron'
import type { BrowserWindow, UtilityProcess } from 'electron'
import { join } from 'node:path'
import { CHANNELS } from '../../contract/bridge'
import type { FromShell, OpenPaths, ToShell } from '../engine/shell-protocol'
import { TRAINER_PROCESS_ENVIRONMENT } from '../processes/node-trainers'
import { offlineEnvironment } from '../processes/offline-environment'
import { tidyGraphs } from '../processes/temporary-folder'
import { BackOff } from '../shell/back-off'
import { endProcess } from '../shell/end-process'

/** What a person named outside the window. */
export type NamedPaths = Pick<OpenPaths, 'folder'> & Required<Pick<OpenPaths, 'paths'>>

/** The engine in a process of its own: started again whenever it ends, with the trainers it asks for. */
export class EngineProcess {
  readonly #programFolder: string
  readonly #backOff = new BackOff(Date.now)
  readonly #trainers = new Map<number, UtilityProcess>()
  #asked: NamedPaths | undefined
  #engine: UtilityProcess
  /** the present engine was told what to open */
  #ready = false
  #quitting = false
  #closed = false
  #restarted = false
  #window: BrowserWindow | undefined

  constructor(programFolder: string, asked: NamedPaths | undefined) {
    this.#programFolder = programFolder
    this.#asked = asked
    this.#engine = this.#start()
  }

  /** Opens a data set beside what is open; what cannot be opened leaves that as it is. */
  open(asked: NamedPaths): void {
    if (this.#ready) this.#tell({ type: 'open', ...asked })
    else this.#asked = asked
  }

  /** Gives the window a port to the engine once that is ready, and to each that is started after it. */
  connect(window: BrowserWindow): void {
    this.#window = window
    if (this.#ready) this.#givePort(window)
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Resolves once engine and trainers are gone, by force where they are frozen. */
  async close(): Promise<void> {
    this.#quitting = true
    // The engine cancels what runs and keeps it; a trainer that ends before it is a failed run.
    await endProcess(this.#engine)
    await Promise.all([...this.#trainers.values()].map((trainer) => endProcess(trainer)))
    this.#closed = true
  }

  #givePort(window: BrowserWindow): void {
    const { port1, port2 } = new MessageChannelMain()
    this.#engine.postMessage({ type: 'window' } satisfies FromShell, [port1])
    window.webContents.postMessage(CHANNELS.enginePort, null, [port2])
  }

  #tell(message: FromShell): void {
    this.#engine.postMessage(message)
  }

  #start(): UtilityProcess {
    const engine = utilityProcess.fork(join(this.#programFolder, 'engine.cjs'), [], {
      serviceName: 'Normscope engine',
      env: { ...process.env, NORMSCOPE_DATA: process.env.NORMSCOPE_DATA ?? app.getPath('userData') }
    })
    engine.on('message', (message: ToShell) => this.#hear(message))
    // The exit code is unreliable: any end while not quitting is a crash.
    engine.once('exit', (code) => {
      if (this.#quitting) return
      this.#lost(code)
    })
    return engine
  }

  #lost(code: number): void {
    for (const trainer of this.#trainers.values()) void endProcess(trainer)
    this.#trainers.clear()
    this.#ready = false
    console.error(`normscope: The engine ended (${code}); it is started again.`)
    this.#toWindow(CHANNELS.engineLost, 'The engine ended unexpectedly and is being started again.')
    // What was open is in the journal; the paths of the command line were for the first start.
    this.#asked = undefined
    this.#restarted = true
    setTimeout(() => {
      if (this.#quitting) return
      this.#engine = this.#start()
    }, this.#backOff.next())
  }

  #hear(message: ToShell): void {
    switch (message.type) {
      case 'engine-ready':
        this.#ready = true
        if (this.#window) this.#givePort(this.#window)
        this.#tell({ type: 'open', ...this.#asked, resume: this.#restarted })
        return
      case 'spawn-trainer':
        this.#spawnTrainer(message.request)
        return
      case 'kill-trainer': {
        const trainer = this.#trainers.get(message.request)
        if (trainer) void endProcess(trainer, 0)
      }
    }
  }

  #spawnTrainer(request: number): void {
    const trainer = utilityProcess.fork(join(this.#programFolder, 'trainer.cjs'), [], {
      serviceName: 'Normscope trainer',
      env: { ...offlineEnvironment(), ...TRAINER_PROCESS_ENVIRONMENT }
    })
    const engine = this.#engine
    this.#trainers.set(request, trainer)
    trainer.once('exit', () => {
      this.#trainers.delete(request)
      tidyGraphs()
      if (engine === this.#engine) {
        const reason = 'The training process could not be started.'
        this.#tell({ type: 'trainer-failed', request, reason })
      }
    })
    trainer.once('spawn', () => {
      if (engine !== this.#engine) {
        void endProcess(trainer)
        return
      }
      const { port1, port2 } = new MessageChannelMain()
      trainer.postMessage(null, [port1])
      engine.postMessage({ type: 'trainer', request, pid: trainer.pid } satisfies FromShell, [
        port2
      ])
    })
  }

  #toWindow(channel: string, value: unknown): void {
    if (this.#window?.isDestroyed() === false) this.#window.webContents.send(channel, value)
  }
}
