import { describe, expect, test } from 'vitest'
import { errorFacts } from '../../../src/core/error'
import type { ByteSource } from '../../../src/core/format/source'
import { tarIndex } from '../../../src/main/data/files/tar'

interface Member {
  readonly name: string
  readonly kind?: string
  readonly content?: string
  /** in place of its size as octal digits */
  readonly size?: Buffer
  readonly prefix?: string
  /** the bytes at 257: 'ustar', NUL, '00' unless told otherwise */
  readonly magic?: string
}

/** One member as POSIX.1-1988 lays it out: a header of 512 bytes, and its content padded to that. */
function member({ name, kind = '0', content = '', size, prefix, magic }: Member): Buffer {
  const bytes = Buffer.from(content)
  const header = Buffer.alloc(512)
  header.write(name, 0)
  header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124)
  size?.copy(header, 124)
  header.write('        ', 148)
  header.write(kind, 156)
  header.write(magic ?? 'ustar\x0000', 257)
  if (prefix !== undefined) header.write(prefix, 345)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)])
}

const END = Buffer.alloc(1024)
const attribute = (key: string, value: string): string => {
  const rest = ` ${key}=${value}\n`
  return `${Buffer.byteLength(rest) + 2}${rest}`
}

function index(...parts: readonly Buffer[]) {
  const bytes = Buffer.concat(parts)
  const source: ByteSource = {
    name: '/a/b.tar',
    size: bytes.length,
    read: (at, length) => Promise.resolve(bytes.subarray(at, at + length))
  }
  return tarIndex(source, () => undefined)
}

async function error(...parts: readonly Buffer[]) {
  try {
    await index(...parts)
  } catch (thrown) {
    return errorFacts(thrown)
  }
  return undefined
}

describe('the index of a tar archive', () => {
  test('has regular files with their places; folders are none, links are counted', async () => {
    const found = await index(
      member({ name: 'a/', kind: '5' }),
      member({ name: 'a/1', content: 'abc' }),
      member({ name: 'link', kind: '2' }),
      member({ name: 'pipe', kind: '6' }),
      member({ name: 'old', kind: '\0', content: 'x'.repeat(513) }),
      member({ name: 'last' }),
      END
    )
    expect(found.special).toBe(2)
    expect(found.entries).toEqual([
      { name: 'a/1', at: 1024, size: 3 },
      { name: 'old', at: 3072, size: 513 },
      { name: 'last', at: 4608, size: 0 }
    ])
  })

  test('takes long names: of POSIX in two fields, of GNU and of pax from an entry before', async () => {
    const long = 'd/'.repeat(100)
    const { entries } = await index(
      member({ name: 'b', prefix: 'first/part' }),
      member({ name: 'c', prefix: '12345', magic: 'ustar  \0' }),
      member({ name: '././@LongLink', kind: 'K', content: 'target\0' }),
      member({ name: '././@LongLink', kind: 'L', content: `${long}g\0` }),
      member({ name: 'cut' }),
      member({ name: 'pax', kind: 'x', content: attribute('path', 'é/p') }),
      member({ name: 'cut' }),
      member({ name: 'global', kind: 'g', content: attribute('comment', 'none') }),
      member({ name: 'after' }),
      END
    )
    expect(entries.map(({ name }) => name)).toEqual([
      'first/part/b',
      'c',
      `${long}g`,
      'é/p',
      'after'
    ])
  })

  test('takes sizes of pax and of base 256', async () => {
    const base256 = Buffer.alloc(12)
    base256[0] = 0x80
    base256[11] = 5
    const { entries } = await index(
      member({ name: 'pax', kind: 'x', content: attribute('size', '3') }),
      member({ name: 'a', content: 'abc', size: Buffer.from('00000000000\0') }),
      member({ name: 'b', content: 'abcde', size: base256 }),
      member({ name: 'c' }),
      END
    )
    expect(entries.map(({ name, size }) => [name, size])).toEqual([
      ['a', 3],
      ['b', 5],
      ['c', 0]
    ])
  })

  test('is refused where a size is none, or a name without end', async () => {
    const huge = Buffer.alloc(12, 0xff)
    for (const part of [
      member({ name: 'a', size: Buffer.from('12x4567890a\0') }),
      member({ name: 'a', size: huge }),
      Buffer.concat([
        member({ name: 'p', kind: 'x', content: attribute('size', '1e99') }),
        member({ name: 'a' })
      ]),
      Buffer.concat([
        member({ name: 'p', kind: 'L', size: Buffer.from('00010000000\0') }),
        Buffer.alloc(1 << 22)
      ])
    ]) {
      expect(await error(part, END)).toMatchObject({ code: 'corrupt-tar', path: '/a/b.tar' })
    }
  })

  test('is refused where a byte of a header is wrong, or the archive is cut off', async () => {
    const whole = Buffer.concat([member({ name: 'a', content: 'abc' }), member({ name: 'b' })])
    for (const at of [0, 100, 124, 156, 300, 511]) {
      const wrong = Buffer.from(whole)
      wrong[at]! ^= 1
      expect((await error(wrong, END))?.code, `byte ${at}`).toBe('corrupt-tar')
    }
    expect((await error(whole.subarray(0, 514)))?.code).toBe('truncated-file')
    expect((await error(whole.subarray(0, 1100)))?.code).toBe('truncated-file')
  })
})
