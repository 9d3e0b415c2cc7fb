import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { ByteSource } from '../../../src/core/format/source'
import { nodeTools } from '../../../src/main/data/files/tools'
import { factsOf } from './helpers'

/** A source that fails from some byte on, as a disk may. */
function failing(bytes: Uint8Array, from: number): ByteSource {
  return {
    name: '/data/set.gz',
    size: bytes.length,
    read(offset, length) {
      if (offset + length > from) return Promise.reject(new Error('the disk went away'))
      return Promise.resolve(bytes.subarray(offset, offset + length))
    }
  }
}

const whole = (bytes: Uint8Array): ByteSource => failing(bytes, Infinity)

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts).toString()
}

describe('gzip', () => {
  const packed = gzipSync('pixels, pixels')

  test('gives what was packed', async () => {
    expect(await textOf(nodeTools.gunzip(whole(packed)))).toBe('pixels, pixels')
  })

  test('tells a cut from damage', async () => {
    const cut = await factsOf(() => textOf(nodeTools.gunzip(whole(packed.subarray(0, -6)))))
    expect(cut.code).toBe('truncated-file')
    const bad = Uint8Array.from(packed)
    bad[packed.length - 5]! ^= 1 // in the checksum
    const damaged = await factsOf(() => textOf(nodeTools.gunzip(whole(bad))))
    expect(damaged).toMatchObject({ code: 'corrupt-gzip', path: '/data/set.gz' })
  })

  test('comes in pieces of a megabyte at most, whatever the file says of its size', async () => {
    const zeros = gzipSync(new Uint8Array(2_500_000))
    const sizes: number[] = []
    for await (const chunk of nodeTools.gunzip(whole(zeros))) sizes.push(chunk.length)
    expect(sizes).toEqual([1 << 20, 1 << 20, 2_500_000 - (2 << 20)])
    const lying = Uint8Array.from(packed)
    lying.fill(255, -4)
    const before = process.memoryUsage().arrayBuffers
    const refused = await factsOf(() => textOf(nodeTools.gunzip(whole(lying))))
    expect(refused.code).toBe('corrupt-gzip')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4_000_000)
  })

  test('takes one member after another, read in several pieces', async () => {
    // bytes that do not pack: eleven megabytes are read through the memory of eight
    const parts = [6_700_000, 4_400_000].map((length) =>
      Uint8Array.from({ length }, (_, at) => Math.imul(at, 0x9e3779b1) >>> 24)
    )
    const members = Buffer.concat(parts.map((part) => gzipSync(part, { level: 0 })))
    const found: Uint8Array[] = []
    for await (const chunk of nodeTools.gunzip(whole(members))) found.push(chunk)
    expect(Buffer.concat(found).equals(Buffer.concat(parts))).toBe(true)
  })

  test('is read by turns into memory that is left alone until it is unpacked', async () => {
    const packed = gzipSync(
      Uint8Array.from({ length: 2e7 }, (_, at) => Math.imul(at, at) >>> 11),
      {
        level: 0
      }
    )
    const rooms = new Set<Uint8Array>()
    const source: ByteSource = {
      ...whole(packed),
      read(offset, length, room) {
        if (room === undefined) return whole(packed).read(offset, length)
        rooms.add(room)
        room.set(packed.subarray(offset, offset + length))
        return Promise.resolve(room.subarray(0, length))
      }
    }
    let at = 0
    for await (const chunk of nodeTools.gunzip(source)) {
      expect(chunk.every((value, i) => value === ((Math.imul(at + i, at + i) >>> 11) & 255))).toBe(
        true
      )
      at += chunk.length
    }
    expect(at).toBe(2e7)
    const large = [...rooms].filter((room) => room.length === 1 << 22)
    expect(large).toHaveLength(2)
  })

  test('lets go of a file that is not read to its end', async () => {
    const zeros = gzipSync(new Uint8Array(9_000_000))
    for await (const chunk of nodeTools.gunzip(whole(zeros))) {
      expect(chunk.length).toBe(1 << 20)
      break
    }
  })

  test('lets what the file itself could not do through', async () => {
    await expect(textOf(nodeTools.gunzip(failing(packed, 0)))).rejects.toThrow('the disk went away')
  })
})

describe('CSV', () => {
  async function* text(...parts: readonly (string | Error)[]): AsyncGenerator<Uint8Array> {
    for (const part of parts) {
      if (part instanceof Error) throw part
      yield await Promise.resolve(Buffer.from(part))
    }
  }

  async function records(...parts: readonly (string | Error)[]): Promise<(readonly string[])[]> {
    const all: (readonly string[])[] = []
    for await (const one of nodeTools.csvRecords('/data/set.csv', text(...parts), ','))
      all.push(one)
    return all
  }

  test('has records over any cut of its bytes, quotes within fields and empty lines', async () => {
    expect(await records('a,"b, ', 'c"\r\n\r\n 7" ,2\n')).toEqual([
      ['a', 'b, c'],
      ['7"', '2']
    ])
  })

  test('that never closes a quote is told with the file', async () => {
    const facts = await factsOf(() => records('a,"b\n1,2\n'))
    expect(facts).toMatchObject({ code: 'corrupt-csv', path: '/data/set.csv' })
    expect(facts.message).toMatch(/^set\.csv cannot be read as CSV: .*[^.]\.$/s)
  })

  test('lets what its bytes could not do through', async () => {
    await expect(records('a,b\n', new Error('the disk went away'))).rejects.toThrow(
      'the disk went away'
    )
  })
})
