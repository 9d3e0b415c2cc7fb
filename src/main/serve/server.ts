import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { SUBPROTOCOL } from '../../contract/codec'
import { NormscopeError } from '../../core/error'
import type { FromShell } from '../engine/shell-protocol'
import { BackOff } from '../shell/back-off'
import { refused, staticFile } from '../shell/static-files'
import type { StaticAnswer } from '../shell/static-files'

export interface ServeOptions {
  /** 0 takes any free port */
  readonly port: number
  /** data set to open first */
  readonly path?: string
  /** folder of the built program: engine.cjs; the window's files are beside it in ../renderer */
  readonly programFolder: string
  /** where runs are kept */
  readonly dataFolder: string
  readonly log?: (line: string) => void
}

export interface Served {
  /** with the token in its fragment, which browsers do not send or log */
  readonly url: string
  close(): Promise<void>
}

const LOOPBACK = '127.0.0.1'

/** The window for a browser of this machine: loopback only, and only with the token. */
export async function serve(options: ServeOptions): Promise<Served> {
  const token = randomBytes(24).toString('base64url')
  const engine = new EngineChild(options)
  const server = createServer()
  await listen(server, options.port)
  const { port } = server.address() as AddressInfo
  const hosts = [`${LOOPBACK}:${port}`, `localhost:${port}`]
  const files = join(options.programFolder, '..', 'renderer')

  server.on('request', (request, response) => {
    void answer(request, hosts, files).then(({ status, headers, body }) => {
      response.writeHead(status, headers)
      response.end(request.method === 'HEAD' ? undefined : body)
    })
  })
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const refusal = refuseUpgrade(request, hosts, token)
    if (refusal) {
      socket.end(`HTTP/1.1 ${refusal}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
      return
    }
    engine.take(request, socket, head)
  })
  return {
    url: `http://${LOOPBACK}:${port}/#${token}`,
    close: () =>
      new Promise((resolve) => {
        engine.close()
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}

async function answer(
  request: IncomingMessage,
  hosts: readonly string[],
  files: string
): Promise<StaticAnswer> {
  if (!hosts.includes(request.headers.host ?? '')) {
    return refused(421, 'This address is not served here.')
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refused(405, 'Only GET is answered.')
  }
  // The raw path: URL would resolve what must be refused.
  return staticFile(files, (request.url ?? '/').split(/[?#]/)[0]!)
}

/** The status line that refuses an upgrade; undefined lets it through. */
function refuseUpgrade(
  request: IncomingMessage,
  hosts: readonly string[],
  token: string
): string | undefined {
  const { host = '', origin = '' } = request.headers
  if (!hosts.includes(host)) return '421 Misdirected Request'
  if (origin !== `http://${host}`) return '403 Forbidden'
  const offered = (request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((word) => word.trim())
  const [protocol, given = ''] = offered
  const a = Buffer.from(given)
  const b = Buffer.from(token)
  if (protocol !== SUBPROTOCOL || a.length !== b.length || !timingSafeEqual(a, b)) {
    return '403 Forbidden'
  }
  return undefined
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new NormscopeError({
          code: 'cannot-listen',
          message:
            error.code === 'EADDRINUSE'
              ? `Port ${port} is taken by another program. Choose another with --port, or leave it out.`
              : `Port ${port} cannot be listened on: ${error.message}.`
        })
      )
    )
    server.listen(port, LOOPBACK, resolve)
  })
}

/** The engine as a child process; it is started again whenever it ends. */
class EngineChild {
  readonly #options: ServeOptions
  readonly #backOff = new BackOff(Date.now)
  #child: ChildProcess
  /** Connections on their way to the engine: should it end before it takes them, nobody else would close them. */
  readonly #passed = new Set<Socket>()
  #closed = false
  /** the first engine is gone: what was open last is in its journal */
  #restarted = false

  constructor(options: ServeOptions) {
    this.#options = options
    this.#child = this.#start()
  }

  /** Hands an upgraded connection over to the engine. */
  take(request: IncomingMessage, socket: Socket, head: Buffer): void {
    // The line to a child that has just ended may look open, and would swallow the connection.
    const { connected, exitCode, signalCode } = this.#child
    if (!connected || exitCode !== null || signalCode !== null) {
      socket.destroy()
      return
    }
    const message: FromShell = {
      type: 'socket',
      headers: request.headers,
      url: request.url ?? '/',
      head: Uint8Array.from(head)
    }
    this.#passed.add(socket)
    socket.once('close', () => this.#passed.delete(socket))
    this.#child.send(message, socket, {}, (error) => error && socket.destroy())
  }

  #closePassed(): void {
    for (const socket of this.#passed) socket.destroy()
    this.#passed.clear()
  }

  close(): void {
    this.#closed = true
    this.#child.kill()
    this.#closePassed()
  }

  #start(): ChildProcess {
    const { programFolder, dataFolder, path, log = () => undefined } = this.#options
    const child = fork(join(programFolder, 'engine.cjs'), [], {
      serialization: 'advanced',
      env: { ...process.env, NORMSCOPE_DATA: dataFolder }
    })
    child.on('message', (message: { type?: string }) => {
      if (message.type !== 'engine-ready') return
      const resume = this.#restarted
      child.send({ type: 'open', path: resume ? undefined : path, resume } satisfies FromShell)
    })
    child.once('exit', (code, signal) => {
      // Node closes a connection that the dead child never took only when the line is let go.
      if (child.connected) child.disconnect()
      this.#closePassed()
      if (this.#closed) return
      this.#restarted = true
      log(`The engine ended (${signal ?? code}); it is started again.`)
      setTimeout(() => {
        if (!this.#closed) this.#child = this.#start()
      }, this.#backOff.next())
    })
    return child
  }
}
