import * as zlib from 'node:zlib'
import { buf } from 'crc-32'
import { wasmCrc32 } from './wasm-crc32'
import type { Crc32 } from './wasm-crc32'

/** Bytes that are counted sooner than WebAssembly is loaded. */
const FEW = 1 << 16

/** Node's own from 20.15 on, else WebAssembly where it can be had; the sums are the same. */
export function bestCrc32(native: Crc32 | undefined, load: () => Crc32 | undefined): Crc32 {
  if (native !== undefined) return (bytes, before = 0) => native(bytes, before)
  let loaded: Crc32 | undefined
  return (bytes, before) => {
    if (loaded === undefined && bytes.length < FEW) return portableCrc32(bytes, before)
    loaded ??= load() ?? portableCrc32
    return loaded(bytes, before)
  }
}

export function portableCrc32(bytes: Uint8Array, before = 0): number {
  return buf(bytes, before) >>> 0
}

/** CRC-32 as in zip, gzip and PNG; `before` is that of the bytes that came first. */
export const crc32: Crc32 = bestCrc32((zlib as { crc32?: Crc32 }).crc32, wasmCrc32)
