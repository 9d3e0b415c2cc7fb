import { CHANNELS } from '../../../contract/bridge'
import type { DesktopBridge } from '../../../contract/bridge'
import type { Line } from '../../../contract/line'
import { connectEngine } from '../../../contract/rpc'
import type { EngineLink } from './connection.svelte'

/** Bytes of messages are of the served shell alone. */
const readCodec = () => import('../../../contract/codec')
type Codec = Awaited<ReturnType<typeof readCodec>>

/** Waits between attempts to reach the served engine again, milliseconds. */
const RETRY = [100, 200, 400, 800, 1500]

/** Desktop shell: main hands ports over, a new one whenever the engine was started again. */
export function desktopLink(bridge: DesktopBridge): EngineLink {
  return {
    open(events, changed) {
      let lost: (() => void) | undefined
      const listen = (event: MessageEvent): void => {
        const data: unknown = event.data
        const type = (data as { type?: unknown } | null)?.type
        const port = event.ports[0]
        if (event.source !== window || type !== CHANNELS.enginePort || !port) return
        lost?.()
        const line = portLine(port)
        lost = line.close
        changed(connectEngine(line, events))
      }
      window.addEventListener('message', listen)
      const stop = bridge.onEngineLost((reason) => {
        lost?.()
        lost = undefined
        changed(undefined, reason)
      })
      bridge.requestEngine()
      return () => {
        window.removeEventListener('message', listen)
        stop()
        lost?.()
      }
    }
  }
}

function portLine(port: MessagePort): Line & { close(): void } {
  const closers: (() => void)[] = []
  return {
    post: (message) => port.postMessage(message),
    onMessage(listener) {
      port.onmessage = (event) => listener(event.data)
    },
    onClose: (listener) => closers.push(listener),
    close() {
      port.close()
      for (const close of closers.splice(0)) close()
    }
  }
}

/** Served shell: a WebSocket of the same origin; the token stands after # in the address. */
export function socketLink(location: Location): EngineLink {
  const token = location.hash.slice(1)
  const address = `${location.origin.replace(/^http/, 'ws')}/engine`
  return {
    open(events, changed) {
      let ended = false
      let tries = 0
      let socket: WebSocket | undefined
      const again = (reason: string): void => {
        changed(undefined, reason)
        setTimeout(() => void reach(), RETRY[Math.min(tries++, RETRY.length - 1)])
      }
      const reach = async (): Promise<void> => {
        const codec = await readCodec().catch((thrown: Error) => thrown)
        if (ended) return
        if (codec instanceof Error) return again(codec.message)
        const mine = new WebSocket(address, [codec.SUBPROTOCOL, token])
        socket = mine
        mine.binaryType = 'arraybuffer'
        const closers: (() => void)[] = []
        mine.onopen = () => {
          tries = 0
          changed(connectEngine(socketLine(mine, codec, closers), events))
        }
        mine.onclose = (event) => {
          for (const close of closers.splice(0)) close()
          if (ended) return
          again(event.reason || 'The connection to the engine was closed.')
        }
      }
      void reach()
      return () => {
        ended = true
        socket?.close()
      }
    }
  }
}

function socketLine(
  socket: WebSocket,
  { decode, encode, LONGEST_CALL }: Codec,
  closers: (() => void)[]
): Line {
  return {
    post(message) {
      const bytes = encode(message)
      if (bytes.length > LONGEST_CALL) {
        throw new Error(`It has ${bytes.length} bytes; the engine takes ${LONGEST_CALL} at most.`)
      }
      socket.send(bytes.slice())
    },
    onMessage(listener) {
      socket.onmessage = (event) => listener(decode(new Uint8Array(event.data as ArrayBuffer)))
    },
    onClose: (listener) => closers.push(listener)
  }
}
