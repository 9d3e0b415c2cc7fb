import { SvelteSet } from 'svelte/reactivity'
import type { ClusterStatus } from '../../contract/cluster'
import type { EngineStatus, RecentDataset, StudyInView } from '../../contract/engine'
import type { ErrorFacts } from '../../core/error'

/** What a bar under the title says until it is closed. */
type Bar = 'restored' | 'journal' | 'study' | 'cluster' | 'stand-in'

/** How the app was found, in bars that the person may close. */
export class Bars {
  readonly #status: () => EngineStatus | undefined
  readonly #closed = new SvelteSet<Bar>()

  constructor(status: () => EngineStatus | undefined) {
    this.#status = status
  }

  /** what the engine opened by itself at its start */
  get restored(): RecentDataset | undefined {
    return this.isClosed('restored') ? undefined : this.#status()?.restored
  }
  /** why runs are not kept */
  get journalProblem(): ErrorFacts | undefined {
    return this.isClosed('journal') ? undefined : this.#status()?.journal?.problem
  }
  /** the study whose runs are shown without its images */
  get study(): StudyInView | undefined {
    const { study } = this.#status() ?? {}
    return study?.problem && !this.isClosed('study') ? study : undefined
  }

  /** a cluster that runs wait for, and why */
  get waitingCluster(): ClusterStatus | undefined {
    const { cluster } = this.#status() ?? {}
    return cluster?.problem && !this.isClosed('cluster') ? cluster : undefined
  }

  isClosed(bar: Bar): boolean {
    return this.#closed.has(bar)
  }
  close(bar: Bar): void {
    this.#closed.add(bar)
  }
  /** What it says is new. */
  reopen(bar: Bar): void {
    this.#closed.delete(bar)
  }
}
