import type { SpawnTrainer } from '../../processes/channel'
import { LiveTrainer, trainerFailure } from './live-trainer'
import type { Ready } from './live-trainer'

export interface SlotTimes {
  /** in which a trainer must have started and loaded its backend */
  readonly startMs: number
  /** wait before a start after one crash; doubled with each further one in a row */
  readonly backOffMs: number
  /** after which a trainer without work is ended: it holds half a gigabyte */
  readonly idleMs: number
}

const TIMES: SlotTimes = { startMs: 60_000, backOffMs: 250, idleMs: 180_000 }
const LONGEST_BACK_OFF_MS = 8000

/** The place of one trainer: its process is started when needed and again after it ended. */
export class TrainerSlot {
  readonly #spawn: SpawnTrainer
  readonly #onChange: () => void
  readonly #times: SlotTimes
  #busy = false
  #idle: NodeJS.Timeout | undefined
  /** counts the ends of processes: a start that was overtaken by one must not go on */
  #generation = 0
  #trainer: LiveTrainer | undefined
  #starting: Promise<LiveTrainer> | undefined
  #crashes = 0

  constructor(spawn: SpawnTrainer, onChange: () => void, times: Partial<SlotTimes> = {}) {
    this.#spawn = spawn
    this.#onChange = onChange
    this.#times = { ...TIMES, ...times }
  }

  /** the first words of its trainer, while there is one that can work */
  get ready(): Ready | undefined {
    return this.#trainer?.ready
  }

  /** tensors that its trainer held after its last run; undefined before it and without one */
  get tensors(): number | undefined {
    return this.#trainer?.tensors
  }

  /** has a run */
  get busy(): boolean {
    return this.#busy
  }

  set busy(busy: boolean) {
    this.#busy = busy
    this.#rest()
  }

  /** A run came to its end: crashes before it do not count any more. */
  worked(): void {
    this.#crashes = 0
  }

  /** The trainer, ready for work; it is started unless it runs. */
  start(): Promise<LiveTrainer> {
    if (this.#starting) return this.#starting
    const generation = this.#generation
    const starting = this.#start().catch((thrown: unknown) => {
      if (generation === this.#generation) this.close()
      throw thrown
    })
    this.#starting = starting
    return starting
  }

  /** Ends the process at once, and with it what it was at; the next `start` makes a new one. */
  close(): void {
    const ended = this.#trainer
    this.#generation++
    clearTimeout(this.#idle)
    this.#trainer = undefined
    this.#starting = undefined
    ended?.end()
    if (ended?.ready) this.#onChange()
  }

  async #start(): Promise<LiveTrainer> {
    const generation = this.#generation
    const check = (): void => {
      if (generation !== this.#generation) {
        throw trainerFailure('trainer-ended', 'The training process was ended.')
      }
    }
    if (this.#crashes > 0) {
      const wait = this.#times.backOffMs * 2 ** (this.#crashes - 1)
      await new Promise((resolve) => setTimeout(resolve, Math.min(LONGEST_BACK_OFF_MS, wait)))
      check()
    }
    const started = this.#spawn().then((process) => {
      const trainer: LiveTrainer = new LiveTrainer(process, () => this.#lost(trainer))
      try {
        check()
      } catch (thrown) {
        trainer.end()
        throw thrown
      }
      this.#trainer = trainer
      return trainer.greeted()
    })
    const trainer = await within(this.#times.startMs, started)
    check()
    this.#rest()
    this.#onChange()
    return trainer
  }

  /** Ends the process after a while without work. */
  #rest(): void {
    clearTimeout(this.#idle)
    if (this.#busy || !this.ready) return
    this.#idle = setTimeout(() => this.close(), this.#times.idleMs)
    this.#idle.unref()
  }

  #lost(trainer: LiveTrainer): void {
    if (this.#trainer !== trainer) return
    this.#crashes++
    this.close()
  }
}

/** The value, unless it takes too long. */
async function within<T>(milliseconds: number, value: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(trainerFailure('trainer-silent', 'The trainer did not start in time.')),
      milliseconds
    )
  })
  try {
    return await Promise.race([value, late])
  } finally {
    clearTimeout(timer)
  }
}
