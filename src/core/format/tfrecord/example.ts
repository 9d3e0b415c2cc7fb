/** A feature of tf.train.Example: some of one kind. */
export type Feature =
  | { readonly kind: 'bytes'; readonly values: readonly Uint8Array[] }
  | { readonly kind: 'numbers'; readonly values: Float32Array | Float64Array }

/** A field of a protocol buffer: its number, and a number or bytes. */
interface Field {
  readonly number: number
  readonly value: number | Uint8Array
}

/**
 * The features of a tf.train.Example by their names (tensorflow/core/example/feature.proto);
 * undefined where the bytes are none.
 */
export function featuresOf(record: Uint8Array): ReadonlyMap<string, Feature> | undefined {
  const found = new Map<string, Feature>()
  const example = fields(record)
  if (example === undefined) return undefined
  for (const features of nested(example, 1)) {
    for (const entry of nested(fields(features) ?? [], 1)) {
      const pair = fields(entry) ?? []
      const [key] = nested(pair, 1)
      const [value] = nested(pair, 2)
      const feature = value && featureOf(value)
      if (key === undefined || feature === undefined) return undefined
      found.set(new TextDecoder().decode(key), feature)
    }
  }
  return found.size === 0 ? undefined : found
}

const nested = (all: readonly Field[], number: number): Uint8Array[] =>
  all.flatMap((field) =>
    field.number === number && field.value instanceof Uint8Array ? [field.value] : []
  )

function featureOf(bytes: Uint8Array): Feature | undefined {
  const [field] = fields(bytes) ?? []
  if (field === undefined || !(field.value instanceof Uint8Array)) return undefined
  const list = field.value
  if (field.number === 1) {
    const all = fields(list)
    return all && { kind: 'bytes', values: nested(all, 1) }
  }
  if (field.number === 2) return numbers(floats(list))
  return field.number === 3 ? numbers(integers(list)) : undefined
}

const numbers = (values: Float32Array | Float64Array | undefined): Feature | undefined =>
  values && { kind: 'numbers', values }

/** Packed into one field, or one by one. */
function floats(list: Uint8Array): Float32Array | undefined {
  const all = fields(list)
  const packed = all && nested(all, 1)
  if (packed === undefined || packed.some(({ length }) => length % 4 !== 0)) return undefined
  return Float32Array.from(
    packed.flatMap((bytes) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      return Array.from({ length: bytes.length / 4 }, (_, at) => view.getFloat32(4 * at, true))
    })
  )
}

function integers(list: Uint8Array): Float64Array | undefined {
  const all = fields(list)
  if (all === undefined) return undefined
  const values: number[] = []
  for (const { number, value } of all) {
    if (number !== 1) continue
    if (typeof value === 'number') values.push(value)
    else {
      for (let at = 0; at < value.length;) {
        const read = varint(value, at)
        if (read === undefined) return undefined
        values.push(read.value)
        at = read.end
      }
    }
  }
  return Float64Array.from(values)
}

/** The fields of a message; undefined where it is none. */
function fields(bytes: Uint8Array): Field[] | undefined {
  const found: Field[] = []
  for (let at = 0; at < bytes.length;) {
    const tag = varint(bytes, at)
    if (tag === undefined || tag.value <= 0) return undefined
    const number = Math.floor(tag.value / 8)
    const wire = tag.value % 8
    if (wire === 0) {
      const read = varint(bytes, tag.end)
      if (read === undefined) return undefined
      found.push({ number, value: read.value })
      at = read.end
      continue
    }
    const size = wire === 2 ? varint(bytes, tag.end) : { value: wire === 1 ? 8 : 4, end: tag.end }
    if (size === undefined || (wire !== 1 && wire !== 2 && wire !== 5)) return undefined
    const end = size.end + size.value
    if (size.value < 0 || end > bytes.length) return undefined
    found.push({ number, value: bytes.subarray(size.end, end) })
    at = end
  }
  return found
}

/** Seven bits a byte, the lowest first; 64 bits in two's complement. */
function varint(
  bytes: Uint8Array,
  start: number
): { readonly value: number; readonly end: number } | undefined {
  let value = 0n
  for (let at = start; at < Math.min(bytes.length, start + 10); at++) {
    const byte = bytes[at]!
    value |= BigInt(byte & 127) << BigInt(7 * (at - start))
    if (byte < 128) return { value: Number(BigInt.asIntN(64, value)), end: at + 1 }
  }
  return undefined
}
