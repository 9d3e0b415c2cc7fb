import type { Channel, TrainerProcess } from '../../../src/main/processes/channel'
import type { FromTrainer, ToTrainer } from '../../../src/main/trainer/protocol'

/** A trainer that does what the test tells it; what it was told is kept. */
export class FakeTrainer implements TrainerProcess {
  readonly heard: ToTrainer[] = []
  readonly channel: Channel
  killed = false
  #listeners: ((message: unknown) => void)[] = []
  #closers: (() => void)[] = []

  constructor(
    readonly pid: number,
    readonly onHeard: (trainer: FakeTrainer, message: ToTrainer) => void = () => undefined
  ) {
    this.channel = {
      post: (message) => {
        this.heard.push(message as ToTrainer)
        this.onHeard(this, message as ToTrainer)
      },
      onMessage: (listener) => void this.#listeners.push(listener),
      onClose: (listener) => void this.#closers.push(listener),
      close: () => undefined
    }
  }

  /** identifier of the run it was given last */
  get run(): string {
    const [last] = this.heard.filter((message) => message.type === 'train').reverse()
    if (!last) throw new Error(`Trainer ${this.pid} was given no run.`)
    return last.request.id
  }

  tell(event: FromTrainer): void {
    for (const listener of this.#listeners) listener(event)
  }

  ready(): void {
    this.tell({ type: 'ready', backend: 'cpu', pid: this.pid, notes: [] })
  }

  end(status: 'finished' | 'diverged' | 'cancelled' | 'failed' = 'finished'): void {
    this.tell({ type: 'ended', id: this.run, status, notes: [] })
  }

  /** as after kill -9 */
  die(): void {
    for (const close of this.#closers.splice(0)) close()
  }

  kill(): void {
    this.killed = true
    this.die()
  }
}
