import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { nodeTrainers } from '../../../src/main/processes/node-trainers'
import type { TrainerProcess } from '../../../src/main/processes/channel'
import type { FromTrainer, ToTrainer } from '../../../src/main/trainer/protocol'

/** Where the built program lies; the test run builds it first. */
export const PROGRAM_FOLDER =
  process.env.NORMSCOPE_PROGRAM_FOLDER ??
  fileURLToPath(new URL('../../../out/main', import.meta.url))

/** A real trainer process, with what it has told so far. */
export class RealTrainer {
  readonly events: FromTrainer[] = []
  closed = false
  #waiting: (() => void)[] = []

  constructor(readonly trainer: TrainerProcess) {
    trainer.channel.onMessage((message) => {
      this.events.push(message as FromTrainer)
      this.#wake()
    })
    trainer.channel.onClose(() => {
      this.closed = true
      this.#wake()
    })
  }

  static async start(backend?: string): Promise<RealTrainer> {
    if (!existsSync(`${PROGRAM_FOLDER}/trainer.cjs`)) {
      throw new Error(`There is no ${PROGRAM_FOLDER}/trainer.cjs: run npm run build first.`)
    }
    return new RealTrainer(await nodeTrainers({ programFolder: PROGRAM_FOLDER, backend })())
  }

  tell(message: ToTrainer): void {
    this.trainer.channel.post(message)
  }

  /** The first event of a type that passes; rejects when the process ends first or time is up. */
  async event<T extends FromTrainer['type']>(
    type: T,
    passes: (event: Extract<FromTrainer, { type: T }>) => boolean = () => true
  ): Promise<Extract<FromTrainer, { type: T }>> {
    const found = () =>
      this.events.find(
        (event): event is Extract<FromTrainer, { type: T }> =>
          event.type === type && passes(event as Extract<FromTrainer, { type: T }>)
      )
    await this.#until(() => found() !== undefined || this.closed, `event ${type}`)
    const event = found()
    if (!event) throw new Error(`The trainer ended before it told ${type}.`)
    return event
  }

  async ended(): Promise<void> {
    await this.#until(() => this.closed, 'the end of the process')
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }

  async #until(holds: () => boolean, what: string): Promise<void> {
    const late = Date.now() + 20_000
    while (!holds()) {
      if (Date.now() > late) throw new Error(`Waited 20 s for ${what}.`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 500)
        this.#waiting.push(() => {
          clearTimeout(timer)
          resolve()
        })
      })
    }
  }
}
