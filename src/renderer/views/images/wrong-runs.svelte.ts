import { knowsWrong } from '../../../core/study/predictions'
import { runNames } from '../../state/run-names'
import type { Workbench } from '../../state/workbench.svelte'

/** The runs whose wrong images can be shown, and the one whose wrong images are. */
export class WrongRuns {
  readonly #workbench: Workbench
  readonly #all = $derived.by(() => this.#workbench.runs.of(this.#workbench.dataset))
  readonly #names = $derived(runNames(this.#all))
  readonly #chosen = $derived.by(() => {
    const { wrongIn } = this.#workbench.filters
    return wrongIn === undefined ? undefined : this.#workbench.runs.record(wrongIn)
  })
  /** newest first: of which it is known what they get wrong of the split shown */
  readonly choosable = $derived.by(() =>
    this.#all
      .filter((run) => knowsWrong(run, this.#workbench.filters.split))
      .flatMap(({ id }) => {
        const name = this.#names.get(id)
        return name === undefined ? [] : [{ id, name }]
      })
      .reverse()
  )
  readonly chosenName = $derived(this.#chosen && this.#names.get(this.#chosen.id))
  /** the chosen run has kept nothing of what it gets wrong of the split shown */
  readonly unknown = $derived.by(
    () => this.#chosen !== undefined && !knowsWrong(this.#chosen, this.#workbench.filters.split)
  )

  constructor(workbench: Workbench) {
    this.#workbench = workbench
  }
}
