import type { Trainers } from '../../processes/trainers'
import type { Ready } from './live-trainer'
import { TrainerSlot } from './trainer-slot'
import type { SlotTimes } from './trainer-slot'

interface PoolOptions {
  /** a trainer became ready or ended */
  readonly onChange: () => void
  readonly times?: Partial<SlotTimes>
}

interface Place {
  readonly slot: TrainerSlot
  readonly source: Trainers
}

/** The trainers of a queue, whose number and kind may change while they work. */
export class TrainerPool {
  readonly #options: PoolOptions
  #source: Trainers
  #places: Place[] = []
  /** those that end with the run that they have */
  #leaving: Place[] = []

  constructor(source: Trainers, options: PoolOptions) {
    this.#options = options
    this.#source = source
    this.#fill()
  }

  /** first words of the trainers that are ready for work or at it */
  get ready(): Ready[] {
    return [...this.#leaving, ...this.#places].flatMap(({ slot: { ready } }) =>
      ready ? [ready] : []
    )
  }

  /** of each of those that are processes of this computer: the tensors that it held after its last run */
  get tensors(): (number | undefined)[] {
    return [...this.#leaving, ...this.#places].flatMap(({ slot: { ready, tensors } }) =>
      ready?.pid === undefined ? [] : [tensors]
    )
  }

  /** The place that takes a run first. */
  get first(): TrainerSlot {
    return this.#places[0]!.slot
  }

  /** Places without a run. */
  get free(): TrainerSlot[] {
    return this.#places.flatMap(({ slot }) => (slot.busy ? [] : [slot]))
  }

  /**
   * Others train from now on, or more or fewer of the same. What has a run keeps it to its end, but
   * for the places that are returned: their runs are to be taken away.
   */
  use(source: Trainers): TrainerSlot[] {
    const before = this.#source
    this.#source = source
    const same = before.spawnTrainer === source.spawnTrainer
    const surplus = same ? Math.max(0, this.#places.length - numberOf(source)) : this.#places.length
    // those without a run go first
    const order = [...this.#places].sort((a, b) => Number(a.slot.busy) - Number(b.slot.busy))
    const leaving = order.slice(0, surplus)
    this.#places = this.#places.filter((place) => !leaving.includes(place))
    this.#leaving.push(...leaving)
    for (const { slot } of leaving) this.released(slot)
    this.#fill()
    if (same) return []
    return this.#leaving.flatMap(({ slot, source: own }) => (own.moves ? [slot] : []))
  }

  /** The place has no run any more. */
  released(slot: TrainerSlot): void {
    if (slot.busy || !this.#leaving.some((place) => place.slot === slot)) return
    this.#leaving = this.#leaving.filter((place) => place.slot !== slot)
    slot.close()
  }

  close(): void {
    for (const { slot } of [...this.#leaving, ...this.#places]) slot.close()
  }

  #fill(): void {
    const { onChange, times } = this.#options
    while (this.#places.length < numberOf(this.#source)) {
      const slot = new TrainerSlot(this.#source.spawnTrainer, onChange, times)
      this.#places.push({ slot, source: this.#source })
    }
  }
}

const numberOf = ({ trainers }: Trainers): number => Math.max(1, trainers)
