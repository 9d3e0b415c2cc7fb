import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { withChecksums } from './checksums'

/** One change of a file, as plain data: it can be kept and done again. Places count modulo the file's length. */
export type Step =
  | { readonly do: 'cut'; readonly at: number }
  | { readonly do: 'flip'; readonly at: number; readonly bit: number }
  /** bytes (hex) over those that are there, between them, or at the end */
  | { readonly do: 'put' | 'insert'; readonly at: number; readonly bytes: string }
  | { readonly do: 'append'; readonly bytes: string }
  | { readonly do: 'delete'; readonly at: number; readonly length: number }
  | { readonly do: 'repeat'; readonly at: number; readonly length: number }
  /** from here on the content of another file of the table */
  | { readonly do: 'splice'; readonly at: number; readonly other: number; readonly from: number }
  | { readonly do: 'gzip' }
  /** the trailer of a gzip: checksum and size */
  | { readonly do: 'trailer'; readonly at: number; readonly bit: number }
  | { readonly do: 'replace'; readonly bytes: string }
  /** those of PNG, tar, zip and TFRecord made to fit what there is */
  | { readonly do: 'checksums' }

/** More often near the beginning, where headers are, and near the end, where zip has its list. */
const place = fc.oneof(
  { weight: 3, arbitrary: fc.nat(63) },
  { weight: 2, arbitrary: fc.nat(0xffff) },
  { weight: 1, arbitrary: fc.nat(63).map((back) => -1 - back) }
)

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const latin = (text: string): string => Buffer.from(text, 'latin1').toString('hex')

/** Counts and lengths that readers have to take care of, in both byte orders and as text. */
const counts = ['00000000', '01000000', '00000001', 'ffffffff', 'ffffff7f', '7fffffff', '00000080']
const wide = ['0000000000000000', 'ffffffffffffffff', 'ffffffffffffff7f', '0000000000002000']
const words = [
  ...['"', '\n', '\r\n', ',', ';', '\t', '\0', '(', ')', "'", '{', '[', '<', '../', '%00', '\\'],
  ...['NaN', 'Infinity', '-1', '1e999', '0x1', '9007199254740993', '\xff\xfe', '\xef\xbb\xbf'],
  ...['True', 'False', '|O', '>f8', '<U4', 'PK\x01\x02', '\x1f\x8b\x08', 'GIF8', '<!doctype html>']
].map(latin)

const content = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 4 }).map(hex),
  fc.constantFrom(...counts, ...wide),
  fc.constantFrom(...words)
)

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('cut' as const), at: place }),
  fc.record({ do: fc.constant('flip' as const), at: place, bit: fc.nat(7) }),
  fc.record({ do: fc.constantFrom('put' as const, 'insert' as const), at: place, bytes: content }),
  fc.record({ do: fc.constant('append' as const), bytes: content }),
  fc.record({
    do: fc.constant('delete' as const),
    at: place,
    length: fc.integer({ min: 1, max: 40 })
  }),
  fc.record({
    do: fc.constant('repeat' as const),
    at: place,
    length: fc.integer({ min: 1, max: 40 })
  }),
  fc.record({ do: fc.constant('splice' as const), at: place, other: fc.nat(255), from: place }),
  fc.record({ do: fc.constant('gzip' as const) }),
  fc.record({ do: fc.constant('trailer' as const), at: fc.nat(7), bit: fc.nat(7) }),
  fc.record({ do: fc.constant('replace' as const), bytes: content })
)

/** Mostly one change, for what is still nearly valid goes deepest; behind half of them checksums fit. */
export const steps: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.array(step, { minLength: 1, maxLength: 1 }) },
      { weight: 2, arbitrary: fc.array(step, { minLength: 2, maxLength: 5 }) }
    ),
    fc.boolean()
  )
  .map(([done, fit]) => (fit ? [...done, { do: 'checksums' as const }] : done))

/** `others` are files to splice from. */
export function mutated(
  file: Uint8Array,
  done: readonly Step[],
  others: readonly Uint8Array[]
): Buffer {
  return done.reduce<Buffer>((bytes, each) => after(bytes, each, others), Buffer.from(file))
}

function after(file: Buffer, step: Step, others: readonly Uint8Array[]): Buffer {
  const within = (place: number, length = file.length): number =>
    length === 0 ? 0 : ((place % length) + length) % length
  switch (step.do) {
    case 'cut':
      return file.subarray(0, within(step.at))
    case 'flip': {
      if (file.length === 0) return file
      const out = Buffer.from(file)
      out[within(step.at)]! ^= 1 << step.bit
      return out
    }
    case 'put':
    case 'insert': {
      const at = within(step.at)
      const bytes = Buffer.from(step.bytes, 'hex')
      const rest = file.subarray(step.do === 'put' ? at + bytes.length : at)
      return Buffer.concat([file.subarray(0, at), bytes, rest])
    }
    case 'append':
      return Buffer.concat([file, Buffer.from(step.bytes, 'hex')])
    case 'delete': {
      const at = within(step.at)
      return Buffer.concat([file.subarray(0, at), file.subarray(at + step.length)])
    }
    case 'repeat': {
      const at = within(step.at)
      return Buffer.concat([file.subarray(0, at + step.length), file.subarray(at)])
    }
    case 'splice': {
      const other = others[step.other % others.length] ?? file
      return Buffer.concat([
        file.subarray(0, within(step.at)),
        other.subarray(within(step.from, other.length))
      ])
    }
    case 'gzip':
      return gzipSync(file)
    case 'trailer': {
      if (file.length < 8) return file
      const out = Buffer.from(file)
      out[out.length - 8 + step.at]! ^= 1 << step.bit
      return out
    }
    case 'replace':
      return Buffer.from(step.bytes, 'hex')
    case 'checksums':
      return withChecksums(file)
  }
}
