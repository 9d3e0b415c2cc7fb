import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { SUBPROTOCOL } from '../../contract/codec'
import { NormscopeError } from '../../core/error'
import { refused, staticFile } from '../shell/static-files'
import type { StaticAnswer } from '../shell/static-files'
import { EngineChild } from './engine-child'
import type { EngineChildOptions } from './engine-child'

interface ServeOptions extends EngineChildOptions {
  /** 0 takes any free port */
  readonly port: number
  /** milliseconds in which whoever connects must have asked for something; default 10 s */
  readonly slowestMs?: number
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
  const { slowestMs = 10_000 } = options
  const server = createServer({
    headersTimeout: slowestMs,
    requestTimeout: slowestMs,
    connectionsCheckingInterval: slowestMs / 2
  })
  await listen(server, options.port)
  let engine: EngineChild
  try {
    engine = new EngineChild(options)
  } catch (thrown) {
    server.close()
    throw thrown
  }
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
    // from here on it is ours: whoever breaks it off must not end the shell
    socket.on('error', () => socket.destroy())
    const refusal = refuseUpgrade(request, hosts, token)
    if (refusal) {
      socket.end(`HTTP/1.1 ${refusal}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
      // whoever does not hang up is hung up on
      const late = setTimeout(() => socket.destroy(), slowestMs)
      socket.once('close', () => clearTimeout(late))
      return
    }
    engine.take(request, socket, head)
  })
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await engine.close()
    await closed
  }
  try {
    await engine.ready
  } catch (thrown) {
    await close()
    throw thrown
  }
  return { url: `http://${LOOPBACK}:${port}/#${token}`, close }
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
