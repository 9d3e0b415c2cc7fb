import type { EngineInput } from '../../contract/engine'
import type { SplitName } from '../../core/dataset/dataset'

/** Sort key of the gallery. */
export type SortKey = EngineInput<'imageIndices'>['sortBy']

export type Range = readonly [number, number]

const NO_CLASSES: readonly number[] = []

/** Which images the views show; applies to the gallery and to figures alike. */
export class Filters {
  #split = $state<SplitName>('train')
  #labelled = $state.raw<readonly SplitName[]>(['train', 'test'])
  #sortBy = $state<SortKey>('index')
  #descending = $state(false)
  #classes = $state.raw<readonly number[]>([])
  #meanRange = $state.raw<Range | undefined>(undefined)
  #stdRange = $state.raw<Range | undefined>(undefined)
  #wrongIn = $state.raw<string | undefined>(undefined)
  #query = $derived<EngineInput<'imageIndices'>>({
    split: this.#split,
    sortBy: this.sortBy,
    descending: this.#descending,
    ...(this.classes.length > 0 && { classes: [...this.classes] }),
    ...(this.#meanRange && { meanRange: [this.#meanRange[0], this.#meanRange[1]] }),
    ...(this.#stdRange && { stdRange: [this.#stdRange[0], this.#stdRange[1]] }),
    ...(this.wrongIn !== undefined && { wrongIn: this.wrongIn })
  })

  get split(): SplitName {
    return this.#split
  }
  /** the split shown has labels; without them nothing is filtered or sorted by class */
  get byClass(): boolean {
    return this.#labelled.includes(this.#split)
  }
  get sortBy(): SortKey {
    return this.#sortBy === 'class' && !this.byClass ? 'index' : this.#sortBy
  }
  get descending(): boolean {
    return this.#descending
  }
  /** empty: all classes */
  get classes(): readonly number[] {
    return this.byClass ? this.#classes : NO_CLASSES
  }
  /** of the mean of an image's stored values; both ends included */
  get meanRange(): Range | undefined {
    return this.#meanRange
  }
  get stdRange(): Range | undefined {
    return this.#stdRange
  }
  /** the run that gets the images wrong which are shown */
  get wrongIn(): string | undefined {
    return this.byClass ? this.#wrongIn : undefined
  }
  /** how many of class, mean, std and run filter */
  get kinds(): number {
    const filtering = [
      this.classes.length > 0,
      this.#meanRange !== undefined,
      this.#stdRange !== undefined,
      this.wrongIn !== undefined
    ]
    return filtering.filter(Boolean).length
  }
  get active(): boolean {
    return this.kinds > 0
  }
  /** every image, in the order of the file */
  get inFileOrder(): boolean {
    return !this.active && this.sortBy === 'index' && !this.descending
  }
  /** as `imageIndices` takes it */
  get query(): EngineInput<'imageIndices'> {
    return this.#query
  }

  setLabelled(splits: readonly SplitName[]): void {
    this.#labelled = splits
  }
  setSplit(split: SplitName): void {
    this.#split = split
  }
  sort(by: SortKey, descending = false): void {
    this.#sortBy = by
    this.#descending = descending
  }
  setClasses(classes: readonly number[]): void {
    this.#classes = [...classes].sort((a, b) => a - b)
  }
  toggleClass(index: number): void {
    const { classes } = this
    this.setClasses(
      classes.includes(index) ? classes.filter((other) => other !== index) : [...classes, index]
    )
  }
  setMeanRange(range: Range | undefined): void {
    this.#meanRange = range
  }
  setStdRange(range: Range | undefined): void {
    this.#stdRange = range
  }
  setWrongIn(run: string | undefined): void {
    this.#wrongIn = run
  }
  /** Runs that are there no more filter nothing. */
  runsRemoved(ids: readonly string[]): void {
    if (this.#wrongIn !== undefined && ids.includes(this.#wrongIn)) this.#wrongIn = undefined
  }
  clear(): void {
    this.#wrongIn = undefined
    this.#classes = []
    this.#meanRange = undefined
    this.#stdRange = undefined
  }
}
