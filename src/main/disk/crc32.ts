import * as zlib from 'node:zlib'
import { buf } from 'crc-32'

/** Node has one of its own from 20.15 on. */
const native = (zlib as { crc32?: (bytes: Uint8Array, before?: number) => number }).crc32

/** CRC-32 as in zip, gzip and PNG; `before` is that of the bytes that came first. */
export function crc32(bytes: Uint8Array, before = 0): number {
  return native === undefined ? portableCrc32(bytes, before) : native(bytes, before)
}

export function portableCrc32(bytes: Uint8Array, before = 0): number {
  return buf(bytes, before) >>> 0
}
