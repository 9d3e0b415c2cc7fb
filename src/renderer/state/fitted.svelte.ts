import type { EngineInput, EngineOutput, FittedChoice } from '../../contract/engine'
import type { ChoiceId, ChoiceSpec } from '../../core/preprocessing/preprocessing'
import { latest } from './engine/latest'

/** Where the checked choices and the fits come from: the workbench. */
interface FitSource {
  readonly settings: { readonly specs: readonly ChoiceSpec[] }
  call(
    method: 'fittedChoices',
    input: EngineInput<'fittedChoices'>
  ): Promise<EngineOutput<'fittedChoices'>>
}

/** What the fit of each checked choice found on the training split of the data set shown. */
export class Fitted {
  readonly #workbench: FitSource
  readonly #newest = latest()
  #byId = $state.raw<ReadonlyMap<ChoiceId, FittedChoice>>(new Map())

  constructor(workbench: FitSource) {
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
