import { constants } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { yieldToEventLoop } from '../../processes/event-loop'
import { recordFiles } from './record-files'
import type { RecordForm } from './record-files'

/** What a record's file lacks: some lines, or everything. */
interface Pending<Kept> {
  readonly record: Kept
  readonly lines: string[] | 'all'
}

interface RecordWriterOptions<Kept extends { readonly id: string }> {
  readonly form: RecordForm<Kept>
  /** the journal's */
  readonly folder: string
  /** after each record that was written, with the bytes its file grew by, or has ('all') */
  readonly onWritten: (record: Kept, bytes: number, all: boolean) => void
  /** Nothing is lost: what failed is written whole after a while. */
  readonly onFailure: (thrown: unknown) => void
  /** milliseconds until what failed is tried again */
  readonly retryMs: number
}

/**
 * Writes records behind the engine's back: what changes is collected while the disk is at work on what
 * changed before, and then appended in one piece.
 */
export class RecordWriter<Kept extends { readonly id: string }> {
  readonly #options: RecordWriterOptions<Kept>
  #pending = new Map<string, Pending<Kept> | 'remove'>()
  /** records whose files hold all that was told of them before */
  readonly #begun = new Set<string>()
  /** records whose files may end in a part of a line */
  readonly #torn = new Set<string>()
  #flushing: Promise<void> | undefined
  #retry: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: RecordWriterOptions<Kept>) {
    this.#options = options
  }

  /** A record that is in its file as it is. */
  known(id: string): void {
    this.#begun.add(id)
  }

  /** A record as it is now; `line` where that is all that is new. */
  keep(record: Kept, line = this.#options.form.line(record)): void {
    if (this.#closed) return
    const { id } = record
    const pending = this.#pending.get(id)
    if (pending === 'remove' || !this.#begun.has(id)) {
      this.#begun.add(id)
      this.#pending.set(id, { record, lines: 'all' })
    } else {
      const before = pending?.lines ?? []
      if (before !== 'all') before.push(line)
      this.#pending.set(id, { record, lines: before })
    }
    this.#schedule()
  }

  forget(id: string): void {
    if (this.#closed) return
    this.#begun.delete(id)
    this.#pending.set(id, 'remove')
    this.#schedule()
  }

  /** Settles when all was written, or could not be for now. */
  async written(): Promise<void> {
    while (this.#flushing) await this.#flushing
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#retry)
    this.#retry = undefined
    this.#schedule()
    await this.written()
    clearTimeout(this.#retry)
  }

  #schedule(): void {
    // in trouble the disk is left alone for a while
    if (this.#flushing || this.#retry || this.#pending.size === 0) return
    this.#flushing = this.#flush().then((done) => {
      this.#flushing = undefined
      if (done) return this.#schedule()
      this.#retry = setTimeout(() => {
        this.#retry = undefined
        this.#schedule()
      }, this.#options.retryMs)
      this.#retry.unref()
    })
  }

  /** Writes what is pending; false where the disk did not take it. */
  async #flush(): Promise<boolean> {
    await yieldToEventLoop()
    const batch = this.#pending
    this.#pending = new Map()
    for (const [id, pending] of batch) {
      try {
        if (pending === 'remove') await this.#remove(id)
        else await this.#write(pending)
        batch.delete(id)
      } catch (thrown) {
        for (const [other, unwritten] of batch) this.#putBack(other, unwritten)
        this.#options.onFailure(thrown)
        return false
      }
    }
    return true
  }

  /** What was not written comes before what is new; where a line may have been written in part, the file anew. */
  #putBack(id: string, unwritten: Pending<Kept> | 'remove'): void {
    const later = this.#pending.get(id)
    if (later === 'remove') return
    if (unwritten === 'remove') {
      this.#pending.set(id, later ? { record: later.record, lines: 'all' } : 'remove')
      return
    }
    const parts = [unwritten.lines, later?.lines ?? []]
    const lines = this.#torn.has(id) || parts.includes('all') ? 'all' : (parts as string[][]).flat()
    this.#pending.set(id, { record: later?.record ?? unwritten.record, lines })
  }

  async #write({ record, lines }: Pending<Kept>): Promise<void> {
    const { form, folder, onWritten } = this.#options
    const { file, old } = recordFiles(form, folder, record.id)
    const fsync = form.lasting(record)
    const text = lines === 'all' ? undefined : lines.join('')
    if (text !== undefined && (await this.#append(record.id, file, text, fsync))) {
      onWritten(record, Buffer.byteLength(text), false)
      return
    }
    const parts: string[] = []
    for (const line of form.lines(record)) {
      parts.push(line)
      if (parts.length % LINES_AT_ONCE === 0) await yieldToEventLoop()
    }
    const whole = parts.join('')
    await mkdir(dirname(file), { recursive: true })
    await writeFileAtomic(file, whole, { fsync })
    this.#torn.delete(record.id)
    for (const each of old) await rm(each, { force: true })
    onWritten(record, Buffer.byteLength(whole), true)
  }

  async #remove(id: string): Promise<void> {
    const { file, old } = recordFiles(this.#options.form, this.#options.folder, id)
    for (const each of [file, ...old]) await rm(each, { force: true })
  }

  /** False where the file is not there any more. What a full disk took of it is taken back. */
  async #append(id: string, file: string, text: string, fsync: boolean): Promise<boolean> {
    let handle
    try {
      handle = await open(file, constants.O_WRONLY | constants.O_APPEND)
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return false
      throw thrown
    }
    try {
      const { size } = await handle.stat()
      try {
        await handle.appendFile(text)
      } catch (thrown) {
        await handle.truncate(size).catch(() => this.#torn.add(id))
        throw thrown
      }
      if (fsync) await handle.sync()
      return true
    } finally {
      await handle.close()
    }
  }
}

const LINES_AT_ONCE = 20
