import { crc32, deflateRawSync, gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gunzip } from '../../../src/main/data/files/gunzip'
import { source } from '../../core/format/build'
import { factsOf } from './helpers'

/** What a program that is not ours makes of it: its bytes, or that it refuses them. */
function byZlib(file: Uint8Array): Buffer | 'refused' {
  try {
    return gunzipSync(file)
  } catch {
    return 'refused'
  }
}

async function unpacked(file: Uint8Array): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of gunzip(source('a.gz', file))) pieces.push(piece)
  return Buffer.concat(pieces)
}

async function byOurs(file: Uint8Array): Promise<Buffer | 'refused'> {
  let found: Buffer | undefined
  const { code } = await factsOf(async () => (found = await unpacked(file)))
  if (found !== undefined) return found
  expect(['corrupt-gzip', 'truncated-file']).toContain(code)
  return 'refused'
}

interface Header {
  readonly isText: boolean
  readonly extra: Uint8Array | undefined
  readonly name: string | undefined
  readonly comment: string | undefined
  readonly isSummed: boolean
}

/** A member with any of the fields of RFC 1952. */
function member(content: Uint8Array, { isText, extra, name, comment, isSummed }: Header): Buffer {
  const flags = [isText, isSummed, extra, name, comment].map((one, bit) =>
    one === undefined || one === false ? 0 : 1 << bit
  )
  const head = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, flags.reduce((all, one) => all | one), 1, 2, 3, 4, 0, 255]),
    ...(extra ? [Uint8Array.of(extra.length & 255, extra.length >> 8), extra] : []),
    ...[name, comment].flatMap((text) => (text === undefined ? [] : [Buffer.from(`${text}\0`)]))
  ])
  const ends = Buffer.alloc(10)
  ends.writeUInt16LE(crc32(head) & 0xffff, 0)
  ends.writeUInt32LE(crc32(content), 2)
  ends.writeUInt32LE(content.length, 6)
  const sum = isSummed ? ends.subarray(0, 2) : new Uint8Array()
  return Buffer.concat([head, sum, deflateRawSync(content), ends.subarray(2)])
}

const text = fc.option(fc.stringMatching(/^[ -~]{0,700}$/), { nil: undefined })
const header: fc.Arbitrary<Header> = fc.record({
  isText: fc.boolean(),
  extra: fc.option(fc.uint8Array({ maxLength: 1500 }), { nil: undefined }),
  name: text,
  comment: text,
  isSummed: fc.boolean()
})
const content = fc.uint8Array({ maxLength: 2000 })
const members = fc.array(fc.tuple(content, header), { minLength: 1, maxLength: 3 })
const fileOf = (parts: readonly (readonly [Uint8Array, Header])[]): Buffer =>
  Buffer.concat(parts.map(([bytes, fields]) => member(bytes, fields)))

describe('a gzip file', () => {
  test('of any members and headers gives what was packed', async () => {
    await fc.assert(
      fc.asyncProperty(members, async (parts) => {
        const whole = Buffer.concat(parts.map(([bytes]) => bytes))
        expect(byZlib(fileOf(parts))).toEqual(whole)
        expect((await unpacked(fileOf(parts))).equals(whole)).toBe(true)
      })
    )
  })

  test('that is damaged or cut anywhere is taken or refused as zlib does', async () => {
    let refused = 0
    const damage = fc.record({ at: fc.nat(), bits: fc.integer({ min: 1, max: 255 }) })
    await fc.assert(
      fc.asyncProperty(members, damage, fc.boolean(), async (parts, { at, bits }, isCut) => {
        const file = fileOf(parts)
        const place = at % file.length
        if (!isCut) file[place]! ^= bits
        const damaged = isCut ? file.subarray(0, place) : file
        const expected = byZlib(damaged)
        if (expected === 'refused') refused++
        expect(await byOurs(damaged)).toEqual(expected)
      }),
      { numRuns: 300 }
    )
    expect(refused).toBeGreaterThan(100)
  })

  const packed = gzipSync('pixels')
  test.each([
    ['zeros', Buffer.alloc(9)],
    ['zeros and a member', Buffer.concat([Buffer.alloc(3), packed])],
    ['other bytes', Buffer.from('xyz')],
    ['half of what a member begins with', Buffer.from([0x1f])],
    ['a member of another method', Buffer.from([0x1f, 0x8b, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0])]
  ])('with %s behind it is taken or refused as zlib does', async (_, behind) => {
    const file = Buffer.concat([packed, behind])
    expect(await byOurs(file)).toEqual(byZlib(file))
  })

  test.each([
    ['does not begin as one', Buffer.from('no such file'), 'corrupt-gzip'],
    [
      'has flags that nobody knows',
      Buffer.from([0x1f, 0x8b, 8, 0x20, ...Array(20).fill(0)]),
      'corrupt-gzip'
    ],
    [
      'has a name without an end',
      Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 0]), Buffer.alloc(2 << 20, 65)]),
      'corrupt-gzip'
    ],
    [
      'ends within its name',
      Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 0]), Buffer.alloc(5000, 65)]),
      'truncated-file'
    ],
    ['is empty', Buffer.alloc(0), 'truncated-file'],
    ['ends before its checksum', packed.subarray(0, -8), 'truncated-file']
  ])('that %s is refused', async (_, file, code) => {
    expect(await factsOf(() => unpacked(file))).toMatchObject({ code, path: 'a.gz' })
  })

  test('of many short members is not read much more than once', async () => {
    // random bytes: each member is as long as its content
    const part = Uint8Array.from({ length: 60_000 }, (_, at) => Math.imul(at, 0x9e3779b1) >>> 24)
    const file = Buffer.concat(Array.from({ length: 40 }, () => gzipSync(part, { level: 0 })))
    let read = 0
    const counting = source('a.gz', file)
    const counted = {
      ...counting,
      read(offset: number, length: number, room?: Uint8Array) {
        read += Math.min(length, file.length - offset)
        return counting.read(offset, length, room)
      }
    }
    let bytes = 0
    for await (const piece of gunzip(counted)) bytes += piece.length
    expect(bytes).toBe(40 * part.length)
    expect(read).toBeLessThan(3 * file.length)
  })
})
