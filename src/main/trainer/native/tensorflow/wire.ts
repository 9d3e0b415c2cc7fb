/**
 * Protocol buffer messages, written only. A message is a list of fields; each helper below makes the
 * bytes of one field. Source: https://protobuf.dev/programming-guides/encoding
 */
export type Bytes = Uint8Array

const VARINT = 0
const LENGTH_DELIMITED = 2
const FIXED_32 = 5

/** A whole number >= -2^53; negative ones take ten bytes, as int32 and int64 do on the wire. */
export function varint(value: number): Bytes {
  if (!Number.isSafeInteger(value)) throw new RangeError(`varint expects a whole number: ${value}`)
  const out: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  while (rest > 127n) {
    out.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  out.push(Number(rest))
  return Uint8Array.from(out)
}

export function concat(parts: readonly Bytes[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

function tag(field: number, wireType: number): Bytes {
  return varint(field * 8 + wireType)
}

/** int32, int64, bool (0, 1) and enum fields */
export function whole(field: number, value: number): Bytes {
  return concat([tag(field, VARINT), varint(value)])
}

export function float(field: number, value: number): Bytes {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setFloat32(0, value, true)
  return concat([tag(field, FIXED_32), bytes])
}

/** bytes and embedded message fields */
export function bytes(field: number, value: Bytes): Bytes {
  return concat([tag(field, LENGTH_DELIMITED), varint(value.length), value])
}

export function string(field: number, value: string): Bytes {
  return bytes(field, new TextEncoder().encode(value))
}

export function message(field: number, fields: readonly Bytes[]): Bytes {
  return bytes(field, concat(fields))
}

/** One entry of a map<string, message> field. */
export function entry(field: number, key: string, value: readonly Bytes[]): Bytes {
  return message(field, [string(1, key), message(2, value)])
}
