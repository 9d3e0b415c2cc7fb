import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { onFile } from './files'

export interface HashedFile {
  /** of the part that was hashed */
  readonly bytes: number
  /** hex */
  readonly sha256: string
}

const BLOCK = 1 << 22

/** SHA-256 of a file from an offset to its end; `check` is told the bytes that are done, and may throw. */
export async function hashFile(
  path: string,
  offset: number,
  check: (done: number) => void
): Promise<HashedFile> {
  return onFile(path, async () => {
    const handle = await open(path, 'r')
    const hash = createHash('sha256')
    try {
      const { size } = await handle.stat()
      const block = Buffer.allocUnsafeSlow(Math.max(1, Math.min(BLOCK, size - offset)))
      for (let bytes = 0; ;) {
        check(bytes)
        const { bytesRead } = await handle.read(block, 0, block.length, offset + bytes)
        if (bytesRead === 0) return { bytes, sha256: hash.digest('hex') }
        hash.update(block.subarray(0, bytesRead))
        bytes += bytesRead
      }
    } finally {
      await handle.close()
    }
  })
}

/** What a thread that hashes and whoever waits for it tell each other: whether to stop, and MiB that are done. */
export const [STOP, DONE] = [0, 1]

/** As `hashFile`; `told` is shared memory of two numbers. */
export function hashTold(path: string, offset: number, told: Int32Array): Promise<HashedFile> {
  return hashFile(path, offset, (done) => {
    Atomics.store(told, DONE, done / 2 ** 20)
    if (Atomics.load(told, STOP) === 1) throw new Error('This hash is not wanted any more.')
  })
}
