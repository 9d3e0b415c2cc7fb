import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { decode, encode, SUBPROTOCOL } from '../../contract/codec'
import type { Line } from '../../contract/line'

const MOST_BYTES = 256 * 1024 * 1024

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
    maxPayload: MOST_BYTES,
    handleProtocols: () => SUBPROTOCOL
  })
  sockets.on('connection', (socket) => add(socketLine(socket)))
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(address, resolve)
  })
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
