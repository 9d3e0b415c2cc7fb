import type { ParentPort, PortLike } from '../processes/ports'
import type { FromShell, ToShell } from './shell-protocol'

/** The engine's line to the shell that started it. */
interface ShellLine {
  /** Electron forks trainers for the engine, which cannot fork utility processes itself */
  readonly forksTrainers: boolean
  tell(message: ToShell): void
  listen(take: (message: FromShell, port?: PortLike) => void): void
  /** the shell is gone; Electron ends the engine with it by itself */
  onGone(listener: () => void): void
}

/** What a utility process of Electron or a forked Node process has of its parent. */
interface ChildProcess extends Pick<NodeJS.EventEmitter, 'on'> {
  readonly parentPort?: ParentPort
  send?(message: unknown): unknown
}

export function shellLine(own: ChildProcess): ShellLine {
  const { parentPort } = own
  if (parentPort) {
    return {
      forksTrainers: true,
      tell: (message) => parentPort.postMessage(message),
      listen: (take) =>
        void parentPort.on('message', ({ data, ports }) => take(data as FromShell, ports[0])),
      onGone: () => undefined
    }
  }
  return {
    forksTrainers: false,
    tell: (message) => void own.send?.(message),
    listen: (take) => void own.on('message', (message: unknown) => take(message as FromShell)),
    onGone: (listener) => void own.on('disconnect', listener)
  }
}
