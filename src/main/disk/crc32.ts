import * as zlib from 'node:zlib'
import { buf } from 'crc-32'
import { wasmCrc32 } from './wasm-crc32'
import type { Crc32 } from './wasm-crc32'

/** Node has one of its own from 20.15 on. */
const { crc32: native } = zlib as { crc32?: (bytes: Uint8Array, before: number) => number }

/** Bytes that are counted sooner than WebAssembly is loaded. */
const FEW = 1 << 16

let loaded: Crc32 | undefined

/** CRC-32 as in zip, gzip and PNG; `before` is that of the bytes that came first. */
export function crc32(bytes: Uint8Array, before = 0): number {
  if (native !== undefined) return native(bytes, before)
  if (loaded === undefined && bytes.length < FEW) return portableCrc32(bytes, before)
  loaded ??= wasmCrc32() ?? portableCrc32
  return loaded(bytes, before)
}

export function portableCrc32(bytes: Uint8Array, before = 0): number {
  return buf(bytes, before) >>> 0
}
