import { readFileSync } from 'node:fs'
import { builtProgram } from '../processes/built-program'
import { WasmRoom } from '../processes/wasm-room'
import type { Clearing } from '../processes/wasm-room'

/** What src/wasm/crc32.ts exports. */
interface Exports extends Clearing {
  crc32Tables(tables: number): void
  crc32(tables: number, bytes: number, length: number, before: number): number
}

export type Crc32 = (bytes: Uint8Array, before?: number) => number

const TABLES = 16 * 256 * 4
/** What is counted at a time stays in the cache, and calls after the first run what is compiled well. */
const SLICE = 1 << 18

/** CRC-32 by WebAssembly; undefined where it cannot be had. */
export function wasmCrc32(file = builtProgram('kernels.wasm')): Crc32 | undefined {
  try {
    const room = new WasmRoom<Exports>(new WebAssembly.Module(readFileSync(file)))
    const tables = room.bytes(TABLES).byteOffset
    const slice = room.bytes(SLICE)
    room.wasm.crc32Tables(tables)
    return (bytes, before = 0) => {
      let sum = before
      for (let at = 0; at < bytes.length; at += SLICE) {
        const some = bytes.subarray(at, at + SLICE)
        slice.set(some)
        sum = room.wasm.crc32(tables, slice.byteOffset, some.length, sum)
      }
      return sum >>> 0
    }
  } catch {
    return undefined // the numbers are the same without
  }
}
