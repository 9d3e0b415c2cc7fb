import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { ENGINE_FOLDERS } from '../engine/shell-protocol'
import type { FromShell, ToShell } from '../engine/shell-protocol'
import { NormscopeError } from '../../core/error'
import { BackOff } from '../shell/back-off'
import { endProcess, killNow } from '../shell/end-process'
import { SocketFolder, tidySocketFolders } from './socket-folder'

export interface EngineChildOptions {
  /** folder of the built program: engine.cjs; the window's files are beside it in ../renderer */
  readonly programFolder: string
  /** files in these alone can be opened, links counting as what they lead to */
  readonly folders: readonly string[]
  /** where runs are kept */
  readonly dataFolder: string
  /** data set or study to open first */
  readonly paths?: readonly string[]
  readonly log?: (line: string) => void
}

/** The engine as a child process; it is started again whenever it ends. */
export class EngineChild {
  readonly #options: EngineChildOptions
  readonly #backOff = new BackOff(Date.now)
  readonly #folder: SocketFolder
  readonly #sockets = new Set<Socket>()
  /** settled once the first engine takes connections, or has ended */
  readonly ready: Promise<void>
  #settle: (thrown?: unknown) => void = () => undefined
  #child: ChildProcess
  /** where the present engine was asked to listen */
  #asked = ''
  /** where the present engine listens, once it does */
  #address: string | undefined
  #closed = false
  /** the first engine is gone: what was open last is in its journal */
  #restarted = false

  constructor(options: EngineChildOptions) {
    this.#options = options
    tidySocketFolders()
    this.#folder = new SocketFolder()
    this.ready = new Promise((resolve, reject) => {
      this.#settle = (thrown) => (thrown === undefined ? resolve() : reject(thrown as Error))
    })
    this.#child = this.#start()
    process.once('exit', this.#atExit)
  }

  /** Whatever ends this process: nothing of it stays. */
  readonly #atExit = (): void => {
    if (this.#child.pid !== undefined) killNow(this.#child.pid)
    this.#folder.remove()
  }

  /**
   * Passes a checked connection on to the engine, byte by byte in both directions, so that the end
   * of either side is the end of the other: handing the socket itself over loses those that are on
   * their way when the engine is killed.
   */
  take(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const address = this.#address
    if (!address) {
      socket.destroy()
      return
    }
    const engine = connect(address)
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    engine.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' && address === this.#address) this.#findNewFolder()
    })
    for (const [one, other] of [
      [socket, engine],
      [engine, socket]
    ] as const) {
      one.setNoDelay()
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
    engine.write(requestText(request))
    engine.write(head)
    socket.pipe(engine).pipe(socket)
  }

  /** Resolves once the engine is gone, by force where it is frozen. */
  async close(): Promise<void> {
    this.#closed = true
    for (const socket of this.#sockets) socket.destroy()
    await endProcess(this.#child)
    process.off('exit', this.#atExit)
    this.#folder.remove()
  }

  #log(line: string): void {
    this.#options.log?.(line)
  }

  #tell(message: FromShell): void {
    // An engine that just ended is told nothing; its end is heard.
    if (this.#child.connected) this.#child.send(message, () => undefined)
  }

  #listen(): void {
    this.#address = undefined
    this.#asked = this.#folder.newAddress()
    this.#tell({ type: 'listen', address: this.#asked })
  }

  /** The folder of the sockets was taken away, as by a tidying of temporary files. */
  #findNewFolder(): void {
    const { path } = this.#folder
    this.#folder.renew()
    this.#log(`The folder of the engine's sockets is gone (${path}); ${this.#folder.path} is used.`)
    this.#listen()
  }

  #cannotListen(reason: string): void {
    this.#settle(
      new NormscopeError({
        code: 'cannot-listen',
        message: `The engine cannot take connections at ${this.#asked}: ${reason}. Name another folder for temporary files in TMPDIR.`,
        path: this.#asked
      })
    )
    this.#log(`The engine cannot take connections at ${this.#asked}: ${reason}; it tries again.`)
    setTimeout(() => {
      if (!this.#closed) this.#findNewFolder()
    }, this.#backOff.next())
  }

  #start(): ChildProcess {
    const { programFolder, dataFolder, folders, paths } = this.#options
    const child = fork(join(programFolder, 'engine.cjs'), [], {
      serialization: 'advanced',
      env: {
        ...process.env,
        NORMSCOPE_DATA: dataFolder,
        [ENGINE_FOLDERS]: JSON.stringify(folders)
      }
    })
    child.on('message', (message: ToShell) => {
      switch (message.type) {
        case 'engine-ready':
          this.#listen()
          this.#tell({
            ...{ type: 'open', resume: this.#restarted },
            paths: this.#restarted ? undefined : paths
          })
          return
        case 'listening':
          this.#address = this.#asked
          this.#settle()
          return
        case 'listen-failed':
          this.#cannotListen(message.reason)
      }
    })
    child.once('exit', (code, signal) => {
      this.#address = undefined
      this.#settle()
      if (this.#closed) return
      this.#restarted = true
      this.#log(`The engine ended (${signal ?? code}); it is started again.`)
      setTimeout(() => {
        if (!this.#closed) this.#child = this.#start()
      }, this.#backOff.next())
    })
    return child
  }
}

/** The request as it came, for the engine to answer. */
function requestText({ url, rawHeaders }: IncomingMessage): string {
  const lines = [`GET ${url ?? '/'} HTTP/1.1`]
  for (let at = 0; at < rawHeaders.length; at += 2) {
    lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`)
  }
  return `${lines.join('\r\n')}\r\n\r\n`
}
