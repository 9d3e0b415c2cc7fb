import type { EngineEvents, EngineInput, EngineOutput } from '../../contract/engine'
import { errorFacts } from '../../core/error'
import type { Notices } from './notices.svelte'

type CountingProgress = Readonly<Parameters<EngineEvents['countingProgress']>[0]>

/** What counting needs of the workbench. */
interface CountingDesk {
  readonly notices: Notices
  call(
    method: 'cancelCounting',
    input: EngineInput<'cancelCounting'>
  ): Promise<EngineOutput<'cancelCounting'>>
}

/** Statistics that the engine computes: how far they are, and their end before that. */
export class Counting {
  readonly #desk: CountingDesk
  #progress = $state.raw<CountingProgress>()

  constructor(desk: CountingDesk) {
    this.#desk = desk
  }

  /** what was last told since `begin` */
  get progress(): CountingProgress | undefined {
    return this.#progress
  }

  begin(): void {
    this.#progress = undefined
  }

  progressed(progress: CountingProgress): void {
    this.#progress = progress
  }

  async cancel(): Promise<void> {
    try {
      await this.#desk.call('cancelCounting', {})
    } catch (thrown) {
      this.#desk.notices.error(errorFacts(thrown))
    }
  }
}
