import {
  existsSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { beforeEach, describe, expect, test } from 'vitest'
import type { OpenOptions } from '../../../src/main/data/open'
import { openDataset } from '../../../src/main/data/open'
import { withTestSplit } from '../../../src/main/data/store/holdout'
import { inspect } from '../../../src/main/cli/inspection'
import { readLabels } from '../../../src/main/data/labels'
import { readRows, readRowsAt } from '../../../src/main/data/rows'
import { bigEndian, greyPng, gzip, idx, npy } from '../../core/format/build'
import { contentOf, factsOf, folderOf, scratch } from './helpers'

const values = Array.from({ length: 24 }, (_, index) => index * 3)
const images = idx(0x08, [12, 1, 2], Uint8Array.from(values))
const labels = idx(
  0x08,
  [12],
  Uint8Array.from({ length: 12 }, (_, index) => index % 2)
)

let store = { folder: '' }
let path = ''
const open = (options: OpenOptions = {}) => openDataset(path, { store, ...options })
const entries = () =>
  existsSync(store.folder) ? readdirSync(store.folder).filter((name) => name !== 'files') : []

beforeEach(() => {
  store = { folder: join(scratch(), 'store') }
  path = join(
    folderOf({ 'a-images-idx3-ubyte.gz': gzip(images), 'a-labels-idx1-ubyte': labels }),
    'a-images-idx3-ubyte.gz'
  )
})

describe('the decoded store', () => {
  test('gives the same data set a second time without writing again', async () => {
    const first = await open()
    const written = statSync(first.splits.train.pixels.path).mtimeMs
    const second = await open()
    expect(second).toEqual(first)
    expect(statSync(second.splits.train.pixels.path).mtimeMs).toBe(written)
    expect(entries()).toHaveLength(1)
  })

  test('the same content has the same id in another format', async () => {
    const plain = folderOf({ 'b-images-idx3-ubyte': images, 'b-labels-idx1-ubyte': labels })
    const rows = Array.from(
      { length: 12 },
      (_, row) => `${row % 2},${values[2 * row]},${values[2 * row + 1]}`
    )
    const other = await openDataset(join(plain, 'b-images-idx3-ubyte'), { store })
    expect(other.id).toBe((await open()).id)
    const npys = folderOf({
      'images.npy': npy('|u1', [12, 1, 2], Uint8Array.from(values)),
      'labels.npy': npy(
        '|u1',
        [12],
        Uint8Array.from(rows, (_, row) => row % 2)
      )
    })
    expect((await openDataset(join(npys, 'images.npy'), { store })).id).toBe(other.id)
  })

  test('a changed file is decoded anew', async () => {
    const before = await open()
    const changed = Uint8Array.from(images)
    changed[16] = 200
    writeFileSync(path, gzip(changed))
    const after = await open()
    expect(after.id).not.toBe(before.id)
    expect((await contentOf(after)).pixels[0]).toBe(200)
  })

  test('a file that is its own store and is replaced is read anew', async () => {
    const plain = folderOf({ 'b-images-idx3-ubyte': images, 'b-labels-idx1-ubyte': labels })
    const file = join(plain, 'b-images-idx3-ubyte')
    await contentOf(await openDataset(file, { store }))
    const changed = Uint8Array.from(images)
    changed[16] = 200
    writeFileSync(file, changed)
    expect((await contentOf(await openDataset(file, { store }))).pixels[0]).toBe(200)
  })

  test('a copy at another place is read there, and leaves alone what the first one is read from', async () => {
    const files = { 'b-images-idx3-ubyte': images, 'b-labels-idx1-ubyte': labels }
    const [first, copy] = [folderOf(files), folderOf(files)].map((folder) =>
      join(folder, 'b-images-idx3-ubyte')
    )
    const opened = await openDataset(first!, { store })
    const other = await openDataset(copy!, { store })
    expect(other.splits.train.pixels.path).toBe(copy)
    // the files of a set that trains: another inode or time would end its runs
    expect((await openDataset(first!, { store })).splits).toEqual(opened.splits)
    expect([...(await readLabels(opened, 'train'))]).toEqual([
      ...(await readLabels(other, 'train'))
    ])
  })

  test('a damaged entry is found by its size and made again', async () => {
    const dataset = await open()
    truncateSync(dataset.splits.train.pixels.path, 5)
    expect((await contentOf(await open())).pixels).toEqual(values)
    writeFileSync(join(dirname(dataset.splits.train.pixels.path), 'dataset.json'), '{"half')
    expect((await contentOf(await open())).pixels).toEqual(values)
  })

  test.each(['pixels', 'labels'] as const)(
    'an entry whose %s have a flipped bit is made again',
    async (part) => {
      const before = await open()
      const expected = await contentOf(before)
      const { path: file } = before.splits.train[part]!
      const bytes = readFileSync(file)
      bytes[4]! ^= 1
      writeFileSync(file, bytes)
      expect(await contentOf(await open())).toEqual(expected)
    }
  )

  test('an entry or a remembered hash with a flipped bit anywhere is not believed', async () => {
    const before = await open()
    const expected = await contentOf(before)
    const [entry] = entries()
    const [record] = readdirSync(join(store.folder, 'files'))
    for (const file of [
      join(store.folder, entry!, 'dataset.json'),
      join(store.folder, 'files', record!)
    ]) {
      const whole = readFileSync(file)
      for (let at = 0; at < whole.length; at += 7) {
        const bytes = Uint8Array.from(whole)
        bytes[at]! ^= 1
        writeFileSync(file, bytes)
        const { sources, ...found } = await open()
        expect(sources, `byte ${at}`).toEqual(before.sources)
        expect(found, `byte ${at}`).toMatchObject({ id: before.id, classNames: before.classNames })
        if (at % 49 === 0) expect(await contentOf(await open())).toEqual(expected)
      }
    }
  })

  test('several openings at once agree and leave one entry', async () => {
    const opened = await Promise.all(Array.from({ length: 6 }, () => open()))
    for (const dataset of opened) expect(dataset).toEqual(opened[0])
    expect(entries()).toHaveLength(1)
    expect((await contentOf(opened[3]!)).pixels).toEqual(values)
  })

  const wide = values.map((value) => value + 300)
  test.each([
    ['of bytes', gzip(images)],
    ['of bytes, with more behind', Buffer.concat([gzip(images), Buffer.alloc(12)])],
    ['of two gzip members', Buffer.concat([gzip(images.slice(0, 20)), gzip(images.slice(20))])],
    [
      'written anew in a wider type',
      gzip(
        idx(0x0b, [12, 1, 2], bigEndian([...values.slice(12), ...wide.slice(12)], 2, 'setInt16'))
      )
    ]
  ])('an entry holds the CRC-32 of its files: %s', async (_, content) => {
    const named = { 'b-images-idx3-ubyte.gz': content, 'b-labels-idx1-ubyte': labels }
    const from = join(folderOf(named), 'b-images-idx3-ubyte.gz')
    const { splits } = await openDataset(from, { store })
    const entry = dirname(splits.train.pixels.path)
    const { checksums } = JSON.parse(readFileSync(join(entry, 'dataset.json'), 'utf8'))
    const sum = (name: string): number => crc32(readFileSync(join(entry, name)))
    expect(checksums).toEqual({
      'train.pixels': sum('train.pixels'),
      'train.labels': sum('train.labels')
    })
  })

  test('what is wrong with images is said before what is wrong with their labels, which are read meanwhile', async () => {
    const few = idx(0x08, [11], new Uint8Array(11))
    const opening = (content: Uint8Array) => {
      const named = { 'b-images-idx3-ubyte.gz': content, 'b-labels-idx1-ubyte': few }
      return openDataset(join(folderOf(named), 'b-images-idx3-ubyte.gz'), { store })
    }
    expect((await factsOf(() => opening(gzip(images)))).code).toBe('count-mismatch')
    const cut = await factsOf(() => opening(gzip(images.slice(0, -1))))
    expect(cut.code).toBe('truncated-file')
    expect(entries()).toEqual([])
  })

  test('a failed or cancelled opening leaves no partial file', async () => {
    const facts = await factsOf(() => open({ labelsPath: path }))
    expect(facts.code).toBe('not-labels')
    expect(entries()).toEqual([])
    const abort = new AbortController()
    const cancelled = await factsOf(() =>
      open({
        signal: abort.signal,
        onProgress: (stage) => stage === 'Reading images' && abort.abort()
      })
    )
    expect(cancelled.code).toBe('cancelled')
    expect(entries()).toEqual([])
  })

  test('what was opened longest ago is taken away when there is too much', async () => {
    const old = await open()
    const entry = dirname(old.splits.train.pixels.path)
    const longAgo = new Date(Date.now() - 3_600_000)
    utimesSync(join(entry, 'dataset.json'), longAgo, longAgo)
    const changed = Uint8Array.from(images)
    changed[16] = 200
    writeFileSync(path, gzip(changed))
    const limited = await open({ store: { ...store, limit: 10 } })
    expect(existsSync(entry)).toBe(false)
    expect((await contentOf(limited)).pixels[0]).toBe(200)
  })

  test('in a folder that cannot be made says which one, and what to do', async () => {
    const folder = join(folderOf({ taken: Uint8Array.of(1) }), 'taken', 'store')
    const facts = await factsOf(() => open({ store: { folder } }))
    expect(facts).toMatchObject({ code: 'unwritable', path: folder })
    expect(facts.message).toContain('XDG_CACHE_HOME')
  })

  test('progress goes from 0 to 1', async () => {
    const fractions: number[] = []
    await open({ onProgress: (_, fraction) => fraction !== undefined && fractions.push(fraction) })
    expect(fractions[0]).toBe(0)
    expect(fractions.at(-1)).toBe(1)
  })
})

describe('a file that changes while it is read', () => {
  const changed = Uint8Array.from(images)
  changed[16] = 200

  test.each<[string, () => [opened: string, file: string], Uint8Array]>([
    ['gzipped', () => [path, path], gzip(changed)],
    [
      'in a folder of images',
      () => {
        const pictures = { 'a/1.png': greyPng([1, 2]), 'b/2.png': greyPng([3, 4]) }
        const folder = folderOf(pictures)
        return [folder, join(folder, 'b/2.png')]
      },
      greyPng([5, 6])
    ]
  ])('%s is refused, and nothing of it is kept', async (_, make, bytes) => {
    const [opened, file] = make()
    const facts = await factsOf(() =>
      openDataset(opened, {
        store,
        onProgress: (stage, fraction) =>
          stage === 'Reading images' && fraction === 0 && writeFileSync(file, bytes)
      })
    )
    expect(facts).toMatchObject({ code: 'file-changed', path: opened })
    expect(entries()).toEqual([])
  })

  test('after it was hashed is refused by reads where it is its own store', async () => {
    const plain = folderOf({ 'b-images-idx3-ubyte': images, 'b-labels-idx1-ubyte': labels })
    const file = join(plain, 'b-images-idx3-ubyte')
    await openDataset(file, { store })
    const state = statSync(file)
    const again = await openDataset(file, { store })
    expect(again.splits.train.pixels.state).toBe(`${state.size} ${state.mtimeMs} ${state.ino}`)
    writeFileSync(file, changed)
    utimesSync(file, state.atime, new Date(state.mtimeMs + 1000))
    expect((await factsOf(() => readRows(again, 'train', 0, 1))).code).toBe('file-changed')
  })
})

describe('an entry larger than is verified at once', () => {
  test('is opened, and where it is damaged refused once that is found and then made again', async () => {
    const large = { ...store, atOnce: 1 }
    const expected = await contentOf(await open())
    const { path: file } = (await open()).splits.train.pixels
    const bytes = readFileSync(file)
    bytes[4]! ^= 1
    writeFileSync(file, bytes)
    const damaged = await open({ store: large })
    await expect.poll(() => existsSync(join(dirname(file), 'dataset.json'))).toBe(false)
    expect((await factsOf(() => readRows(damaged, 'train', 0, 1))).code).toBe('file-changed')
    expect(await contentOf(await open({ store: large }))).toEqual(expected)
  })

  test('stays as it is where it is whole', async () => {
    const first = await open()
    const { mtimeMs } = statSync(first.splits.train.pixels.path)
    const again = await open({ store: { ...store, atOnce: 1 } })
    expect(await contentOf(again)).toEqual(await contentOf(first))
    expect(statSync(again.splits.train.pixels.path).mtimeMs).toBe(mtimeMs)
  })
})

describe('rows', () => {
  test('come by range and by index, in the order asked for', async () => {
    const dataset = await open()
    expect([...(await readRows(dataset, 'train', 2, 2))]).toEqual([12, 15, 18, 21])
    expect([...(await readRowsAt(dataset, 'train', [11, 0, 1]))]).toEqual([66, 69, 0, 3, 6, 9])
    expect([...(await readRows(dataset, 'train', 12, 0))]).toEqual([])
    expect([...(await readLabels(dataset, 'train'))].slice(0, 4)).toEqual([0, 1, 0, 1])
  })

  test('outside the split are refused', async () => {
    const dataset = await open()
    const code = async (work: () => Promise<unknown>) => (await factsOf(work)).code
    expect(await code(() => readRows(dataset, 'train', 11, 2))).toBe('out-of-range')
    expect(await code(() => readRows(dataset, 'train', -1, 1))).toBe('out-of-range')
    expect(await code(() => readRowsAt(dataset, 'train', [0, 12]))).toBe('out-of-range')
    expect(await code(() => readRowsAt(dataset, 'train', [0.5]))).toBe('out-of-range')
    expect(await code(() => readRows(dataset, 'test', 0, 1))).toBe('no-such-split')
  })

  test('of a file that was cut short meanwhile say so', async () => {
    const dataset = await open()
    truncateSync(dataset.splits.train.pixels.path, 5)
    expect((await factsOf(() => readRows(dataset, 'train', 0, 12))).code).toBe('truncated-file')
  })
})

describe('holding out a test split', () => {
  test('splits the images once and for all', async () => {
    const dataset = await withTestSplit(await open(), { store })
    expect(dataset.heldOut).toEqual({ fraction: 1 / 6, seed: 0 })
    expect([dataset.splits.train.count, dataset.splits.test?.count]).toEqual([10, 2])
    expect(dataset.splits.test?.classCounts).toEqual([1, 1])
    const train = await contentOf(dataset)
    const held = await contentOf(dataset, 'test')
    const sorted = [...train.pixels, ...held.pixels].sort((a, b) => a - b)
    expect(sorted).toEqual(values)
    // image i holds 6i and 6i + 3, and has the label i % 2
    held.labels.forEach((label, index) => expect((held.pixels[2 * index]! / 6) % 2).toBe(label))
    expect(await withTestSplit(await open(), { store })).toEqual(dataset)
    expect(await withTestSplit(dataset)).toBe(dataset)
    expect(dataset.warnings.at(-1)).toContain('held out')
  })

  test.each(['pixels', 'labels'] as const)(
    'makes them again where their %s are damaged',
    async (part) => {
      const dataset = await withTestSplit(await open(), { store })
      const expected = await contentOf(dataset, 'test')
      const { path: file } = dataset.splits.test![part]!
      const bytes = readFileSync(file)
      bytes[4]! ^= 1
      writeFileSync(file, bytes)
      utimesSync(file, new Date(), new Date(Date.now() + 1000))
      expect((await factsOf(() => contentOf(dataset, 'test'))).code).toBe('file-changed')
      expect(await contentOf(await withTestSplit(await open(), { store }), 'test')).toEqual(
        expected
      )
    }
  )

  test('is done once by several at a time', async () => {
    const dataset = await open()
    const held = await Promise.all(
      Array.from({ length: 5 }, () => withTestSplit(dataset, { store }))
    )
    for (const one of held)
      expect(await contentOf(one, 'test')).toEqual(await contentOf(held[0]!, 'test'))
    expect(entries()).toHaveLength(2)
  })
})

describe('inspecting', () => {
  type Name = 'sum' | 'sumOfSquares' | 'mean' | 'std' | 'min' | 'max'
  interface Reference {
    readonly moments: readonly ({ readonly dtype: string; readonly file: string } & Readonly<
      Record<Name, readonly number[]>
    >)[]
  }
  const reference = JSON.parse(
    readFileSync(new URL('../../reference/dataset.json', import.meta.url), 'utf8')
  ) as Reference

  test.each(reference.moments)('gives NumPy’s moments for $dtype', async (expected) => {
    const folder = folderOf({
      'images.npy': Buffer.from(expected.file, 'base64'),
      'labels.npy': npy('|u1', [5], Uint8Array.of(0, 1, 2, 1, 0))
    })
    const { pixels } = await inspect(await openDataset(join(folder, 'images.npy'), { store }))
    for (const name of ['sum', 'sumOfSquares', 'min', 'max'] as const) {
      expect(pixels[name]).toEqual(expected[name])
    }
    pixels.mean.forEach((mean, channel) => expect(mean).toBeCloseTo(expected.mean[channel]!, 8))
    pixels.std.forEach((std, channel) => expect(std).toBeCloseTo(expected.std[channel]!, 8))
  })

  test('says what the command line prints', async () => {
    const found = await inspect(await open())
    expect(found).toMatchObject({
      format: 'idx',
      count: 12,
      channels: 1,
      classCounts: [6, 6],
      splits: { train: 12 },
      firstLabels: [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]
    })
    // 3 x (0 + ... + 23) and 9 x (0 + 1 + 4 + ... + 529)
    expect([found.pixels.sum, found.pixels.sumOfSquares]).toEqual([[828], [38916]])
  })

  test('takes one split or both', async () => {
    const dataset = await withTestSplit(await open(), { store })
    expect((await inspect(dataset, { split: 'test' })).count).toBe(2)
    const all = await inspect(dataset, { split: 'all' })
    expect([all.count, all.pixels.sum]).toEqual([12, [828]])
    expect((await factsOf(async () => inspect(await open(), { split: 'test' }))).code).toBe(
      'no-such-split'
    )
  })
})
