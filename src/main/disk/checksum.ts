import { open } from 'node:fs/promises'
import { crc32 } from './crc32'
import { readAt } from './files'

const BLOCK = 1 << 20

/** CRC-32 of a whole file. */
export async function fileChecksum(path: string): Promise<number> {
  const handle = await open(path, 'r')
  try {
    let checksum = 0
    // by turns: new memory for each block costs more than reading it
    let [room, other] = [new Uint8Array(BLOCK), new Uint8Array(BLOCK)]
    let next = readAt(handle, 0, BLOCK, room)
    for (let at = 0; ; at += BLOCK) {
      const block = await next
      if (block.length < BLOCK) return crc32(block, checksum)
      ;[room, other] = [other, room]
      // read while this block is counted
      next = readAt(handle, at + BLOCK, BLOCK, room)
      checksum = crc32(block, checksum)
    }
  } finally {
    await handle.close()
  }
}
