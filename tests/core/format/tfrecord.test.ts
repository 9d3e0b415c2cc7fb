import { describe, expect, test } from 'vitest'
import { crc32c, maskedCrc32c } from '../../../src/core/format/crc32c'
import { featuresOf } from '../../../src/core/format/tfrecord/example'
import { imageRecords } from '../../../src/core/format/tfrecord/images'
import { errorFacts } from '../../../src/core/error'

/** A field of a protocol buffer that holds bytes. */
const field = (number: number, bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.of(8 * number + 2, bytes.length), bytes])

const feature = (name: string, kind: number, list: Uint8Array): Buffer =>
  field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, field(kind, list))]))

const example = (...features: Buffer[]): Buffer => field(1, Buffer.concat(features))

function record(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(bytes.length))
  const sum = (of: Uint8Array): Buffer => {
    const four = Buffer.alloc(4)
    four.writeUInt32LE(maskedCrc32c(of))
    return four
  }
  return Buffer.concat([length, sum(length), bytes, sum(bytes)])
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function factsOf(bytes: Uint8Array) {
  try {
    for await (const batch of imageRecords('a.tfrecord', once(bytes), () => undefined)) void batch
  } catch (thrown) {
    return errorFacts(thrown)
  }
  return { code: 'none', message: '' }
}

const grey = (count: number): Buffer => feature('image', 1, field(1, Buffer.alloc(count, 7)))
const number = (name: string, value: number): Buffer => feature(name, 3, Buffer.of(8, value))

test('checksums are those of RFC 3720, appendix B.4', () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
  expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43)
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, at) => at))).toBe(0x46dd794e)
})

describe('a record of tf.train.Example', () => {
  test('has bytes, floats and whole numbers, packed or not', () => {
    const floats = Buffer.alloc(8)
    floats.writeFloatLE(1.5, 0)
    floats.writeFloatLE(-2, 4)
    const minusOne = Buffer.from([8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1])
    const found = featuresOf(
      example(
        feature('a', 1, field(1, Buffer.from('xy'))),
        feature('b', 2, field(1, floats)),
        feature('c', 3, field(1, Buffer.of(1, 0x80, 0x02))),
        feature('d', 3, minusOne),
        feature('e', 2, Buffer.concat([Buffer.of(0x0d), floats.subarray(0, 4)]))
      )
    )
    const list = (name: string): unknown[] => [...found!.get(name)!.values]
    expect(list('a')).toEqual([Buffer.from('xy')])
    expect(list('b')).toEqual([1.5, -2])
    expect(list('c')).toEqual([1, 256])
    expect(list('d')).toEqual([-1])
    expect(list('e')).toEqual([1.5])
  })

  test('whose bytes are none is undefined', () => {
    expect(featuresOf(Buffer.from('no example'))).toBeUndefined()
    expect(featuresOf(Buffer.of(0x0a, 200))).toBeUndefined()
    expect(featuresOf(example(feature('b', 2, field(1, Buffer.alloc(3)))))).toBeUndefined()
    expect(featuresOf(example(feature('c', 3, field(1, Buffer.of(0x80)))))).toBeUndefined()
    expect(featuresOf(new Uint8Array(0))).toBeUndefined()
  })
})

describe('a damaged TFRecord says what is wrong with it', () => {
  const whole = record(example(grey(4)))
  const flipped = Buffer.from(whole)
  flipped[20]! ^= 1
  const wrongLength = Buffer.from(whole)
  wrongLength[0]! ^= 1
  const huge = record(new Uint8Array(0))
  huge.writeBigUInt64LE(2n ** 62n)
  huge.writeUInt32LE(maskedCrc32c(huge.subarray(0, 8)), 8)
  test.each([
    ['none', whole, ''],
    ['truncated-file', whole.subarray(0, 7), '12 bytes of record 0'],
    ['truncated-file', whole.subarray(0, whole.length - 1), 'bytes of record 0'],
    ['corrupt-tfrecord', flipped, 'checksum of record 0'],
    ['corrupt-tfrecord', wrongLength, 'checksum of the length of record 0'],
    ['corrupt-tfrecord', huge, 'record 0 has 4611686018427388000 bytes'],
    ['corrupt-tfrecord', record(Buffer.from('abc')), 'no tf.train.Example'],
    ['not-images', record(example(number('label', 1))), 'features label'],
    ['not-square', record(example(grey(5))), '5 values per image'],
    [
      'corrupt-tfrecord',
      record(example(grey(4), number('height', 3), number('width', 2))),
      '4 values for 3 × 2'
    ]
  ])('%s', async (code, bytes, said) => {
    const facts = await factsOf(bytes)
    expect(facts.code).toBe(code)
    expect(facts.message).toContain(said)
  })
})
