import { createHash } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson } from '../../../core/study/json'
import type { RunRecord } from '../../../core/study/run'
import type { CheckpointPlace } from '../../trainer/checkpoint'
import { fileOf } from './file-of'

const ENDING = '.checkpoint'

/** States of runs that have not ended, a file each: trainers write and read them, here they are deleted. */
export class KeptCheckpoints {
  readonly #folder: string
  readonly #onFailure: (thrown: unknown) => void
  #working: Promise<void> = Promise.resolve()

  constructor(folder: string, onFailure: (thrown: unknown) => void) {
    this.#folder = join(folder, 'checkpoints')
    this.#onFailure = onFailure
  }

  /** Other images, another configuration or another library would not train on to the same weights. */
  place({ id, config, datasetId, backend, tensorflowVersion }: RunRecord): CheckpointPlace {
    const of = canonicalJson({ config, datasetId, backend, tensorflowVersion })
    return { file: this.#path(id), of: createHash('sha256').update(of).digest('hex') }
  }

  /** Of a run that ended, or is there no more. */
  delete(id: string): void {
    this.#then(() => rm(this.#path(id), { force: true }))
  }

  /** Deletes those of all other runs; what was set aside stays. */
  known(files: ReadonlySet<string>): void {
    this.#then(async () => {
      const names = await readdir(this.#folder).catch(() => [])
      for (const name of names.filter((each) => each.endsWith(ENDING))) {
        if (!files.has(name.slice(0, -ENDING.length))) {
          await rm(join(this.#folder, name), { force: true })
        }
      }
    })
  }

  async close(): Promise<void> {
    await this.#working
  }

  #path(id: string): string {
    return join(this.#folder, `${fileOf(id)}${ENDING}`)
  }

  #then(work: () => Promise<void>): void {
    this.#working = this.#working.then(work).catch(this.#onFailure)
  }
}
