import { NormscopeError } from '../../error'
import { sizeOf } from '../array'
import { NUMBER_TYPES } from '../number-type'
import type { NumberTypeId } from '../number-type'
import { baseName, ByteReader, contentOf, truncated } from '../source'
import type { ByteSource, DataTools } from '../source'

/** A tensor of the file; its bytes lie in C order, little-endian. */
export interface Tensor {
  readonly type: NumberTypeId
  readonly dims: readonly number[]
  /** bytes from the start of the file */
  readonly offset: number
  readonly bytes: number
}

export const MAX_HEADER_BYTES = 100_000_000
const TYPES: Readonly<Record<string, NumberTypeId>> = {
  BOOL: 'b1',
  U8: 'u1',
  I8: 'i1',
  U16: 'u2',
  I16: 'i2',
  F16: 'f2',
  U32: 'u4',
  I32: 'i4',
  F32: 'f4',
  U64: 'u8',
  I64: 'i8',
  F64: 'f8'
}

/**
 * The tensors of a safetensors file by their names (github.com/huggingface/safetensors, "Format").
 * Throws NormscopeError 'truncated-file', 'corrupt-header' or 'unsupported-dtype'.
 */
export async function readTensors(
  source: ByteSource,
  tools: DataTools
): Promise<ReadonlyMap<string, Tensor>> {
  const path = source.name
  const content = await contentOf(source, tools, () => undefined)
  const reader = new ByteReader(content.chunks())
  try {
    const start = await reader.take(8)
    if (start.length < 8) throw truncated(path, 'a header', `${start.length} bytes`)
    const length = Number(new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true))
    if (length > MAX_HEADER_BYTES) throw corrupt(path, `a header of ${length} bytes`)
    const text = await reader.take(length)
    if (text.length < length) {
      throw truncated(path, `a header of ${length} bytes`, `${text.length} bytes`)
    }
    const tensors = new Map<string, Tensor>()
    const size = content.gzipped ? Infinity : source.size
    for (const [name, facts] of Object.entries(parsed(path, text))) {
      if (name !== '__metadata__') tensors.set(name, tensorOf(path, name, facts, 8 + length))
    }
    const end = Math.max(8 + length, ...[...tensors.values()].map((one) => one.offset + one.bytes))
    if (end > size) throw truncated(path, `${end} bytes`, `${size} bytes`)
    return tensors
  } finally {
    await reader.close()
  }
}

function parsed(path: string, text: Uint8Array): object {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text))
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) return header
  } catch {
    // said below
  }
  throw corrupt(path, 'no JSON object')
}

function tensorOf(path: string, name: string, facts: unknown, start: number): Tensor {
  const { dtype, shape, data_offsets: offsets } = (facts ?? {}) as Record<string, unknown>
  const isSizes = (value: unknown): value is number[] =>
    Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && one >= 0)
  const type = typeof dtype === 'string' ? TYPES[dtype] : undefined
  if (typeof dtype === 'string' && type === undefined) throw unsupported(path, name, dtype)
  if (type === undefined || !isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
    throw corrupt(path, `${name} without dtype, shape or data_offsets`)
  }
  const [from, to] = offsets as [number, number]
  const bytes = sizeOf(shape) * NUMBER_TYPES[type].bytes
  if (to - from !== bytes) {
    throw corrupt(
      path,
      `${name} of ${shape.join(' × ')} ${dtype as string} takes ${bytes} bytes, not ${to - from}`
    )
  }
  return { type, dims: shape, offset: start + from, bytes }
}

function unsupported(path: string, name: string, dtype: string): NormscopeError {
  return new NormscopeError({
    code: 'unsupported-dtype',
    message: `${name} in ${baseName(path)} holds values of type ${dtype}; integers, floats of 16 to 64 bits and booleans can be read. Convert it to F32.`,
    path,
    expected: Object.keys(TYPES).join(', '),
    actual: dtype
  })
}

function corrupt(path: string, actual: string): NormscopeError {
  return new NormscopeError({
    code: 'corrupt-header',
    message: `The header of ${baseName(path)} cannot be understood: ${actual}. Copy or download it again.`,
    path,
    expected: 'a JSON object with dtype, shape and data_offsets of each tensor',
    actual
  })
}
