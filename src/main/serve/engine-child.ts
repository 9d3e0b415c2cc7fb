import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FromShell, ToShell } from '../engine/shell-protocol'
import { BackOff } from '../shell/back-off'

export interface EngineChildOptions {
  /** folder of engine.cjs */
  readonly programFolder: string
  readonly dataFolder: string
  /** data set to open first */
  readonly path?: string
  readonly log?: (line: string) => void
}

/** The engine as a child process; it is started again whenever it ends. */
export class EngineChild {
  readonly #options: EngineChildOptions
  readonly #backOff = new BackOff(Date.now)
  /** holds the engines' sockets; only this user may enter it */
  readonly #folder = mkdtempSync(join(tmpdir(), 'normscope-serve-'))
  /** settled once the first engine takes connections, or has ended */
  readonly ready: Promise<void>
  #settle: () => void = () => undefined
  #child: ChildProcess
  /** where the present engine listens, once it does */
  #address: string | undefined
  #closed = false
  /** the first engine is gone: what was open last is in its journal */
  #restarted = false

  constructor(options: EngineChildOptions) {
    this.#options = options
    this.ready = new Promise((resolve) => (this.#settle = resolve))
    this.#child = this.#start()
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

  close(): void {
    this.#closed = true
    this.#child.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #start(): ChildProcess {
    const { programFolder, dataFolder, path, log = () => undefined } = this.#options
    const child = fork(join(programFolder, 'engine.cjs'), [], {
      serialization: 'advanced',
      env: { ...process.env, NORMSCOPE_DATA: dataFolder }
    })
    const tell = (message: FromShell): boolean => child.send(message)
    const address = this.#newAddress()
    child.on('message', (message: ToShell) => {
      if (message.type === 'listening') {
        this.#address = address
        this.#settle()
      }
      if (message.type !== 'engine-ready') return
      tell({ type: 'listen', address })
      const resume = this.#restarted
      tell({ type: 'open', path: resume ? undefined : path, resume })
    })
    child.once('exit', (code, signal) => {
      this.#address = undefined
      this.#settle()
      if (this.#closed) return
      this.#restarted = true
      log(`The engine ended (${signal ?? code}); it is started again.`)
      setTimeout(() => {
        if (!this.#closed) this.#child = this.#start()
      }, this.#backOff.next())
    })
    return child
  }

  #newAddress(): string {
    const name = randomBytes(12).toString('hex')
    return process.platform === 'win32'
      ? `\\\\.\\pipe\\normscope-${name}`
      : join(this.#folder, name)
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
