import { portChannel } from '../../processes/ports'
import type { PortLike } from '../../processes/ports'
import type { TrainerProcess } from '../../processes/channel'
import type { FromShell, ToShell } from '../shell-protocol'

interface Waiting {
  resolve(trainer: TrainerProcess): void
  reject(thrown: Error): void
}

/** Trainers that Electron's main process forks for the engine, which cannot fork utility processes. */
export class ElectronTrainers {
  readonly #tell: (message: ToShell) => void
  readonly #waiting = new Map<number, Waiting>()
  #requests = 0

  constructor(tell: (message: ToShell) => void) {
    this.#tell = tell
  }

  spawn(): Promise<TrainerProcess> {
    const request = ++this.#requests
    return new Promise((resolve, reject) => {
      this.#waiting.set(request, { resolve, reject })
      this.#tell({ type: 'spawn-trainer', request })
    })
  }

  started({ request, pid }: Extract<FromShell, { type: 'trainer' }>, port?: PortLike): void {
    const waiting = this.#waiting.get(request)
    this.#waiting.delete(request)
    if (!port) return waiting?.reject(new Error('The trainer came without a port.'))
    waiting?.resolve({
      channel: portChannel(port),
      pid,
      kill: () => this.#tell({ type: 'kill-trainer', request })
    })
  }

  failed({ request, reason }: Extract<FromShell, { type: 'trainer-failed' }>): void {
    this.#waiting.get(request)?.reject(new Error(reason))
    this.#waiting.delete(request)
  }
}
