import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { onFile } from './files'
import { roomFor } from './room'

export interface HashedFile {
  /** of the part that was hashed */
  readonly bytes: number
  /** hex */
  readonly sha256: string
}

/** larger ones leave the caches of a core before they are hashed */
const BLOCK = 1 << 20

/** SHA-256 of a file from an offset to its end; `check` is told the bytes that are done, and may throw. */
export async function hashFile(
  path: string,
  offset: number,
  check: (done: number) => void
): Promise<HashedFile> {
  return onFile(path, async () => {
    const handle = await open(path, 'r')
    const read = async (block: Buffer, at: number): Promise<number> =>
      (await handle.read(block, 0, block.length, at)).bytesRead
    try {
      return await hashed((await handle.stat()).size, offset, check, read)
    } finally {
      await handle.close()
    }
  })
}

async function hashed(
  size: number,
  offset: number,
  check: (done: number) => void,
  read: (block: Buffer, at: number) => number | Promise<number>
): Promise<HashedFile> {
  const hash = createHash('sha256')
  const block = roomFor(Math.max(1, Math.min(BLOCK, size - offset)), offset)
  for (let bytes = 0; ;) {
    check(bytes)
    const count = await read(block, offset + bytes)
    if (count === 0) return { bytes, sha256: hash.digest('hex') }
    hash.update(block.subarray(0, count))
    bytes += count
  }
}

/** What a thread that hashes and whoever waits for it tell each other: whether to stop, and MiB that are done. */
export const [STOP, DONE] = [0, 1]

/** As `hashFile`, in a thread that has nothing else to do; `told` is shared memory of two numbers. */
export function hashTold(path: string, offset: number, told: Int32Array): Promise<HashedFile> {
  const check = (done: number): void => {
    Atomics.store(told, DONE, done / 2 ** 20)
    if (Atomics.load(told, STOP) === 1) throw new Error('This hash is not wanted any more.')
  }
  return onFile(path, async () => {
    const file = openSync(path, 'r')
    const read = (block: Buffer, at: number): number => readSync(file, block, 0, block.length, at)
    try {
      return await hashed(fstatSync(file).size, offset, check, read)
    } finally {
      closeSync(file)
    }
  })
}
