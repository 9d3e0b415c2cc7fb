import { SvelteMap } from 'svelte/reactivity'
import type { Dataset } from '../../core/dataset/dataset'
import type { Experiment } from '../../core/study/experiment'

/** All experiments the engine knows of, kept current by its events. */
export class Experiments {
  readonly #known = new SvelteMap<string, Experiment>()
  /** newest first */
  #list = $derived([...this.#known.values()].sort((a, b) => b.createdAt - a.createdAt))

  get list(): readonly Experiment[] {
    return this.#list
  }

  /** those on a data set, newest first */
  of(dataset: Pick<Dataset, 'id'> | undefined): readonly Experiment[] {
    return this.#list.filter(({ datasetId }) => datasetId === dataset?.id)
  }

  reset(experiments: readonly Experiment[]): void {
    this.#known.clear()
    for (const experiment of experiments) this.changed(experiment)
  }
  changed(experiment: Experiment): void {
    this.#known.set(experiment.id, experiment)
  }
  removed(ids: readonly string[]): void {
    for (const id of ids) this.#known.delete(id)
  }
}
