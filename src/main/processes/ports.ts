import type { ChildProcess } from 'node:child_process'
import type { Channel } from './channel'

/** What Electron's MessagePortMain and Node's MessagePort have in common. */
export interface PortLike {
  postMessage(message: unknown): void
  on(event: 'message', listener: (message: { data: unknown } | unknown) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start?(): void
  close(): void
}

/** Electron's `process.parentPort` in a utility process. */
export interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown; ports: PortLike[] }) => void): unknown
}

/** A channel over a message port; Electron wraps what was sent in an event, Node does not. */
export function portChannel(port: PortLike, wrapped = true): Channel {
  const closed = once()
  port.on('close', closed.fire)
  return {
    post: (message) => port.postMessage(message),
    onMessage(listener) {
      port.on('message', (event) =>
        listener(wrapped ? (event as { data: unknown }).data : (event as unknown))
      )
      port.start?.()
    },
    onClose: closed.listen,
    close: () => port.close()
  }
}

/** The parent's side of a forked Node process (serialization 'advanced'). */
export function childChannel(child: ChildProcess): Channel {
  const closed = once()
  child.once('exit', closed.fire)
  child.once('error', closed.fire)
  child.once('disconnect', closed.fire)
  return {
    post(message) {
      // A child that just died is told nothing; its end is heard by onClose.
      if (child.connected) child.send(message as object, () => undefined)
    },
    onMessage: (listener) => void child.on('message', listener),
    onClose: closed.listen,
    close: () => void (child.connected && child.disconnect())
  }
}

/**
 * The child's side, in both kinds of process: with Electron the port that the parent sends first,
 * with Node the line to the process that forked it.
 */
export function parentChannel(): Promise<Channel> {
  const { parentPort } = process as unknown as { parentPort?: ParentPort }
  if (parentPort) {
    return new Promise((resolve) => {
      let taken = false
      parentPort.on('message', ({ ports }) => {
        const [port] = ports
        if (taken || !port) return
        taken = true
        resolve(portChannel(port))
      })
    })
  }
  if (!process.send) {
    return Promise.reject(new Error('This program is started by Normscope, not by hand.'))
  }
  const closed = once()
  process.once('disconnect', closed.fire)
  return Promise.resolve({
    post(message) {
      if (process.connected) process.send!(message as object, undefined, undefined, () => undefined)
    },
    onMessage: (listener) => void process.on('message', listener),
    onClose: closed.listen,
    close: () => void (process.connected && process.disconnect?.())
  })
}

/** An event that happens at most once; a listener that comes late is called at once. */
function once(): { fire: () => void; listen: (listener: () => void) => void } {
  let happened = false
  const listeners: (() => void)[] = []
  return {
    fire() {
      if (happened) return
      happened = true
      for (const listener of listeners) listener()
    },
    listen(listener) {
      if (happened) listener()
      else listeners.push(listener)
    }
  }
}
