import * as zlib from 'node:zlib'

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value >>> 0
})

/** Node has one of its own from 20.15 on. */
const native = (zlib as { crc32?: (bytes: Uint8Array, before?: number) => number }).crc32

/** CRC-32 as in zip, gzip and PNG; `before` is that of the bytes that came first. */
export function crc32(bytes: Uint8Array, before = 0): number {
  return native === undefined ? tableCrc32(bytes, before) : native(bytes, before)
}

export function tableCrc32(bytes: Uint8Array, before = 0): number {
  let value = ~before
  for (let index = 0; index < bytes.length; index++) {
    value = TABLE[(value ^ bytes[index]!) & 255]! ^ (value >>> 8)
  }
  return ~value >>> 0
}
