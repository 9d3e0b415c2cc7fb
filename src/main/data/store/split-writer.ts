import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { open, rename, statfs, unlink } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { NormscopeError } from '../../../core/error'
import { BYTES_PER_PIXEL, pixelView } from '../../../core/dataset/dataset'
import type { PixelArray, PixelType } from '../../../core/dataset/dataset'
import { zerosLike } from '../../../core/format/number-type'
import type { NumberArray } from '../../../core/format/number-type'
import type { ImageChunk } from '../../../core/format/opened'
import { baseName } from '../../../core/format/source'
import { converted, firstRounded, narrowest, widest } from '../../../core/format/pixel-type'
import { crc32 } from '../../disk/crc32'
import { onFile, readAt } from '../../disk/files'

const BLOCK = 3 << 18
/** Bytes written between two looks at the disk. */
const LOOK = 1 << 26
/** Bytes that are left free on it: what unpacks to more than it has would else fill it to the last one. */
const SPARE = 1 << 28

interface WriterOptions {
  /** of all that is added, where that is known before */
  readonly crc32?: number | undefined
  /** bytes that may still be written where a file lies */
  readonly freeBytes?: (path: string) => Promise<number>
  /** what was written is about to be written anew in a wider form */
  readonly onRewrite?: () => Promise<void>
}

/** Checksums of a whole file. */
export interface WrittenFile {
  /** hex */
  readonly sha256: string
  readonly crc32: number
}

/**
 * Writes the pixels of one split to a file, in the narrowest type that holds them: where values
 * turn up that do not fit, or colour after grey, what is written so far is widened.
 */
export class SplitWriter {
  #handle: FileHandle
  #type: PixelType
  #channels: number | undefined
  #values = 0
  #rounded: number | undefined
  #pending: Uint8Array[] = []
  #pendingBytes = 0
  /** bytes written since the disk was looked at */
  #unseen = 0
  /** bytes of images that lie in the file */
  #written = 0
  /** of what was added; undefined once that was written anew in a wider form */
  #hash: Hash | undefined = createHash('sha256')
  #checksum = 0

  private constructor(
    readonly path: string,
    private readonly source: string,
    handle: FileHandle,
    type: PixelType,
    private readonly options: WriterOptions
  ) {
    this.#handle = handle
    this.#type = type
  }

  /** `source` is the file that errors speak of. */
  static async create(
    path: string,
    source: string,
    minType: PixelType,
    options: WriterOptions = {}
  ): Promise<SplitWriter> {
    const handle = await onFile(path, () => open(path, 'w+'))
    return new SplitWriter(path, source, handle, minType, options)
  }

  get type(): PixelType {
    return this.#type
  }

  /** 1 before the first image */
  get channels(): number {
    return this.#channels ?? 1
  }

  /** numbers written */
  get values(): number {
    return this.#values
  }

  /** bytes that whoever opens the file finds in it */
  get written(): number {
    return this.#written
  }

  /** a value that float32 could not hold exactly */
  get rounded(): number | undefined {
    return this.#rounded
  }

  /** Throws NormscopeError 'not-finite', 'value-too-large' or 'disk-full'. */
  async add(chunk: ImageChunk): Promise<void> {
    const type = widest(this.#type, narrowest(chunk.values, this.source, this.#values))
    const channels = Math.max(this.#channels ?? 0, chunk.channels)
    await this.widen(type, channels)
    const values = chunk.channels === channels ? chunk.values : tripled(chunk.values)
    if (type === 'float32') this.#rounded ??= firstRounded(values)
    this.#values += values.length
    await this.#append(converted(values, type))
  }

  /** Rewrites the file in a wider type, or grey as red = green = blue. */
  async widen(type: PixelType, channels: number): Promise<void> {
    const was = { type: this.#type, channels: this.#channels ?? channels }
    this.#type = type
    this.#channels = channels
    if (this.#values === 0 || (was.type === type && was.channels === channels)) return
    await this.#flush()
    await this.options.onRewrite?.()
    this.#hash = undefined
    this.#written = 0
    const old = this.#handle
    const oldValues = this.#values
    const widerPath = `${this.path}.wider`
    this.#handle = await onFile(widerPath, () => open(widerPath, 'w+'))
    try {
      this.#values = 0
      for (let done = 0; done < oldValues; done += BLOCK) {
        const size = BYTES_PER_PIXEL[was.type]
        const count = Math.min(BLOCK, oldValues - done)
        const bytes = await onFile(this.path, () => readAt(old, done * size, count * size))
        const values = pixelView(bytes, was.type)
        const wider = was.channels === channels ? values : tripled(values)
        this.#values += wider.length
        await this.#append(converted(wider, type))
      }
    } finally {
      await old.close()
    }
    await onFile(this.path, () => unlink(this.path))
    await onFile(this.path, () => rename(widerPath, this.path))
  }

  /** Adds `values` numbers of this writer's type that lie in another file. */
  async copyFrom(path: string, offset: number, values: number, channels: number): Promise<void> {
    const size = BYTES_PER_PIXEL[this.#type]
    const original = await onFile(path, () => open(path, 'r'))
    this.#channels = channels
    try {
      for (let done = 0; done < values; done += BLOCK) {
        const count = Math.min(BLOCK, values - done)
        const bytes = await onFile(path, () => readAt(original, offset + done * size, count * size))
        this.#values += count
        await this.#append(pixelView(bytes, this.#type))
      }
    } finally {
      await original.close()
    }
  }

  /** Writes what is left. */
  async finish(): Promise<WrittenFile> {
    await this.#flush()
    if (this.#hash !== undefined) {
      await this.close()
      return {
        sha256: this.#hash.digest('hex'),
        crc32: this.options.crc32 ?? this.#checksum
      }
    }
    const hash = createHash('sha256')
    let checksum = 0
    const bytes = this.#values * BYTES_PER_PIXEL[this.#type]
    for (let at = 0; at < bytes; at += BLOCK) {
      const block = await onFile(this.path, () =>
        readAt(this.#handle, at, Math.min(BLOCK, bytes - at))
      )
      hash.update(block)
      checksum = crc32(block, checksum)
    }
    await this.close()
    return { sha256: hash.digest('hex'), crc32: checksum }
  }

  async close(): Promise<void> {
    await this.#handle.close().catch(() => undefined)
  }

  async #append(values: PixelArray): Promise<void> {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    if (this.#hash !== undefined) {
      this.#hash.update(bytes)
      if (this.options.crc32 === undefined) this.#checksum = crc32(bytes, this.#checksum)
    }
    this.#pending.push(bytes)
    this.#pendingBytes += bytes.length
    if (this.#pendingBytes >= BLOCK) await this.#flush()
  }

  async #refuseFullDisk(): Promise<void> {
    this.#unseen = 0
    const free = await (this.options.freeBytes ?? freeBytes)(this.path)
    if (free >= SPARE) return
    const [done, left] = [this.#values * BYTES_PER_PIXEL[this.#type], free].map(
      (bytes) => `${Math.round(bytes / 2 ** 20)} MB`
    )
    throw new NormscopeError({
      code: 'disk-full',
      message: `${baseName(this.source)} unpacks to more than ${done}, and ${left} are left on the disk of the cache. Free some space, or name another disk in XDG_CACHE_HOME.`,
      path: this.source,
      expected: `${SPARE / 2 ** 20} MB left free`,
      actual: left,
      hint: 'A small file that unpacks to so much may be damaged, or made to fill disks.'
    })
  }

  async #flush(): Promise<void> {
    if (this.#pendingBytes === 0) return
    const pieces = this.#pending
    const bytes = this.#pendingBytes
    this.#pending = []
    this.#pendingBytes = 0
    this.#unseen += bytes
    if (this.#unseen >= LOOK) await this.#refuseFullDisk()
    await onFile(this.path, () => writeAll(this.#handle, pieces, bytes))
    this.#written += bytes
  }
}

async function writeAll(handle: FileHandle, pieces: Uint8Array[], bytes: number): Promise<void> {
  let done = pieces.length > 1 ? (await handle.writev(pieces)).bytesWritten : 0
  if (done === bytes) return
  const rest = pieces.length > 1 ? Buffer.concat(pieces) : pieces[0]!
  while (done < bytes) done += (await handle.write(rest, done, bytes - done)).bytesWritten
}

/** Bytes that this user may still write where a file lies. */
async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await onFile(path, () => statfs(dirname(path)))
  return bavail * bsize
}

/** Grey as red = green = blue. */
function tripled(values: NumberArray): NumberArray {
  const wide = zerosLike(values, 3 * values.length)
  for (let index = 0; index < wide.length; index++) wide[index] = values[Math.floor(index / 3)]!
  return wide
}
