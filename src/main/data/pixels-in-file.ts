import { closeSync, openSync } from 'node:fs'
import { BYTES_PER_PIXEL, featuresOf, pixelView } from '../../core/dataset/dataset'
import type { Dataset, PixelArray, SplitName } from '../../core/dataset/dataset'
import { fileError } from '../disk/files'
import { readArraySync, splitOf } from './rows'

/** Pixels that are looked at a part at a time: in memory, or in their file. */
export interface PixelSource {
  /** values */
  readonly length: number
  readonly BYTES_PER_ELEMENT: number
  /** valid until the next call */
  subarray(begin: number, end: number): PixelArray
}

/**
 * The pixels of images in their file, each part read when it is asked for, by whoever has nothing else
 * to do meanwhile. `rows`: which images, ascending; default all.
 * Reading throws NormscopeError 'truncated-file', or 'file-changed' where the file was written to.
 */
export class PixelsInFile implements PixelSource {
  readonly length: number
  readonly BYTES_PER_ELEMENT: number
  readonly #dataset: Dataset
  readonly #split: SplitName
  readonly #rows: Int32Array | undefined
  #file: number | undefined
  #room = new Uint8Array(0)

  constructor(dataset: Dataset, split: SplitName, rows?: Int32Array) {
    this.#dataset = dataset
    this.#split = split
    this.#rows = rows
    const count = rows?.length ?? splitOf(dataset, split).count
    this.length = count * featuresOf(dataset)
    this.BYTES_PER_ELEMENT = BYTES_PER_PIXEL[dataset.dtype]
  }

  subarray(begin: number, end: number): PixelArray {
    const size = this.BYTES_PER_ELEMENT
    const bytes = (end - begin) * size
    if (this.#room.length < bytes) this.#room = new Uint8Array(bytes)
    const room = this.#room.subarray(0, bytes)
    if (this.#rows === undefined) this.#read(room, begin * size)
    else this.#readRows(this.#rows, room, begin)
    return pixelView(room, this.#dataset.dtype)
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }

  /** Whole images, those that follow one another at once. */
  #readRows(rows: Int32Array, room: Uint8Array, begin: number): void {
    const features = featuresOf(this.#dataset)
    const image = features * this.BYTES_PER_ELEMENT
    const first = begin / features
    const count = room.length / image
    for (let at = 0; at < count;) {
      let next = at + 1
      while (next < count && rows[first + next]! === rows[first + next - 1]! + 1) next++
      this.#read(room.subarray(at * image, next * image), rows[first + at]! * image)
      at = next
    }
  }

  #read(room: Uint8Array, from: number): void {
    const { pixels } = splitOf(this.#dataset, this.#split)
    try {
      readArraySync((this.#file ??= openSync(pixels.path, 'r')), pixels, from, room)
    } catch (thrown) {
      throw fileError(thrown, pixels.path)
    }
  }
}
