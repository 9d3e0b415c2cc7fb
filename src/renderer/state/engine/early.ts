import type { EngineEvents } from '../../../contract/engine'

/** Lists that an engine is asked for whole, with the events that change them from then on. */
const CHANGES = {
  runs: ['runChanged', 'runEpoch', 'runProgress', 'runsRemoved'],
  experiments: ['experimentChanged', 'experimentsRemoved']
} as const satisfies Record<string, readonly (keyof EngineEvents)[]>

type List = keyof typeof CHANGES

/**
 * Changes of a list that come before the list does: the list may be from before them, so they are
 * carried out once it is there.
 */
export class Early {
  readonly #waiting = new Map<List, (() => void)[]>()

  /** The lists are asked for: `come` takes each as it comes, unless they were asked for again meanwhile. */
  asked(): { come(list: List, take: () => void): void } {
    const mine = new Map<List, (() => void)[]>([
      ['runs', []],
      ['experiments', []]
    ])
    for (const [list, changes] of mine) this.#waiting.set(list, changes)
    return {
      come: (list, take) => {
        const changes = mine.get(list)!
        if (this.#waiting.get(list) !== changes) return
        this.#waiting.delete(list)
        take()
        for (const change of changes) change()
      }
    }
  }

  /** The same events, those that are early later. */
  inTurn(events: EngineEvents): EngineEvents {
    const held = (list: List, name: keyof EngineEvents): [string, unknown] => {
      const tell = events[name] as (argument: unknown) => void
      return [
        name,
        (argument: unknown) => {
          const waiting = this.#waiting.get(list)
          if (waiting) waiting.push(() => tell(argument))
          else tell(argument)
        }
      ]
    }
    const lists = Object.entries(CHANGES) as [List, readonly (keyof EngineEvents)[]][]
    const later = lists.flatMap(([list, names]) => names.map((name) => held(list, name)))
    return { ...events, ...Object.fromEntries(later) }
  }
}
