import type { EngineApi, EngineEvents } from '../../../contract/engine'

type ConnectionState = 'connecting' | 'connected' | 'lost'

/** How the window reaches the engine; one for the desktop, one for the served shell, one for tests. */
export interface EngineLink {
  /** Starts linking; `changed` reports each engine that answers, and undefined with a reason when it is gone. */
  open(
    events: EngineEvents,
    changed: (engine: EngineApi | undefined, reason?: string) => void
  ): () => void
}

/** The line to the engine; it comes back by itself when the engine was lost. */
export class Connection {
  #engine = $state.raw<EngineApi | undefined>(undefined)
  #state = $state<ConnectionState>('connecting')
  #reason = $state<string | undefined>(undefined)

  get engine(): EngineApi | undefined {
    return this.#engine
  }
  get state(): ConnectionState {
    return this.#state
  }
  /** why the engine was lost */
  get reason(): string | undefined {
    return this.#reason
  }

  /** `changed` is told each engine that answers, and undefined when it is gone. */
  open(
    link: EngineLink,
    events: EngineEvents,
    changed: (engine: EngineApi | undefined) => void
  ): () => void {
    return link.open(events, (engine, reason) => {
      this.#engine = engine
      this.#state = engine ? 'connected' : 'lost'
      this.#reason = engine ? undefined : reason
      changed(engine)
    })
  }
}
