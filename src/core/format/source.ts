import { NormscopeError } from '../error'
import type { Remark } from './pictures'

/** A file as the readers see it: bytes at an offset. How they are fetched is passed in. */
export interface ByteSource {
  /** what errors call it; the path, for a file */
  readonly name: string
  /** bytes */
  readonly size: number
  /** `length` bytes from `offset`, fewer only where the file ends; in `room` where that is given and used */
  read(offset: number, length: number, room?: Uint8Array): Promise<Uint8Array>
}

/** One member of a zip archive. */
interface ZipEntry {
  readonly name: string
  /** bytes once unpacked, as the archive says */
  readonly size: number
  /** a link */
  readonly special: boolean
  /** the unpacked bytes; throws NormscopeError where they are damaged */
  chunks(): AsyncIterable<Uint8Array>
}

export interface ZipArchive {
  readonly entries: readonly ZipEntry[]
  close(): void
}

/** A table in columns, whose rows come in groups. */
export interface ColumnTable {
  /** top-level columns: their names, and whether they hold numbers alone */
  readonly columns: readonly { readonly name: string; readonly isNumber: boolean }[]
  readonly rows: number
  /** what the writer noted beside the data */
  readonly notes: ReadonlyMap<string, string>
  /** rows group by group, as objects with these columns; throws NormscopeError 'corrupt-parquet' */
  groups(columns: readonly string[]): AsyncIterable<readonly Readonly<Record<string, unknown>>[]>
}

/** What the readers need from the platform. */
export interface DataTools {
  /** throws NormscopeError 'corrupt-parquet' */
  parquet(source: ByteSource): Promise<ColumnTable>
  /** the unpacked bytes, little ahead where only the `head` is wanted; throws NormscopeError 'truncated-file' or 'corrupt-gzip' */
  gunzip(source: ByteSource, options?: { readonly head?: boolean }): AsyncIterable<Uint8Array>
  /** throws NormscopeError 'corrupt-zip' */
  unzip(source: ByteSource): Promise<ZipArchive>
  /** records of a CSV text in UTF-8; throws NormscopeError 'corrupt-csv' */
  csvRecords(
    name: string,
    text: AsyncIterable<Uint8Array>,
    separator: string
  ): AsyncIterable<readonly string[]>
}

/** Pixels of one image file: row, column, channel. */
export interface DecodedImage {
  readonly height: number
  readonly width: number
  /** 1 grey, 3 RGB: alpha is gone */
  readonly channels: 1 | 3
  readonly values: Uint8Array | Uint16Array | Float32Array
  /** its size before it was resized, where it was */
  readonly from?: { readonly height: number; readonly width: number }
  readonly remarks?: readonly Remark[]
}

/** Says what a reader had to assume or convert; one sentence. */
export type Warn = (sentence: string) => void

const CHUNK = 1 << 20
/** Bytes of a piece from which on a copy costs more than handing it on by itself. */
const LARGE = 1 << 18

/** The bytes of a source from an offset on, in pieces of at most 1 MiB. */
export async function* chunksOf(source: ByteSource, start = 0): AsyncGenerator<Uint8Array> {
  let offset = start
  while (offset < source.size) {
    const bytes = await source.read(offset, Math.min(CHUNK, source.size - offset))
    if (bytes.length === 0) return
    yield bytes
    offset += bytes.length
  }
}

/** The content of a file, unpacked if it is gzipped. */
interface Content {
  readonly source: ByteSource
  readonly gzipped: boolean
  chunks(): AsyncIterable<Uint8Array>
}

/** Goes by the file's first two bytes; a name that says otherwise is warned about. */
export async function contentOf(
  source: ByteSource,
  tools: DataTools,
  warn: Warn
): Promise<Content> {
  const head = await source.read(0, 2)
  const gzipped = head[0] === 0x1f && head[1] === 0x8b
  const named = /\.gz$/i.test(source.name)
  if (named && !gzipped)
    warn(`${baseName(source.name)} is named .gz but is not gzipped; it was read as it is.`)
  return { source, gzipped, chunks: () => (gzipped ? tools.gunzip(source) : chunksOf(source)) }
}

/** A part of a file's content, found at once where it is not gzipped. */
export async function* partOf(
  source: ByteSource,
  tools: DataTools,
  offset: number,
  length: number
): AsyncGenerator<Uint8Array> {
  const { gzipped } = await contentOf(source, tools, () => undefined)
  const reader = new ByteReader(gzipped ? tools.gunzip(source) : chunksOf(source, offset))
  try {
    if (gzipped) await reader.skip(offset)
    for (let left = length; left > 0;) {
      const bytes = await reader.take(Math.min(CHUNK, left))
      if (bytes.length === 0) return
      left -= bytes.length
      yield bytes
    }
  } finally {
    await reader.close()
  }
}

/** The last part of a path, of either kind of slash. */
export function baseName(path: string): string {
  return path.replace(/[\\/]+$/, '').replace(/^.*[\\/]/, '')
}

/** Takes exact numbers of bytes from a stream of pieces. */
export class ByteReader {
  readonly #iterator: AsyncIterator<Uint8Array>
  #pieces: Uint8Array[] = []
  #held = 0
  #position = 0

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#iterator = chunks[Symbol.asyncIterator]()
  }

  /** bytes taken so far */
  get position(): number {
    return this.#position
  }

  /** The next bytes, left in place; fewer than `length` only where the stream ends. */
  async peek(length: number): Promise<Uint8Array> {
    await this.#hold(length)
    const joined = join(this.#pieces, Math.min(length, this.#held))
    return joined
  }

  /** The next bytes; fewer than `length` only where the stream ends. */
  async take(length: number): Promise<Uint8Array> {
    await this.#hold(length)
    const taken = join(this.#pieces, Math.min(length, this.#held))
    this.#drop(taken.length)
    return taken
  }

  /**
   * The next items of so many bytes, `most` at most: those that lie in one large piece as they are, which
   * saves a copy. Less than one only where the stream ends.
   */
  async takeItems(size: number, most: number): Promise<Uint8Array> {
    await this.#hold(size)
    const first = this.#pieces[0]?.length ?? 0
    const whole = Math.floor(first / size) * size
    if (whole >= LARGE) return this.take(Math.min(whole, most * size))
    await this.#hold(first + 1)
    // what lies before a large piece, or across its beginning, is taken by itself
    const isNextLarge = (this.#pieces[1]?.length ?? 0) >= LARGE
    return this.take(isNextLarge ? Math.max(whole, size) : most * size)
  }

  /** Reads to the end, so that a checksum there is checked; gives the number of bytes left over. */
  async drain(limit = Infinity): Promise<number> {
    let left = 0
    while (left < limit) {
      await this.#hold(1)
      if (this.#held === 0) break
      left += this.#held
      this.#drop(this.#held)
    }
    return left
  }

  /** Leaves bytes out; gives how many, fewer than `length` only where the stream ends. */
  async skip(length: number): Promise<number> {
    let left = length
    while (left > 0) {
      await this.#hold(1)
      if (this.#held === 0) break
      const some = Math.min(left, this.#held)
      this.#drop(some)
      left -= some
    }
    return length - left
  }

  /** Lets go of the stream before its end. */
  async close(): Promise<void> {
    await this.#iterator.return?.()
  }

  async *rest(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        await this.#hold(1)
        if (this.#held === 0) return
        const piece = this.#pieces[0]!
        this.#drop(piece.length)
        yield piece
      }
    } finally {
      await this.close()
    }
  }

  async #hold(length: number): Promise<void> {
    while (this.#held < length) {
      const next = await this.#iterator.next()
      if (next.done) return
      if (next.value.length === 0) continue
      this.#pieces.push(next.value)
      this.#held += next.value.length
    }
  }

  #drop(length: number): void {
    let left = length
    while (left > 0) {
      const piece = this.#pieces[0]!
      if (piece.length <= left) {
        this.#pieces.shift()
        left -= piece.length
      } else {
        this.#pieces[0] = piece.subarray(left)
        left = 0
      }
    }
    this.#held -= length
    this.#position += length
  }
}

function join(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const first = pieces[0]
  if (first !== undefined && first.length >= length) return first.subarray(0, length)
  const joined = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    if (at >= length) break
    joined.set(piece.subarray(0, length - at), at)
    at += Math.min(piece.length, length - at)
  }
  return joined
}

/** The error of a file that ends too early. */
export function truncated(path: string, expected: string, actual: string): NormscopeError {
  return new NormscopeError({
    code: 'truncated-file',
    message: `${baseName(path)} ends too early: ${expected} expected, ${actual} found. Copy or download it again.`,
    path,
    expected,
    actual,
    hint: 'Copy or download the file again.'
  })
}
