import type { EngineOutput } from '../../contract/engine'
import type { ChoiceId } from '../../core/preprocessing/preprocessing'
import { latest } from './latest'
import type { Workbench } from './workbench.svelte'

export type FittedChoice = EngineOutput<'fittedChoices'>[number]

/** What the fit of each checked choice found on the training split of the data set shown. */
export class Fitted {
  readonly #workbench: Workbench
  readonly #newest = latest()
  #byId = $state.raw<ReadonlyMap<ChoiceId, FittedChoice>>(new Map())

  constructor(workbench: Workbench) {
    this.#workbench = workbench
  }

  /** undefined until it is known */
  of(id: ChoiceId): FittedChoice | undefined {
    return this.#byId.get(id)
  }

  /** Asks for the checked choices; called when the data set or the choices change. */
  async refresh(): Promise<void> {
    const choices = [...this.#workbench.settings.specs]
    try {
      await this.#newest.run(
        () => this.#workbench.call('fittedChoices', { choices }),
        (fitted) => {
          this.#byId = new Map(fitted.map((one) => [one.choice.id, one]))
        }
      )
    } catch {
      this.#byId = new Map()
    }
  }
}
