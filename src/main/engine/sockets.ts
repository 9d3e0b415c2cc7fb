import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { decode, encode, LONGEST_CALL, SUBPROTOCOL } from '../../contract/codec'
import type { Line } from '../../contract/line'

/** Bytes not yet read by a window: beyond the first it is spared what passes, beyond the second let go. */
const BEHIND = 1024 * 1024
const LOST = 64 * 1024 * 1024

/**
 * Windows that come over WebSockets. The address is a local socket or named pipe that only the
 * served shell knows; it has checked host, origin and token and passes the bytes on.
 */
export function listenForWindows(address: string, add: (line: Line) => void): Promise<void> {
  const server = createServer((_, response) => {
    response.writeHead(426)
    response.end()
  })
  const sockets = new WebSocketServer({
    server,
    perMessageDeflate: false,
    maxPayload: LONGEST_CALL,
    handleProtocols: () => SUBPROTOCOL
  })
  sockets.on('connection', (socket) => add(socketLine(socket)))
  return new Promise((resolve, reject) => {
    // it passes on what the server says, and would throw where nobody listens
    sockets.once('error', reject)
    server.listen(address, resolve)
  })
}

function socketLine(socket: WebSocket): Line {
  socket.binaryType = 'nodebuffer'
  socket.on('error', () => socket.terminate())
  return {
    post(message) {
      if (socket.readyState !== socket.OPEN) return
      if (socket.bufferedAmount > LOST) socket.terminate()
      else socket.send(encode(message))
    },
    isBehind: () => socket.bufferedAmount > BEHIND,
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
