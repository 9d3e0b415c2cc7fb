import { describe, expect, it } from 'vitest'
import { errorFacts, NormscopeError } from '../../../src/core/error'
import type { Files } from '../../../src/core/format/files'
import type { ImageRecord } from '../../../src/core/format/records'
import { mostCommonSize } from '../../../src/core/format/sizes'
import { concatenated } from '../../../src/core/format/concat'
import { readRecords } from '../../../src/core/format/record-files'
import { recordsSplit } from '../../../src/core/format/records'
import type { DecodedImage } from '../../../src/core/format/source'

const numbers = (name: string, values: readonly number[], label?: number): ImageRecord => ({
  ...{ name, label },
  image: { height: 1, width: values.length, channels: 1, values: Uint8Array.from(values) }
})

/** A picture file whose one byte is its one pixel; 0 is a damaged one, 9 one of two pixels. */
const picture = (name: string, byte: number): ImageRecord => ({ name, image: Uint8Array.of(byte) })

const files = {
  async *decode(pictures: readonly { name: string; bytes: Uint8Array }[]) {
    for (const { name, bytes } of pictures) {
      if (bytes[0] === 0) {
        yield new NormscopeError({ code: 'corrupt-image', message: `${name} is damaged.` })
        continue
      }
      const remarks = [{ kind: 'turned' }] as const
      const from = name === 'wide' ? { from: { height: 1, width: 2 } } : {}
      const width = bytes[0] === 9 ? 2 : 1
      const made: DecodedImage = {
        height: 1,
        width,
        channels: 1,
        values: width === 1 ? bytes : Uint8Array.of(9, 9),
        remarks,
        ...from
      }
      yield made
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

describe('the images of records in several files', () => {
  const wide = (name: string): ImageRecord => ({ name, image: Uint8Array.of(9) })
  const opened = (...parts: readonly ImageRecord[][]) =>
    concatenated(
      parts.map((records, at) => ({
        path: `/a/${at}.parquet`,
        open: () => recordsSplit(`/a/${at}.parquet`, once(records), files, {}, () => undefined)
      }))
    )
  const errorOf = async (...parts: readonly ImageRecord[][]) => {
    try {
      for await (const chunk of (await opened(...parts)).chunks()) void chunk
    } catch (thrown) {
      return errorFacts(thrown)
    }
    return undefined
  }
  async function* once(records: readonly ImageRecord[]): AsyncGenerator<readonly ImageRecord[]> {
    yield await Promise.resolve(records)
  }

  it('must have one size: those of all files are told, and the way out', async () => {
    const found = '1 × 2 (3), 1 × 1 (2)'
    const alike = await errorOf(
      [picture('a', 1), picture('b', 1)],
      [wide('row 0'), wide('row 1')],
      [wide('row 0')]
    )
    expect(alike).toMatchObject({ code: 'mixed-sizes', expected: '1 × 1', actual: found })
    expect(alike?.message).toContain('row 0 is 1 × 2 pixels (height × width), 0.parquet is 1 × 1;')
    expect(mostCommonSize(alike!)).toEqual({ height: 1, width: 2 })
    const within = await errorOf(
      [picture('a', 1), wide('b')],
      [picture('c', 1), wide('d'), wide('e')]
    )
    expect(within).toMatchObject({ code: 'mixed-sizes', path: 'b', actual: found })
  })

  it('are told as far as they are seen where one is damaged', async () => {
    const error = await errorOf([picture('a', 1)], [wide('b'), picture('c', 0), wide('d')])
    expect(error?.actual).toBe('1 × 1 (1), 1 × 2 (1) among the first 2')
    const first = await errorOf([picture('a', 1)], [picture('c', 0), wide('d')])
    expect(first?.code).toBe('corrupt-image')
  })

  it('are remarked on together', async () => {
    const warnings: string[] = []
    const split = { path: 'a', paths: ['a', 'b'], pictures: {} }
    const reading = {
      files,
      warn: (w: string) => warnings.push(w),
      labels: () => Promise.reject(new Error())
    }
    const read = await readRecords(split, reading, (path) =>
      Promise.resolve(once(path === 'a' ? [picture('x', 1), picture('y', 2)] : [picture('z', 3)]))
    )
    for await (const chunk of read.chunks()) void chunk
    expect(warnings).toEqual(['Images with an EXIF orientation: 3. They were turned upright.'])
  })

  it('cannot be resized where some are numbers', async () => {
    const error = await errorOf([picture('a', 1)], [numbers('b', [1, 2])])
    expect(error).toMatchObject({ code: 'mixed-sizes', actual: '1 × 1 (1), 1 × 2 (1)' })
    expect(mostCommonSize(error!)).toBeUndefined()
  })
})

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

  it('are said to be resized where they were', async () => {
    const size = { height: 1, width: 1, fit: 'stretch' } as const
    const wide = { ...picture('b', 8), name: 'wide' }
    const { warnings } = await read([[picture('a', 7), wide]], { size })
    expect(warnings?.at(-1)).toBe(
      '1 of 2 images were resized to 1 × 1: they were 1 pixels high and 2 wide. Bilinear with antialiasing; their sides are not kept in proportion.'
    )
  })

  it('are refused where one is damaged, or left out where that was asked for', async () => {
    const records = [[picture('a', 7), picture('b', 0), picture('c', 6)]]
    expect((await read(records)).error).toMatchObject({ code: 'corrupt-image' })
    const { values, warnings } = await read(records, { damaged: 'leave-out' })
    expect(values).toEqual([7, 6])
    expect(warnings?.at(-1)).toBe('Images that could not be decoded were left out: 1 (b).')
  })

  it('must be alike: in size, in depth, and in having a label', async () => {
    const deep: ImageRecord = {
      name: 'deep',
      image: { height: 1, width: 2, channels: 1, values: Uint16Array.of(1, 2) }
    }
    const first = numbers('first', [1, 2])
    expect((await read([[first, deep]])).error).toMatchObject({
      ...{ code: 'mixed-depths', expected: '8 bits a value', actual: '16 bits a value' }
    })
    expect((await read([[first, numbers('b', [1, 2], 3)]])).error).toMatchObject({
      ...{ code: 'bad-label', expected: 'no label', actual: 'a label' }
    })
  })

  it('must have one size: the sizes of all that follow are told', async () => {
    const wide = numbers('wide', [1, 2, 3])
    const more = [numbers('c', [1, 2, 3]), numbers('d', [1]), numbers('e', [1, 2, 3])]
    const { error } = await read([[numbers('first', [1, 2]), wide], more])
    const found = '1 × 3 (3), 1 × 2 (1), 1 × 1 (1)'
    expect(error).toMatchObject({
      ...{ code: 'mixed-sizes', path: 'wide', expected: '1 × 2', actual: found }
    })
    expect(error?.message).toBe(
      `wide is 1 × 3 pixels (height × width), first is 1 × 2; all images must have one size. Sizes found: ${found}.`
    )
    // numbers are not resized
    expect(mostCommonSize(error!)).toBeUndefined()
    expect(error?.hint).toBe(
      'Save all images with one size; only picture files can be resized here.'
    )
    // a picture behind them that is damaged ends what can be seen
    const seen = await read([[numbers('first', [1, 2]), picture('b', 5)], [picture('c', 0)]])
    expect(seen.error).toMatchObject({
      code: 'mixed-sizes',
      actual: '1 × 2 (1), 1 × 1 (1) among the first 2'
    })
    expect(seen.error?.hint).toContain('--resize')
    expect(mostCommonSize(seen.error!)).toEqual({ height: 1, width: 2 })
  })

  it('are at least one', async () => {
    expect((await read([[]])).error).toMatchObject({ code: 'empty-dataset', path: '/a/b.rec' })
  })
})
