import type { EngineApi, EngineEvents } from '../../contract/engine'
import type { Line } from '../../contract/line'
import { serveEngine } from '../../contract/rpc'

/** What a window must hear, though none listened when it was said. */
const KEPT_FOR_THE_FIRST: readonly (keyof EngineEvents)[] = ['notice', 'studyOpened']

/** The windows of one engine. */
export class Windows {
  readonly #listening = new Set<EngineEvents>()
  readonly #unheard: ((window: EngineEvents) => void)[] = []

  /** Tells every window that listens. */
  readonly broadcast = new Proxy({} as EngineEvents, {
    get: (_, name: keyof EngineEvents) => (argument: never) => {
      const tell = (window: EngineEvents): void =>
        (window[name] as (argument: never) => void)(argument)
      if (this.#listening.size === 0 && KEPT_FOR_THE_FIRST.includes(name)) this.#unheard.push(tell)
      for (const window of this.#listening) tell(window)
    }
  })

  add(line: Line, api: EngineApi): void {
    const events = serveEngine(line, api)
    this.#listening.add(events)
    for (const tell of this.#unheard.splice(0)) tell(events)
    line.onClose(() => this.#listening.delete(events))
  }
}
