import type { ByteSource } from './source'

/** Bytes that end every gzip member (RFC 1952, 2.3.1). */
export const TRAILER = 8
/** Polynomials over GF(2) modulo CRC-32's, reflected: bit 31 is x^0, bit 0 x^31. */
const MODULUS = 0xedb88320
const ONE = 0x80000000
const BYTE = ONE >>> 8

/**
 * CRC-32 of what follows `head` in a gzip file's content, by the file's last bytes and without
 * unpacking; undefined where they speak of another length than both have together, as they do where
 * the file has several members. Whoever unpacks the file finds out whether it is true.
 */
export async function checksumAfter(
  head: Uint8Array,
  length: number,
  file: ByteSource
): Promise<number | undefined> {
  const bytes = await file.read(Math.max(0, file.size - TRAILER), TRAILER)
  if (bytes.length < TRAILER || head.length + length >= 2 ** 32) return undefined
  const { sum, size } = trailerOf(bytes)
  if (size !== head.length + length) return undefined
  return (sum ^ times(checksumOf(head), power(BYTE, length))) >>> 0
}

/** CRC-32 of a member's content, and its bytes modulo 2^32. */
export function trailerOf({ buffer, byteOffset }: Uint8Array): {
  readonly sum: number
  readonly size: number
} {
  const view = new DataView(buffer, byteOffset, TRAILER)
  return { sum: view.getUint32(0, true), size: view.getUint32(4, true) }
}

/** CRC-32 of a few bytes, bit by bit. */
function checksumOf(bytes: Uint8Array): number {
  let sum = -1
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ MODULUS : sum >>> 1
  }
  return ~sum
}

/** Of two polynomials. */
function times(a: number, b: number): number {
  let product = 0
  let shifted = b
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if (a & bit) product ^= shifted
    shifted = shifted & 1 ? (shifted >>> 1) ^ MODULUS : shifted >>> 1
  }
  return product
}

function power(base: number, exponent: number): number {
  let product = ONE
  let square = base
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) product = times(product, square)
    square = times(square, square)
  }
  return product
}
