import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { NormscopeError } from '../../../core/error'
import type { RunRecord } from '../../../core/study/run'
import { fileOf } from './file-of'

/** Of all kept weights together, bytes: the oldest are deleted first. */
const LIMIT = 128 * 1024 * 1024
const ENDING = '.float32'

interface KeptWeightsOptions {
  /** the journal's */
  readonly folder: string
  readonly onFailure: (thrown: unknown) => void
  readonly limit?: number
}

/**
 * Weights of finished runs, a file of float32 little-endian each, in the plan's order. They can be had
 * again by training, so what the disk does not take is told of and not tried again.
 */
export class KeptWeights {
  readonly #folder: string
  readonly #limit: number
  readonly #onFailure: (thrown: unknown) => void
  /** bytes of each file, oldest first */
  readonly #kept = new Map<string, number>()
  /** those that were there at the start */
  #found: readonly string[] = []
  /** of runs that were removed, and may come back until this is closed */
  readonly #removed = new Set<string>()
  #working: Promise<void>

  constructor({ folder, onFailure, limit = LIMIT }: KeptWeightsOptions) {
    this.#folder = join(folder, 'weights')
    this.#limit = limit
    this.#onFailure = onFailure
    this.#working = this.#list().catch(onFailure)
  }

  /** What is kept, in a sentence. */
  get rule(): string {
    return `The weights of the newest finished runs are kept too, up to ${Math.round(this.#limit / 1024 / 1024)} MB together.`
  }

  keep(id: string, weights: Uint8Array): void {
    if (weights.byteLength > this.#limit) return
    this.#then(async () => {
      await mkdir(this.#folder, { recursive: true })
      await writeFileAtomic(this.#path(fileOf(id)), Buffer.from(weights), { fsync: false })
      this.#kept.delete(fileOf(id))
      this.#kept.set(fileOf(id), weights.byteLength)
      await this.#prune()
    })
  }

  /** The weights of a run; throws facts where there are none, or they are not those that it ended with. */
  async read({ id, weightsSha256, status }: RunRecord): Promise<Float32Array> {
    await this.#working
    if (status !== 'finished') throw unavailable('The run has not finished.', 'Wait for its end.')
    let bytes: Buffer
    try {
      bytes = await readFile(this.#path(fileOf(id)))
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown
      throw unavailable(
        'The weights of this run are not kept: it is of an earlier version or of a study file, its network is too large, or newer runs have taken their place.',
        'Train it again.'
      )
    }
    const found = createHash('sha256').update(bytes).digest('hex')
    if (found !== weightsSha256) {
      throw new NormscopeError({
        code: 'weights-differ',
        message: 'The kept weights are not those that the run ended with.',
        path: this.#path(fileOf(id)),
        expected: weightsSha256 ?? 'no hash',
        actual: found,
        hint: 'The file was changed or cut off. Train the run again.'
      })
    }
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
  }

  /** A run was removed; its weights go when this is closed, unless it comes back. */
  remove(id: string): void {
    this.#removed.add(id)
  }

  restore(id: string): void {
    this.#removed.delete(id)
  }

  /** Deletes weights at once. */
  delete(id: string): void {
    this.#then(() => this.#delete(fileOf(id)))
  }

  /** Deletes weights that were there at the start and whose runs there are no more: those of no such file. */
  known(files: ReadonlySet<string>): void {
    this.#then(async () => {
      for (const file of this.#found) if (!files.has(file)) await this.#delete(file)
    })
  }

  async close(): Promise<void> {
    for (const id of this.#removed) this.delete(id)
    await this.#working
  }

  #path(file: string): string {
    return join(this.#folder, `${file}${ENDING}`)
  }

  #then(work: () => Promise<void>): void {
    this.#working = this.#working.then(work).catch(this.#onFailure)
  }

  async #list(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => [])
    const files: { file: string; size: number; mtimeMs: number }[] = []
    for (const name of names.filter((each) => each.endsWith(ENDING))) {
      const { size, mtimeMs } = await stat(join(this.#folder, name))
      files.push({ file: name.slice(0, -ENDING.length), size, mtimeMs })
    }
    files.sort((a, b) => a.mtimeMs - b.mtimeMs)
    for (const { file, size } of files) this.#kept.set(file, size)
    this.#found = files.map(({ file }) => file)
  }

  async #prune(): Promise<void> {
    let sum = 0
    for (const [file, bytes] of [...this.#kept].reverse()) {
      sum += bytes
      if (sum > this.#limit) await this.#delete(file)
    }
  }

  async #delete(file: string): Promise<void> {
    this.#kept.delete(file)
    await rm(this.#path(file), { force: true })
  }
}

function unavailable(message: string, hint: string): NormscopeError {
  return new NormscopeError({ code: 'weights-not-kept', message, hint })
}
