import type { ArrayFile, FiledArray, RefusedArray } from '../../../core/format/array-file'
import { NormscopeError } from '../../../core/error'
import type { FromHdf5, Hdf5Request } from '../../hdf5/protocol'
import { corruptHdf5 } from '../../hdf5/errors'
import { builtProgram } from '../../processes/built-program'
import { Ended, Forked } from './forked'
import type { Words } from './forked'
import { unlessEnded } from './unless-ended'

export interface Hdf5Options {
  /** the program that reads HDF5; default: the one built beside this */
  readonly program?: string
  /** for one answer; default 60 s */
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 60_000
const WORDS: Words = {
  work: 'reading it',
  who: 'the process that reads it',
  tooMuchMemory: 'it takes more memory than a file may',
  notStarted: {
    code: 'reader-missing',
    message:
      'HDF5 cannot be read: the program that does it was not started. Install Normscope again.'
  }
}

/** Bytes of rows in one answer, more where rows that are packed together take more. */
const BLOCK = 8 << 20
/** Rows beyond that are taken apart, though they are then unpacked more than once. */
const MAX_BLOCK = 128 << 20
/** Texts in one answer. */
const TEXTS = 1 << 16
/** Chunks in one answer: the library needs some 4 KB for each, however small it is. */
const MAX_CHUNKS = 1 << 14

interface Answer {
  readonly pieces: readonly Uint8Array[]
  readonly lengths?: Uint32Array
}

/** Reads HDF5 files in a process of its own, which is started when there is one to read. */
export class Hdf5Process {
  readonly #process: Forked<FromHdf5>
  readonly #check: () => void

  constructor(check: () => void, options: Hdf5Options = {}) {
    const { program = builtProgram('hdf5.cjs'), timeoutMs = TIMEOUT_MS } = options
    this.#process = new Forked(program, timeoutMs, WORDS)
    this.#check = check
  }

  /** The arrays of a file, which errors call by another name. Throws NormscopeError. */
  async open(path: string, called: string): Promise<ArrayFile> {
    const file = { path, called }
    const arrays = await this.#ask(file, (message) =>
      message.type === 'arrays' ? message.arrays : undefined
    )
    return {
      arrays: arrays satisfies readonly (FiledArray | RefusedArray)[],
      numbers: (array) => this.#numbers(file, array),
      texts: (array) => this.#texts(file, array)
    }
  }

  close(): Promise<void> {
    return this.#process.close()
  }

  /** The next rows are read while those before them are taken. */
  async *#numbers(file: Hdf5Request, array: FiledArray): AsyncGenerator<Uint8Array> {
    const rows = array.dims[0] ?? 1
    const atOnce = rowsAtOnce(array)
    const answer = (from: number): Promise<Answer> => {
      const asked = this.#rows(file, array, from, Math.min(atOnce, rows - from))
      asked.catch(() => undefined) // thrown where it is awaited
      return asked
    }
    let next = answer(0)
    for (let from = 0; from < rows; from += atOnce) {
      const { pieces } = await next
      if (from + atOnce < rows) next = answer(from + atOnce)
      yield* pieces
    }
  }

  async #texts(file: Hdf5Request, array: FiledArray): Promise<readonly string[]> {
    const rows = array.dims[0] ?? 1
    const utf8 = new TextDecoder()
    const texts: string[] = []
    const atOnce = Math.min(TEXTS, rowsAtOnce(array))
    for (let from = 0; from < rows; from += atOnce) {
      const count = Math.min(atOnce, rows - from)
      const { pieces, lengths = [] } = await this.#rows(file, array, from, count)
      const bytes = Buffer.concat(pieces)
      let at = 0
      for (const length of lengths) texts.push(utf8.decode(bytes.subarray(at, (at += length))))
    }
    return texts
  }

  #rows(file: Hdf5Request, { name }: FiledArray, from: number, count: number): Promise<Answer> {
    let pieces: Uint8Array[] = []
    return this.#ask({ ...file, rows: { array: name, from, count } }, (message) => {
      if (message.type === 'piece') pieces.push(message.bytes)
      if (message.type !== 'rows') return undefined
      const answer = { pieces, lengths: message.lengths }
      pieces = []
      return answer
    })
  }

  /** A process that the system killed is started once more: it does that where memory runs out. */
  async #ask<T extends object>(
    request: Hdf5Request,
    heard: (message: FromHdf5) => T | undefined,
    again = false
  ): Promise<T> {
    this.#check()
    const answer = this.#process.inTurn(() =>
      this.#process.ask(request, (message) =>
        message.type === 'refused' ? new NormscopeError(message.error) : heard(message)
      )
    )
    try {
      const found = await unlessEnded(answer, this.#check)
      if (found instanceof NormscopeError) throw found
      return found
    } catch (thrown) {
      if (!(thrown instanceof Ended)) throw thrown
      if (thrown.killed && !again) return this.#ask(request, heard, true)
      throw corruptHdf5(request.called, thrown.message)
    }
  }
}

/** A whole number of the rows that are packed together, where those are not too large. */
function rowsAtOnce({ rowBytes, together, chunks }: FiledArray): number {
  const fit = (bytes: number): number => Math.max(1, Math.floor(bytes / Math.max(1, rowBytes)))
  const few = Math.max(1, Math.floor(MAX_CHUNKS / Math.max(1, chunks)))
  const wanted = Math.max(1, Math.round(fit(BLOCK) / together))
  const groups = chunks === 0 ? wanted : Math.min(wanted, few)
  return Math.min(groups * together, fit(MAX_BLOCK))
}
