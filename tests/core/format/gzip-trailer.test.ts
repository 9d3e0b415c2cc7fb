import { gzipSync } from 'node:zlib'
import { buf } from 'crc-32'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checksumAfter } from '../../../src/core/format/gzip-trailer'
import { source } from './build'

const file = (...bytes: Uint8Array[]) => source('a.gz', Buffer.concat(bytes))
const packed = (bytes: Uint8Array): Uint8Array => gzipSync(bytes, { level: 1 })

describe('the checksum at the end of a gzip file', () => {
  test('gives that of what follows a head of the content', async () => {
    const bytes = fc.uint8Array({ maxLength: 3000 })
    await fc.assert(
      fc.asyncProperty(bytes, bytes, async (head, rest) => {
        const whole = file(packed(Buffer.concat([head, rest])))
        expect(await checksumAfter(head, rest.length, whole)).toBe(buf(rest) >>> 0)
      })
    )
  })

  // 123456789: the check value of CRC-32 in the catalogue of parametrised CRC algorithms
  test('is that of the standard', async () => {
    const [head, rest] = ['some bytes first: ', '123456789'].map((text) => Buffer.from(text))
    const whole = file(packed(Buffer.concat([head!, rest!])))
    expect(await checksumAfter(head!, 9, whole)).toBe(0xcbf43926)
  })

  const [head, rest] = [Uint8Array.of(1, 2, 3), Uint8Array.from({ length: 500 }, (_, at) => at)]
  const content = packed(Buffer.concat([head, rest]))
  test.each([
    ['has two members', file(packed(head), packed(rest))],
    ['ends in something else', file(content, Uint8Array.of(7))],
    ['is cut short', file(content.subarray(0, content.length - 3))],
    ['is shorter than an end', file(content.subarray(0, 7))],
    ['is empty', file()]
  ])('says nothing where the file %s', async (_, whole) => {
    expect(await checksumAfter(head, rest.length, whole)).toBeUndefined()
  })

  test('says nothing of another length', async () => {
    expect(await checksumAfter(head, rest.length - 1, file(content))).toBeUndefined()
    expect(await checksumAfter(head, rest.length + 2 ** 32, file(content))).toBeUndefined()
  })
})
