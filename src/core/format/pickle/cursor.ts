import { ByteReader, truncated } from '../source'

const WINDOW = 1 << 20

/** Takes a pickle apart byte by byte, without a promise for each. */
export class Cursor {
  readonly #reader: ByteReader
  readonly #path: string
  #bytes: Uint8Array = new Uint8Array(0)
  #at = 0

  constructor(path: string, chunks: AsyncIterable<Uint8Array>) {
    this.#path = path
    this.#reader = new ByteReader(chunks)
  }

  /** bytes taken so far */
  get position(): number {
    return this.#reader.position - (this.#bytes.length - this.#at)
  }

  /** Whether so many bytes can be taken; else `fill` is to be awaited before. */
  has(length: number): boolean {
    return this.#bytes.length - this.#at >= length
  }

  /** Throws NormscopeError 'truncated-file' where the file ends before. */
  async fill(length: number): Promise<void> {
    const rest = this.#bytes.subarray(this.#at)
    const more = await this.#reader.take(Math.max(WINDOW, length - rest.length))
    const bytes = new Uint8Array(rest.length + more.length)
    bytes.set(rest)
    bytes.set(more, rest.length)
    this.#bytes = bytes
    this.#at = 0
    if (bytes.length < length) this.#cut()
  }

  take(length: number): Uint8Array {
    const taken = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    return taken
  }

  async skip(length: number): Promise<void> {
    const held = Math.min(length, this.#bytes.length - this.#at)
    this.#at += held
    if ((await this.#reader.skip(length - held)) < length - held) this.#cut()
  }

  /** Bytes up to a line feed, which is taken too; undefined where none comes within `most`. */
  async line(most: number): Promise<Uint8Array | undefined> {
    for (let looked = 0; ;) {
      const end = this.#bytes.indexOf(10, this.#at + looked)
      if (end >= 0) {
        const line = this.take(end - this.#at)
        this.#at++
        return line
      }
      looked = this.#bytes.length - this.#at
      if (looked > most) return undefined
      await this.fill(looked + 1)
    }
  }

  async close(): Promise<void> {
    await this.#reader.close()
  }

  #cut(): never {
    throw truncated(this.#path, 'a whole pickle', `${this.#reader.position} bytes of one`)
  }
}
