import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../../src/core/random'
import { channelMoments } from '../../../../src/core/statistics/moments'
import { channelLevels } from '../../../../src/core/statistics/counting/levels'
import {
  readSummary,
  summaryBytes,
  summaryOf,
  writeSummary
} from '../../../../src/main/engine/summary/file'
import { mergeParts, missingRanges, wholeSummary } from '../../../../src/main/engine/summary/part'
import type { SummaryPart } from '../../../../src/main/engine/summary/part'
import { summarisePart } from '../../../../src/main/engine/summary/parts'
import { npy } from '../../../core/format/build'
import { factsOf, folderOf, open, scratch } from '../../data/helpers'
import { writeSmallImages } from '../small-images'

const small = await open(writeSmallImages(join(scratch(), 'small'), 60, 6))
const shardsOf = (count: number): Promise<SummaryPart[]> =>
  Promise.all(
    Array.from({ length: count }, (_, at) =>
      summarisePart(small, 'train', { index: at + 1, shards: count })
    )
  )

function told(part: SummaryPart): unknown {
  const summary = wholeSummary(part)
  const levels = channelLevels(summary, 0)
  return [
    part.classCounts,
    channelMoments(summary),
    levels && [[...levels.values], [...levels.counts]]
  ]
}

describe('the summary of a split', () => {
  it('has the moments of all its values and the classes of all its images', async () => {
    const part = await summarisePart(small, 'train')
    // image i has the values 10 i to 10 i + 3, as bytes
    const values = Array.from(
      { length: 240 },
      (_, at) => (10 * Math.floor(at / 4) + (at % 4)) % 256
    )
    const mean = values.reduce((sum, value) => sum + value, 0) / 240
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 240
    const moments = channelMoments(wholeSummary(part))
    expect(moments.mean[0]).toBeCloseTo(mean, 12)
    expect(moments.std[0]).toBeCloseTo(Math.sqrt(variance), 12)
    expect(part.classCounts).toEqual([20, 20, 20])
  })

  it('is the same bits from shards, through files, in any order', async () => {
    const whole = told(await summarisePart(small, 'train'))
    const folder = scratch()
    for (const count of [2, 3, 7, 60, 61]) {
      const files: string[] = []
      for (const [at, shard] of (await shardsOf(count)).entries()) {
        files.unshift(join(folder, `${count}-${at}`))
        await writeSummary(files[0]!, shard)
      }
      const parts = await Promise.all(files.map(readSummary))
      expect(told(mergeParts(parts as [SummaryPart, ...SummaryPart[]]))).toEqual(whole)
    }
  })

  it('is the same bits for floats over many powers of two', async () => {
    const random = createRandom(3, 'floats')
    const values = Float32Array.from(
      { length: 250 * 100 * 100 },
      () => random.uniform() * 2 ** (40 * random.uniform())
    )
    const bytes = npy('<f4', [250, 100, 100], Buffer.from(values.buffer))
    const floats = await open(join(folderOf({ 'x.npy': bytes }), 'x.npy'))
    const whole = told(await summarisePart(floats, 'train'))
    for (const shards of [3]) {
      const parts: SummaryPart[] = []
      for (let index = shards; index >= 1; index--) {
        parts.push(await summarisePart(floats, 'train', { index, shards }))
      }
      expect(told(mergeParts(parts as [SummaryPart, ...SummaryPart[]]))).toEqual(whole)
    }
  })

  it('names the images that no shard has, and gives no moments of the others', async () => {
    const [first, , third] = (await shardsOf(4)) as [SummaryPart, SummaryPart, SummaryPart]
    const merged = mergeParts([third, first])
    expect(missingRanges(merged)).toEqual([
      { from: 15, to: 30 },
      { from: 45, to: 60 }
    ])
    const facts = await factsOf(async () => wholeSummary(merged))
    expect(facts.code).toBe('summary-incomplete')
    expect(facts.message).toContain('30 of the 60 train images')
    expect(facts.message).toContain('images 16 to 30, 46 to 60')
  })

  it('refuses an image that is there twice, and shards of other images', async () => {
    const [a, b] = (await shardsOf(2)) as [SummaryPart, SummaryPart]
    const [third] = (await shardsOf(3)) as [SummaryPart]
    const twice = await factsOf(async () => mergeParts([a, b, third]))
    expect(twice).toMatchObject({ code: 'summaries-overlap' })
    const test = await summarisePart(small, 'test')
    const other = await factsOf(async () => mergeParts([a, test]))
    expect(other).toMatchObject({ code: 'summaries-differ' })
    expect(other.message).toContain('the train images of small')
  })

  it('stops when it is cancelled', async () => {
    const facts = await factsOf(() =>
      summarisePart(small, 'train', undefined, { signal: AbortSignal.abort() })
    )
    expect(facts.code).toBe('cancelled')
  })
})

describe('the file of a summary', () => {
  it('is refused where a byte is wrong or missing, wherever that is', async () => {
    const bytes = await summaryBytes(await summarisePart(small, 'train'))
    for (let at = 0; at < bytes.length; at += 7) {
      const cut = await factsOf(() => summaryOf(bytes.slice(0, at), 'a'))
      expect(cut.code, `cut at ${at}`).toBe('not-a-summary')
    }
    const file = join(folderOf({ text: 'not a summary' }), 'text')
    expect(await factsOf(() => readSummary(file))).toMatchObject({
      code: 'not-a-summary',
      path: file
    })
    const folder = await factsOf(() => readSummary(scratch()))
    expect(['not-a-summary', 'not-a-file']).toContain(folder.code)
    expect((await factsOf(() => readSummary('/none/such'))).code).toBe('missing-file')
  })

  it('is refused where its tables are not those of its shape', async () => {
    const part = await summarisePart(small, 'train')
    const wrong: SummaryPart[] = [
      { ...part, set: { ...part.set, width: 20_000, height: 20_000 } },
      { ...part, set: { ...part.set, dtype: 'uint16' } },
      { ...part, set: { ...part.set, images: 59 } },
      { ...part, classCounts: [1] },
      { ...part, pieces: part.pieces.map((piece) => ({ ...piece, to: 59 })) }
    ]
    for (const each of wrong) {
      const facts = await factsOf(async () => summaryOf(await summaryBytes(each), 'a'))
      expect(facts.code).toBe('not-a-summary')
    }
  })

  it('replaces a file whole', async () => {
    const file = join(scratch(), 'a.summary')
    writeFileSync(file, 'before')
    await writeSummary(file, await summarisePart(small, 'train'))
    expect([...readFileSync(file).subarray(0, 2)]).toEqual([0x1f, 0x8b])
    const nowhere = await factsOf(async () =>
      writeSummary('/none/such/file', await summarisePart(small, 'train'))
    )
    expect(nowhere.code).toBe('missing-file')
  })
})
