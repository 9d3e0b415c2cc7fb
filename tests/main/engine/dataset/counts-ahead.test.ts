import { closeSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { createRandom } from '../../../../src/core/random'
import { reserveImages, createImageSums } from '../../../../src/core/statistics/image-sums'
import { PLAIN_KERNELS } from '../../../../src/core/statistics/kernels/plain'
import { openDataset } from '../../../../src/main/data/open'
import type { OpenOptions } from '../../../../src/main/data/open'
import { countedAhead, openToCount } from '../../../../src/main/engine/dataset/counts-ahead'
import { idleThreads } from '../../../../src/main/engine/dataset/parts'
import { summarise } from '../../../../src/main/engine/dataset/prepare'
import { coresHere } from '../../../../src/main/processes/cores'
import { JOBS } from '../../../../src/main/statistics/jobs'
import { bigEndian, idx } from '../../../core/format/build'
import { factsOf, folderOf, scratch } from '../../data/helpers'

const [COUNT, SIDE] = [9000, 32]
const random = createRandom(5)
const noise = Uint8Array.from({ length: 1 << 16 }, () => 256 * random.uniform())
/** Each image another part of the noise. */
const values = Uint8Array.from(
  { length: COUNT * SIDE * SIDE },
  (_, at) => noise[(at + 7 * (at >> 10)) & 0xffff]!
)
const packed = gzipSync(idx(0x08, [COUNT, SIDE, SIDE], values), { level: 1 })

async function openingOf(content: Uint8Array, options: OpenOptions = {}) {
  const folder = scratch()
  const path = join(folderOf({ 'a-images-idx3-ubyte.gz': content }), 'a-images-idx3-ubyte.gz')
  const dataset = await openToCount(path, { store: { folder }, ...options })
  return { dataset, path, folder }
}

const left = (folder: string) => readdirSync(folder).filter((name) => name !== 'files')

describe('images that are counted while they are decoded', () => {
  test('give the summary that is made of them afterwards, bit by bit', async () => {
    const { dataset, path, folder } = await openingOf(packed)
    const ahead = await summarise(dataset, 'train')
    const afterwards = await openDataset(path, { store: { folder } })
    expect(ahead).toEqual(await summarise(afterwards, 'train'))
    expect(ahead.count).toBe(COUNT)
    const bytes = values.filter((_, at) => at % SIDE ** 2 === 5)
    const of = (byte: number) => bytes.filter((value) => value === byte).length
    expect([...ahead.featureCounts!.subarray(5 * 256, 6 * 256)]).toEqual(
      [...Array(256).keys()].map(of)
    )
  })

  test('are as many as are said, and taken once', async () => {
    const { dataset } = await openingOf(packed)
    const ahead = (await countedAhead(dataset, 'train'))!
    expect(ahead.count).toBeLessThanOrEqual(COUNT)
    expect(COUNT - ahead.count).toBeLessThanOrEqual(500_000 / SIDE ** 2)
    expect(ahead.images.sum).toHaveLength(ahead.count)
    expect(await countedAhead(dataset, 'train')).toBeUndefined()
  })

  test('are those of the splits that are asked for', async () => {
    const names = ['train-images-idx3-ubyte.gz', 't10k-images-idx3-ubyte.gz']
    const folder = folderOf(Object.fromEntries(names.map((name) => [name, packed])))
    const opened = (counted?: 'train'[]) =>
      openToCount(folder, { store: { folder: scratch() }, counted })
    const both = await opened()
    expect((await countedAhead(both, 'train'))?.count).toBeGreaterThan(0)
    expect((await countedAhead(both, 'test'))?.count).toBeGreaterThan(0)
    const one = await opened(['train'])
    expect((await countedAhead(one, 'train'))?.count).toBeGreaterThan(0)
    expect(await countedAhead(one, 'test')).toBeUndefined()
  })

  test('are counted anew where later ones need a wider type', async () => {
    const wide = Array.from(values.subarray(0, 5000 * SIDE ** 2))
    wide[wide.length - 1] = 300
    const content = idx(0x0b, [5000, SIDE, SIDE], bigEndian(wide, 2, 'setInt16'))
    const { dataset, path, folder } = await openingOf(gzipSync(content, { level: 1 }))
    expect(dataset.dtype).toBe('uint16')
    expect(await countedAhead(dataset, 'train')).toBeUndefined()
    const found = await summarise(dataset, 'train')
    expect(found).toEqual(await summarise(await openDataset(path, { store: { folder } }), 'train'))
    expect(found.images.max.at(-1)).toBe(300)
  })

  const wrongSum = Uint8Array.from(packed)
  wrongSum[packed.length - 5]! ^= 1
  test.each([
    ['whose checksum is wrong', wrongSum, 'corrupt-gzip'],
    ['that ends in the middle', packed.subarray(0, packed.length / 2), 'truncated-file']
  ])('of a file %s leave nothing, and threads are free again', async (_, content, code) => {
    const folder = scratch()
    const facts = await factsOf(() => openingOf(content, { store: { folder } }))
    expect(facts.code).toBe(code)
    expect(idleThreads()).toBe(coresHere())
    expect(left(folder)).toEqual([])
  })

  test('of an opening that is cancelled in the middle leave nothing, and threads are free again', async () => {
    const folder = scratch()
    const controller = new AbortController()
    let counts = 0
    const onProgress = (_: string, fraction = 0): void => {
      counts = Math.max(counts, coresHere() - idleThreads())
      if (fraction > 0.8) controller.abort()
    }
    const { signal } = controller
    const facts = await factsOf(() => openingOf(packed, { store: { folder }, signal, onProgress }))
    expect(facts.code).toBe('cancelled')
    expect(counts).toBeGreaterThan(0)
    expect(idleThreads()).toBe(coresHere())
    expect(left(folder)).toEqual([])
  })
})

describe('a thread that counts images of a file', () => {
  const path = join(folderOf({ pixels: values.subarray(0, 64) }), 'pixels')
  const file = openSync(path, 'r')
  afterAll(() => closeSync(file))
  const shape = { height: 2, width: 2, channels: 1, dtype: 'uint8' } as const
  const asked = (start: number, count: number, stopped: number) => {
    const images = createImageSums()
    reserveImages(images, count)
    const table = new Uint32Array(4 * 256)
    return { path, file, shape, start, count, table, images, stop: Int32Array.of(stopped) }
  }

  test('says where the file is shorter', async () => {
    const facts = await factsOf(async () =>
      JOBS.decoded(asked(10, 7, 0), { kernels: PLAIN_KERNELS })
    )
    expect(facts).toMatchObject({ code: 'truncated-file', path })
  })

  test('adds to the counts that are there, and to none once they are not wanted', () => {
    const job = asked(2, 14, 0)
    job.table[values[8]!] = 1000
    JOBS.decoded(job, { kernels: PLAIN_KERNELS })
    expect(job.table.reduce((sum, count) => sum + count, 0)).toBe(1000 + 56)
    expect(job.table[values[8]!]).toBeGreaterThan(1000)
    const stopped = asked(2, 14, 1)
    JOBS.decoded(stopped, { kernels: PLAIN_KERNELS })
    expect(stopped.table.every((count) => count === 0)).toBe(true)
  })
})
