import type { ActivationId } from '../../core/network/activations'

/** The units a view of activations opens on. */
interface Units {
  readonly activation: ActivationId
  /** of the run, and place among the measured layers */
  readonly seed: number
  readonly layer?: number
  /** undefined: the last */
  readonly epoch?: number
}

/** Where a person looks, while the window is open: what outlives a view, or waits for the next one. */
export class Looking {
  /** the settings compared in Why, as their options' values */
  from = $state<string | undefined>(undefined)
  to = $state<string | undefined>(undefined)
  /** steps of Why's guide that are done by looking */
  steps = $state.raw<ReadonlySet<'loss' | 'saturation'>>(new Set())
  #units: Units | undefined
  #experiment: string | undefined
  #image = false

  openOnUnits(units: Units): void {
    this.#units = units
  }
  openOnExperiment(id: string | undefined): void {
    this.#experiment = id
  }
  /** What the next view of activations opens on, once. */
  takeUnits(): Units | undefined {
    const units = this.#units
    this.#units = undefined
    return units
  }
  openOnImage(): void {
    this.#image = true
  }
  /** Whether the next view of activations opens on the chosen image, once. */
  takeImage(): boolean {
    const image = this.#image
    this.#image = false
    return image
  }
  /** The experiment whose curves are shown next, once. */
  takeExperiment(): string | undefined {
    const id = this.#experiment
    this.#experiment = undefined
    return id
  }
}
