import type { ArrayContent } from '../../core/format/array-file'
import type { NumberTypeId } from '../../core/format/number-type'
import type { Library } from './library'

export type Metadata = ReturnType<Library['get_dataset_metadata']>

/** As the library numbers its classes of types. */
const CLASS = {
  integer: 0,
  float: 1,
  text: 3,
  bits: 4,
  compound: 6,
  reference: 7,
  enum: 8,
  list: 9
}

const INTEGERS: Readonly<Record<number, readonly [NumberTypeId, NumberTypeId]>> = {
  1: ['u1', 'i1'],
  2: ['u2', 'i2'],
  4: ['u4', 'i4'],
  8: ['u8', 'i8']
}
const FLOATS: Readonly<Record<number, NumberTypeId>> = { 2: 'f2', 4: 'f4', 8: 'f8' }

const NAMES: Readonly<Record<number, string>> = {
  [CLASS.compound]: 'records of several fields',
  [CLASS.reference]: 'references to other objects',
  [CLASS.list]: 'lists of different lengths'
}

/** What numbers of a type are read as; else what they are called that cannot be read. */
export function contentOf(
  metadata: Metadata
): { readonly content: ArrayContent } | { readonly unknown: string } {
  const { type, size, signed } = metadata
  if (type === CLASS.text) return { content: 'texts' }
  const content = type === CLASS.float ? FLOATS[size] : integerOf(metadata)
  if (content !== undefined) return { content }
  const bits = `of ${8 * size} bits`
  const kind = type === CLASS.float ? `floats ${bits}` : signed ? `integers ${bits}` : undefined
  return { unknown: NAMES[type] ?? kind ?? `values of an unknown type ${bits}` }
}

function integerOf({ type, size, signed, enum_type }: Metadata): NumberTypeId | undefined {
  if (type === CLASS.enum && isBoolean(enum_type?.members)) return size === 1 ? 'b1' : undefined
  const whole = type === CLASS.integer || type === CLASS.enum
  if (whole) return INTEGERS[size]?.[signed ? 1 : 0]
  return type === CLASS.bits ? INTEGERS[size]?.[0] : undefined
}

/** As h5py writes NumPy's bool. */
function isBoolean(members: Readonly<Record<string, number>> | undefined): boolean {
  const { FALSE, TRUE, ...others } = members ?? {}
  return FALSE === 0 && TRUE === 1 && Object.keys(others).length === 0
}
