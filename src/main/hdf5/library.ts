import { readSync } from 'node:fs'
import type { Module } from 'h5wasm'

export type Library = typeof Module

/** As the library numbers it: there is no such file. */
const NO_ENTRY = 44

/** Bytes that the library may take, and is refused before it gets more. */
const MAX_MEMORY = 1.25 * 2 ** 30

/** No WebAssembly of this process gets more memory than so many bytes. */
export function limitGrowth(most = MAX_MEMORY): void {
  const { prototype } = WebAssembly.Memory
  const grow = Reflect.get(prototype, 'grow') as (this: WebAssembly.Memory, pages: number) => number
  prototype.grow = function (this: WebAssembly.Memory, pages: number): number {
    const bytes = this.buffer.byteLength + pages * 65_536
    if (bytes > most) throw new RangeError(`${bytes} bytes of memory`)
    return grow.call(this, pages)
  }
}

/** What is used of the library's file system, which is in memory. */
interface FileSystem {
  ErrnoError: new (code: number) => Error
  createFile(folder: string, name: string, facts: object, read: boolean, write: boolean): Node
  unlink(path: string): void
  open(path: string, ...how: unknown[]): unknown
}

interface Node {
  stream_ops: Readonly<Record<string, unknown>>
}

/** HDF5's library with one file at a time, and no other: its file system is in memory. */
export class Mount {
  static #only: Promise<Mount> | undefined

  readonly library: Library
  readonly #files: FileSystem
  /** what the library has printed of errors since that was taken */
  readonly #printed: string[]
  /** other files that were asked for since that was taken */
  readonly #asked: string[] = []
  /** what may be opened */
  #path = ''
  #opened = 0

  private constructor(library: Library, printed: string[]) {
    this.library = library
    this.#printed = printed
    const files = library.FS as unknown as FileSystem
    this.#files = files
    const open = files.open.bind(files)
    files.open = (path, ...how) => {
      if (path === this.#path) return open(path, ...how)
      this.#asked.push(path)
      throw new files.ErrnoError(NO_ENTRY)
    }
  }

  /** There is one library in a process, and so one mount. */
  static create(): Promise<Mount> {
    Mount.#only ??= Mount.#load()
    return Mount.#only
  }

  static async #load(): Promise<Mount> {
    const printed: string[] = []
    // the library takes hold of it once, when it is loaded
    const print = console.error
    console.error = (...words: unknown[]) => void printed.push(words.join(' '))
    try {
      const { ready } = await import('h5wasm')
      return new Mount(await ready, printed)
    } finally {
      console.error = print
    }
  }

  /**
   * The library's number of a file, below 1 where it cannot be opened, and what ends it. Each has a name
   * of its own: the library would take what it could not close for the next one.
   */
  open(descriptor: number, size: number): { readonly id: bigint; close(): void } {
    const { library } = this
    const name = `file-${this.#opened++}.h5`
    const node = this.#files.createFile('/', name, {}, true, false)
    let isOpen = true
    const read = (_: unknown, memory: Uint8Array, at: number, length: number, from: number) => {
      const most = isOpen ? Math.max(0, Math.min(length, size - from)) : 0
      return most === 0 ? 0 : readSync(descriptor, memory, at, most, from)
    }
    node.stream_ops = { ...node.stream_ops, read }
    Object.defineProperty(node, 'usedBytes', { value: size })
    this.#path = `/${name}`
    const id = library.open(this.#path, library.H5F_ACC_RDONLY, false, -1, -1)
    const close = (): void => {
      isOpen = false
      if (id > 0n) library.close_file(id)
      this.#files.unlink(`/${name}`)
    }
    return { id, close }
  }

  takePrinted(): string {
    return this.#printed.splice(0).join('\n')
  }

  takeAsked(): string[] {
    return this.#asked.splice(0)
  }
}
