import { describe, expect, test } from 'vitest'
import { ByteReader } from '../../../src/core/format/source'

const LARGE = 1 << 20

async function* streamOf(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces
}

/** Bytes 0, 1, 2, … in pieces of these lengths. */
function readerOf(...lengths: number[]) {
  let next = 0
  const pieces = lengths.map((length) => Uint8Array.from({ length }, () => next++ & 0xff))
  return { pieces, reader: new ByteReader(streamOf(pieces)) }
}

/** Items until there are none. */
async function taken(reader: ByteReader, size: number, most: number) {
  const found: Uint8Array[] = []
  for (;;) {
    const bytes = await reader.takeItems(size, most)
    if (bytes.length === 0) return found
    found.push(bytes)
  }
}

describe('items of a stream', () => {
  test('lie in large pieces as they are, and are joined only where they lie in two', async () => {
    const { pieces, reader } = readerOf(LARGE, LARGE)
    const found = await taken(reader, 1000, 5000)
    expect(found.map(({ length }) => length)).toEqual([1_048_000, 1000, 1_048_000, 152])
    expect([found[0]!.buffer, found[2]!.buffer]).toEqual(pieces.map(({ buffer }) => buffer))
    expect([...found[1]!]).toEqual(Array.from({ length: 1000 }, (_, at) => (1_048_000 + at) & 0xff))
  })

  test('in a small piece before a large one are taken by themselves', async () => {
    const { pieces, reader } = readerOf(2500, LARGE)
    const found = await taken(reader, 1000, 5000)
    expect(found.map(({ length }) => length)).toEqual([2000, 1000, 1_048_000, 76])
    expect(found[2]!.buffer).toBe(pieces[1]!.buffer)
  })

  test('are no more than asked for', async () => {
    const { reader } = readerOf(LARGE)
    expect(await reader.takeItems(1000, 300)).toHaveLength(300_000)
    expect(await reader.takeItems(1000, 1)).toHaveLength(1000)
    expect(reader.position).toBe(301_000)
  })

  test('are joined where pieces are small, so that there are not many of a few', async () => {
    const { reader } = readerOf(700, 700, 700, 700, 700)
    const found = await taken(reader, 100, 30)
    expect(found.map(({ length }) => length)).toEqual([3000, 500])
    expect(found[1]![0]).toBe(3000 & 0xff)
  })

  test('larger than pieces come one by one', async () => {
    const { reader } = readerOf(LARGE, LARGE, LARGE)
    const found = await taken(reader, 1_500_000, 1)
    expect(found.map(({ length }) => length)).toEqual([1_500_000, 1_500_000, 145_728])
  })
})
