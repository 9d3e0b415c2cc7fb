import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import type { FiledArray, RefusedArray } from '../../core/format/array-file'
import { fileError, notAFile } from '../disk/files'
import { arraysIn } from './contents'
import type { OpenFile } from './contents'
import * as errors from './errors'
import { Mount } from './library'
import type { Hdf5Request } from './protocol'
import { rowsOf } from './rows'
import type { Rows } from './rows'

interface Kept extends OpenFile {
  readonly path: string
  close(): void
  readonly arrays: readonly (FiledArray | RefusedArray)[]
}

/** Reads HDF5 files, one after the other; the last one stays open. */
export class Hdf5Reader {
  readonly #mount: Mount
  #file: Kept | undefined

  private constructor(mount: Mount) {
    this.#mount = mount
  }

  static async create(): Promise<Hdf5Reader> {
    return new Hdf5Reader(await Mount.create())
  }

  /** Throws NormscopeError. */
  arrays(request: Hdf5Request): readonly (FiledArray | RefusedArray)[] {
    // what has changed meanwhile is looked at anew
    this.close()
    return this.#opened(request).arrays
  }

  /** Throws NormscopeError. */
  rows(request: Hdf5Request, { array, from, count }: NonNullable<Hdf5Request['rows']>): Rows {
    const file = this.#opened(request)
    const found = file.arrays.find(({ name }) => name === array)
    if (found === undefined || 'refused' in found) {
      throw errors.corruptHdf5(file.called, `${array} is not in it any more`)
    }
    return rowsOf(file, found, from, count)
  }

  close(): void {
    this.#file?.close()
    this.#file = undefined
  }

  #opened({ path, called }: Hdf5Request): Kept {
    if (this.#file?.path === path) return this.#file
    this.close()
    const { descriptor, size } = openedFile(path)
    const mounted = this.#mount.open(descriptor, size)
    const close = (): void => {
      mounted.close()
      closeSync(descriptor)
    }
    try {
      const printed = this.#mount.takePrinted()
      if (mounted.id <= 0n) throw errors.damaged(called, printed)
      const file = { mount: this.#mount, id: mounted.id, called, size }
      this.#file = { ...file, path, close, arrays: arraysIn(file) }
      return this.#file
    } catch (thrown) {
      close()
      throw thrown
    }
  }
}

/** A file that has become a pipe or a device meanwhile is not waited for. */
function openedFile(path: string): { readonly descriptor: number; readonly size: number } {
  try {
    const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    const facts = fstatSync(descriptor)
    if (facts.isFile()) return { descriptor, size: facts.size }
    closeSync(descriptor)
    throw notAFile(path, facts.isDirectory())
  } catch (thrown) {
    throw fileError(thrown, path)
  }
}
