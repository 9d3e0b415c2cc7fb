import { describe, expect, it } from 'vitest'
import { errorFacts, NormscopeError } from '../../../src/core/error'
import type { Files } from '../../../src/core/format/files'
import type { ImageRecord } from '../../../src/core/format/records'
import { recordsSplit } from '../../../src/core/format/records'
import type { DecodedImage } from '../../../src/core/format/source'

const numbers = (name: string, values: readonly number[], label?: number): ImageRecord => ({
  ...{ name, label },
  image: { height: 1, width: values.length, channels: 1, values: Uint8Array.from(values) }
})

/** A picture file whose one byte is its one pixel; 0 is a damaged one. */
const picture = (name: string, byte: number): ImageRecord => ({ name, image: Uint8Array.of(byte) })

const files = {
  async *decode(pictures: readonly { name: string; bytes: Uint8Array }[]) {
    for (const { name, bytes } of pictures) {
      if (bytes[0] === 0) {
        yield new NormscopeError({ code: 'corrupt-image', message: `${name} is damaged.` })
        continue
      }
      const remarks = [{ kind: 'turned' }] as const
      yield { height: 1, width: 1, channels: 1, values: bytes, remarks } satisfies DecodedImage
      await Promise.resolve()
    }
  }
} as unknown as Files

async function read(records: readonly ImageRecord[][], options = {}) {
  async function* batches(): AsyncGenerator<readonly ImageRecord[]> {
    for (const batch of records) yield await Promise.resolve(batch)
  }
  const warnings: string[] = []
  try {
    const split = await recordsSplit('/a/b.rec', batches(), files, options, (w) => warnings.push(w))
    const values: number[] = []
    for await (const chunk of split.chunks()) values.push(...(chunk.values as Uint8Array))
    const labels = split.labels && [...((await split.labels(values.length)) as number[])]
    return { values, labels, warnings }
  } catch (thrown) {
    return { error: errorFacts(thrown) }
  }
}

describe('the images of records', () => {
  it('come in their order, batch by batch, with their labels', async () => {
    expect(await read([[numbers('a', [1, 2], 1)], [], [numbers('b', [3, 4], 0)]])).toEqual({
      ...{ values: [1, 2, 3, 4], labels: [1, 0], warnings: [] }
    })
  })

  it('may be picture files, about which is said once what was done', async () => {
    const { values, warnings, labels } = await read([[picture('a', 7)], [picture('b', 8)]])
    expect([values, labels]).toEqual([[7, 8], undefined])
    expect(warnings).toEqual(['Images with an EXIF orientation: 2. They were turned upright.'])
  })

  it('are refused where one is damaged, or left out where that was asked for', async () => {
    const records = [[picture('a', 7), picture('b', 0), picture('c', 9)]]
    expect((await read(records)).error).toMatchObject({ code: 'corrupt-image' })
    const { values, warnings } = await read(records, { damaged: 'leave-out' })
    expect(values).toEqual([7, 9])
    expect(warnings?.at(-1)).toBe('Images that could not be decoded were left out: 1.')
  })

  it('must be alike: in size, in depth, and in having a label', async () => {
    const wide = numbers('wide', [1, 2, 3])
    const deep: ImageRecord = {
      name: 'deep',
      image: { height: 1, width: 2, channels: 1, values: Uint16Array.of(1, 2) }
    }
    const first = numbers('first', [1, 2])
    expect((await read([[first, wide]])).error).toMatchObject({
      ...{ code: 'mixed-sizes', path: 'wide', expected: '1 × 2', actual: '1 × 3' }
    })
    expect((await read([[first, deep]])).error).toMatchObject({
      ...{ code: 'mixed-depths', expected: '8 bits a value', actual: '16 bits a value' }
    })
    expect((await read([[first, numbers('b', [1, 2], 3)]])).error).toMatchObject({
      ...{ code: 'bad-label', expected: 'no label', actual: 'a label' }
    })
  })

  it('are at least one', async () => {
    expect((await read([[]])).error).toMatchObject({ code: 'empty-dataset', path: '/a/b.rec' })
  })
})
