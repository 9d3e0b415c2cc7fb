import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { decode, encode, SUBPROTOCOL } from '../../contract/codec'
import type { Line } from '../../contract/line'
import type { FromShell } from './shell-protocol'

const MOST_BYTES = 256 * 1024 * 1024

/** Windows that come over WebSockets: the shell has checked the upgrade and hands over the connection. */
export function windowSockets(add: (line: Line) => void): {
  take(message: Extract<FromShell, { type: 'socket' }>, handle: unknown): void
} {
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MOST_BYTES,
    handleProtocols: () => SUBPROTOCOL
  })
  return {
    take({ headers, url, head }, handle) {
      // The connection may have ended while it was handed over.
      if (!(handle instanceof Socket)) return
      const request = new IncomingMessage(handle)
      Object.assign(request, { headers, url, method: 'GET' })
      server.handleUpgrade(request, handle, Buffer.from(head), (socket) => add(socketLine(socket)))
    }
  }
}

function socketLine(socket: WebSocket): Line {
  socket.binaryType = 'nodebuffer'
  socket.on('error', () => socket.terminate())
  return {
    post(message) {
      if (socket.readyState === socket.OPEN) socket.send(encode(message))
    },
    onMessage: (listener) =>
      void socket.on('message', (data: Buffer) => {
        let message: unknown
        try {
          message = decode(data)
        } catch {
          return socket.close(1003, 'not CBOR')
        }
        listener(message)
      }),
    onClose: (listener) => void socket.once('close', listener)
  }
}
