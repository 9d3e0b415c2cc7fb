import { SvelteMap } from 'svelte/reactivity'
import type { Figure, FigureSheet } from '../../core/figure/figure'

/** What the Export menu can do with a figure on screen. */
export interface ShownFigure {
  readonly figure: Figure | FigureSheet
  savePng(): Promise<void>
  saveSvg(): Promise<void>
  saveCsv(): Promise<void>
}

/** The figures of the view on screen, in order of appearance; cards enter and leave by themselves. */
export class ShownFigures {
  readonly #shown = new SvelteMap<symbol, ShownFigure>()
  #list = $derived([...this.#shown.values()])

  get list(): readonly ShownFigure[] {
    return this.#list
  }
  show(key: symbol, figure: ShownFigure): void {
    this.#shown.set(key, figure)
  }
  hide(key: symbol): void {
    this.#shown.delete(key)
  }
}
