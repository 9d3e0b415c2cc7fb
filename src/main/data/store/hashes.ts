import { stat } from 'node:fs/promises'
import { onFile } from '../../disk/files'
import { DONE, hashFile, STOP } from '../../disk/hash'
import type { HashedFile } from '../../disk/hash'
import type { HashJob } from '../../disk/hash-thread'
import { builtProgram } from '../../processes/built-program'
import { ThreadPool } from '../../processes/thread-pool'
import type { OpenHooks } from '../hooks'

/** Bytes that are hashed where they are asked for, in some 20 ms; more are hashed in a thread. */
const AT_ONCE = 1 << 25
/** milliseconds between two looks at whether a hash is still wanted */
const CHECK_INTERVAL = 40

/** Somebody waits for these. */
const pool = new ThreadPool({ program: builtProgram('hash.cjs'), last: false })

/** The hashes of one opening's files. Each is made once, large ones in threads side by side. */
export class Hashes {
  readonly #hooks: OpenHooks
  readonly #atOnce: number
  readonly #known = new Map<string, Promise<HashedFile>>()
  readonly #threads = new Set<Int32Array>()
  #bytes = 0

  constructor(hooks: OpenHooks, atOnce = AT_ONCE) {
    this.#hooks = hooks
    this.#atOnce = atOnce
  }

  /** SHA-256 of a file from an offset on. */
  of(path: string, offset = 0): Promise<HashedFile> {
    const key = `${offset} ${path}`
    const known = this.#known.get(key)
    if (known) return known
    const hash = this.#make(path, offset)
    hash.catch(() => undefined) // thrown where it is awaited, unless something else is first
    this.#known.set(key, hash)
    return hash
  }

  /** Whether the hash of so much is left to a thread. */
  async areLong(paths: readonly string[]): Promise<boolean> {
    let bytes = 0
    for (const path of paths) bytes += (await onFile(path, () => stat(path))).size
    return bytes > this.#atOnce
  }

  /** Ends the threads whose hash nobody waits for any more. */
  close(): void {
    for (const told of this.#threads) Atomics.store(told, STOP, 1)
  }

  async #make(path: string, offset: number): Promise<HashedFile> {
    const { size } = await onFile(path, () => stat(path))
    return size > this.#atOnce
      ? this.#inThread(path, offset, size - offset)
      : hashFile(path, offset, this.#hooks.check)
  }

  async #inThread(path: string, offset: number, bytes: number): Promise<HashedFile> {
    const told = new Int32Array(new SharedArrayBuffer(8))
    this.#threads.add(told)
    this.#bytes += bytes
    const job: HashJob = { path, offset, told }
    const hash = pool.run('sha256', job) as Promise<HashedFile>
    let timer: NodeJS.Timeout | undefined
    const ended = new Promise<never>((_, reject) => {
      timer = setInterval(() => {
        try {
          this.#hooks.check()
          this.#tell()
        } catch (thrown) {
          Atomics.store(told, STOP, 1)
          hash.catch(() => undefined)
          reject(thrown as Error)
        }
      }, CHECK_INTERVAL)
    })
    try {
      return await Promise.race([hash, ended])
    } finally {
      clearInterval(timer)
    }
  }

  #tell(): void {
    let done = 0
    for (const told of this.#threads) done += Atomics.load(told, DONE) * 2 ** 20
    this.#hooks.onProgress('Reading files', Math.min(1, done / this.#bytes))
  }
}
