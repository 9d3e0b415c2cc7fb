import { closeSync, fstatSync, openSync, promises } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { NormscopeError } from '../../core/error'
import { BYTES_PER_PIXEL, featuresOf, pixelView } from '../../core/dataset/dataset'
import type { Dataset, PixelArray, Split, SplitName, StoredArray } from '../../core/dataset/dataset'
import { baseName } from '../../core/format/source'
import { fileError, readAt, readAtSync, stateOf } from '../disk/files'

/** Files that stay open: a file taken away from the store meanwhile can still be read. */
const MAX_OPEN_FILES = 16

const keyOf = ({ path, state }: StoredArray): string => `${path}\0${state ?? ''}`

interface OpenFile {
  readonly handle: Promise<FileHandle>
  users: number
}

/** By path and state, oldest use first. A file that is no longer here is closed by the last of its users. */
const openFiles = new Map<string, OpenFile>()

/**
 * `count` images from `start` on, as count x D stored values, in memory that `room` gives where it is
 * given. Throws NormscopeError 'out-of-range'.
 */
export async function readRows(
  dataset: Dataset,
  split: SplitName,
  start: number,
  count: number,
  room?: (bytes: number) => Uint8Array
): Promise<PixelArray> {
  const part = splitOf(dataset, split)
  checkRange(split, part, start, count)
  const bytes = featuresOf(dataset) * BYTES_PER_PIXEL[dataset.dtype]
  const read = await readArray(part.pixels, start * bytes, count * bytes, room)
  return pixelView(read, dataset.dtype)
}

/** As `readRows`, by a thread that has nothing else to do meanwhile. */
export function readRowsSync(
  dataset: Dataset,
  split: SplitName,
  start: number,
  count: number,
  room: (bytes: number) => Uint8Array
): PixelArray {
  const part = splitOf(dataset, split)
  checkRange(split, part, start, count)
  const bytes = featuresOf(dataset) * BYTES_PER_PIXEL[dataset.dtype]
  const found = room(count * bytes)
  const key = keyOf(part.pixels)
  try {
    readArraySync(descriptorOf(key, part.pixels.path), part.pixels, start * bytes, found)
  } catch (thrown) {
    closeDescriptor(key)
    throw fileError(thrown, part.pixels.path)
  }
  return pixelView(found, dataset.dtype)
}

/** Of `readRowsSync`, as `openFiles` has them. A thread that ends closes its own. */
const descriptors = new Map<string, number>()

function descriptorOf(key: string, path: string): number {
  const file = descriptors.get(key) ?? openSync(path, 'r')
  descriptors.delete(key)
  descriptors.set(key, file)
  for (const oldest of descriptors.keys()) {
    if (descriptors.size <= MAX_OPEN_FILES) break
    closeDescriptor(oldest)
  }
  return file
}

function closeDescriptor(key: string): void {
  const file = descriptors.get(key)
  descriptors.delete(key)
  if (file !== undefined) closeSync(file)
}

/** Fills `room` from an offset of the array on; `file`: the descriptor of its file. Throws as `readArray` does, but for errors of the system. */
export function readArraySync(
  file: number,
  { path, offset, state }: StoredArray,
  from: number,
  room: Uint8Array
): void {
  const done = readAtSync(file, offset + from, room)
  if (done < room.length) throw shorter(path, offset + from, room.length, done)
  if (state !== undefined && stateOf(fstatSync(file)) !== state) throw changed(path)
}

/** A gap that is read along rather than skipped: a read costs about as much. */
const GAP_BYTES = 1 << 16
const MAX_READ_BYTES = 1 << 22

/**
 * Images by index, in the order asked for, in memory that `room` gives where it is given; those near one
 * another are read together.
 */
export async function readRowsAt(
  dataset: Dataset,
  split: SplitName,
  indices: ArrayLike<number>,
  room: (bytes: number) => Uint8Array = (bytes) => new Uint8Array(bytes)
): Promise<PixelArray> {
  const part = splitOf(dataset, split)
  const bytes = featuresOf(dataset) * BYTES_PER_PIXEL[dataset.dtype]
  for (let at = 0; at < indices.length; at++) checkRange(split, part, indices[at]!, 1)
  const out = room(indices.length * bytes)
  // read into by turns: new memory costs as much as reading
  let memory = new Uint8Array()
  const again = (size: number): Uint8Array => {
    if (memory.length < size) memory = new Uint8Array(size)
    return memory.subarray(0, size)
  }
  for (let at = 0; at < indices.length;) {
    const first = indices[at]!
    let next = at + 1
    while (next < indices.length) {
      const gap = (indices[next]! - indices[next - 1]! - 1) * bytes
      const size = (indices[next]! - first + 1) * bytes
      if (gap < 0 || gap > GAP_BYTES || size > MAX_READ_BYTES) break
      next++
    }
    const size = (indices[next - 1]! - first + 1) * bytes
    const read = await readArray(part.pixels, first * bytes, size, again)
    for (; at < next; at++) {
      const begin = (indices[at]! - first) * bytes
      out.set(read.subarray(begin, begin + bytes), at * bytes)
    }
  }
  return pixelView(out, dataset.dtype)
}

/** Throws NormscopeError 'no-such-split'. */
export function splitOf(dataset: Dataset, split: SplitName): Split {
  const part = dataset.splits[split]
  if (part !== undefined) return part
  throw new NormscopeError({
    code: 'no-such-split',
    message: `${dataset.name} has no ${split} split.`,
    expected: split,
    actual: Object.keys(dataset.splits).join(', ')
  })
}

function checkRange(split: SplitName, part: Split, start: number, count: number): void {
  const whole = Number.isInteger(start) && Number.isInteger(count)
  if (whole && start >= 0 && count >= 0 && start + count <= part.count) return
  throw new NormscopeError({
    code: 'out-of-range',
    message: `Images ${start} to ${start + count - 1} of the ${split} split were asked for; it has ${part.count}.`,
    expected: `0 to ${part.count - 1}`,
    actual: `${start} to ${start + count - 1}`
  })
}

export async function readArray(
  array: StoredArray,
  from: number,
  length: number,
  room: (bytes: number) => Uint8Array = (bytes) => new Uint8Array(bytes)
): Promise<Uint8Array> {
  const key = keyOf(array)
  const file = use(key, array.path)
  try {
    const handle = await file.handle
    const bytes = await readAt(handle, array.offset + from, length, room(length))
    if (bytes.length === length) {
      if (array.state === undefined || stateOf(await handle.stat()) === array.state) return bytes
      throw changed(array.path)
    }
    throw shorter(array.path, array.offset + from, length, bytes.length)
  } catch (thrown) {
    await forget(key, file)
    throw fileError(thrown, array.path)
  } finally {
    file.users--
    await closeForgotten(key, file)
  }
}

export function shorter(
  path: string,
  offset: number,
  expected: number,
  actual: number
): NormscopeError {
  return new NormscopeError({
    code: 'truncated-file',
    message: `${baseName(path)} has become shorter since it was opened. Open the data set again.`,
    path,
    expected: `${expected} bytes at ${offset}`,
    actual: `${actual} bytes`
  })
}

export function changed(path: string): NormscopeError {
  return new NormscopeError({
    code: 'file-changed',
    message: `${baseName(path)} has changed since it was opened. Open the data set again.`,
    path,
    expected: 'the file as it was opened',
    actual: 'another size or time of change'
  })
}

function use(key: string, path: string): OpenFile {
  const file = openFiles.get(key) ?? { handle: promises.open(path, 'r'), users: 0 }
  file.users++
  openFiles.delete(key)
  openFiles.set(key, file)
  let over = openFiles.size - MAX_OPEN_FILES
  for (const [other, idle] of openFiles) {
    if (over-- <= 0) break
    if (idle.users === 0) void forget(other, idle)
  }
  return file
}

/** The next read opens the file anew. */
async function forget(key: string, file: OpenFile): Promise<void> {
  if (openFiles.get(key) === file) openFiles.delete(key)
  await closeForgotten(key, file)
}

async function closeForgotten(key: string, file: OpenFile): Promise<void> {
  if (file.users > 0 || openFiles.get(key) === file) return
  await file.handle.then((handle) => handle.close()).catch(() => undefined)
}
