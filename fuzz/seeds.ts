import fc from 'fast-check'
import { idx, npy } from '../tests/core/format/build'
import { SAMPLES } from '../tests/main/data/samples'
import type { Sample } from '../tests/main/data/samples'
import { steps } from './mutations'
import type { Step } from './mutations'
import { BATCH_SEEDS } from './batches'
import { PICTURE_SEEDS } from './pictures'
import { SUBJECTS } from './subjects'

/** A small data set of each format and kind of picture: what is changed. One without fails `npm test`. */
export const SEEDS: Readonly<Record<string, Sample>> = {
  ...SAMPLES,
  ...PICTURE_SEEDS,
  ...BATCH_SEEDS
}

/** Names of seeds and subjects. */
export const NAMES: readonly string[] = [...Object.keys(SEEDS), ...Object.keys(SUBJECTS)]

/** Files that others are spliced from. */
export const ALL_FILES: readonly Uint8Array[] = Object.values(SEEDS).flatMap(({ files }) =>
  Object.values(files)
)

/** What is tried: a seed or subject with one of its files changed, or an array of its own that is left valid. */
export type Recipe =
  | { readonly seed: string; readonly file: number; readonly steps: readonly Step[] }
  | { readonly array: ValidArray }

interface ValidArray {
  readonly kind: 'idx' | 'npy'
  readonly type: string
  readonly fortran: boolean
  readonly dims: readonly number[]
  /** bytes, repeated as often as it takes */
  readonly bytes: string
}

const IDX_CODES: Readonly<Record<string, number>> = {
  '|u1': 0x08,
  '|i1': 0x09,
  '>i2': 0x0b,
  '>i4': 0x0c,
  '>f4': 0x0d,
  '>f8': 0x0e
}
const NPY_TYPES = [
  '|u1',
  '|i1',
  '|b1',
  ...['u2', 'i2', 'u4', 'i4', 'u8', 'i8', 'f4', 'f8'].flatMap((type) => [`<${type}`, `>${type}`])
]

const side = fc.integer({ min: 1, max: 7 })
const few = fc.integer({ min: 1, max: 5 })
const dims = fc.oneof(
  fc.tuple(few, fc.constantFrom(1, 3, 4, 9, 12, 16, 25, 27)),
  fc.tuple(few, side, side),
  fc.tuple(few, side, side, fc.constantFrom(1, 3, 4)),
  fc.tuple(few, fc.constantFrom(1, 3), side, side)
)
const bytes = fc
  .uint8Array({ minLength: 1, maxLength: 24 })
  .map((each) => Buffer.from(each).toString('hex'))

const array: fc.Arbitrary<ValidArray> = fc.oneof(
  fc.record({
    kind: fc.constant('idx' as const),
    type: fc.constantFrom(...Object.keys(IDX_CODES)),
    fortran: fc.constant(false),
    dims: dims.filter(({ length }) => length > 2),
    bytes
  }),
  fc.record({
    kind: fc.constant('npy' as const),
    type: fc.constantFrom(...NPY_TYPES),
    fortran: fc.boolean(),
    dims,
    bytes
  })
)

export const recipes = (names: readonly string[]): fc.Arbitrary<Recipe> =>
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc.record({ seed: fc.constantFrom(...names), file: fc.nat(15), steps })
    },
    {
      weight: names.length === NAMES.length ? 1 : 0,
      arbitrary: array.map((made) => ({ array: made }))
    }
  )

export function arrayFile({ kind, type, fortran, dims, bytes }: ValidArray): Uint8Array {
  const size = dims.reduce((product, each) => product * each, 1) * Number(type.slice(2))
  const pattern = Buffer.from(bytes, 'hex')
  const data = Uint8Array.from({ length: size }, (_, at) => pattern[at % pattern.length]!)
  return kind === 'idx' ? idx(IDX_CODES[type]!, dims, data) : npy(type, dims, data, fortran)
}
