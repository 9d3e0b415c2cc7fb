import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import type { Pixels } from '../../../fuzz/reading'
import { readAll } from '../../../fuzz/reading'
import { DecoderPool } from '../../../src/main/data/files/decoder-pool'
import { Hdf5Process } from '../../../src/main/data/files/hdf5'
import { gzip, zip } from '../../core/format/build'
import { contentOf, factsOf, folderOf, open, scratch } from './helpers'

interface Split {
  readonly shape: readonly number[]
  /** of the pixels as image, row, column, channel, in 64-bit floats, little-endian */
  readonly sha256: string
  /** as the file has them */
  readonly labels?: readonly string[]
}

interface Written {
  readonly name: string
  /** gzipped, in base64 */
  readonly files: Readonly<Record<string, string>>
  readonly open: string
  readonly train: Split
  readonly test?: Split
  readonly classNames?: readonly string[]
}

interface Refused {
  readonly name: string
  readonly code: string
  readonly says: string
  readonly file: string
}

/** Made by reference/hdf5.py. */
const { sets: SETS, refused: REFUSED } = JSON.parse(
  readFileSync(new URL('../../reference/hdf5.json', import.meta.url), 'utf8')
) as { readonly sets: Written[]; readonly refused: Refused[] }

const unpacked = (base64: string): Uint8Array => gunzipSync(Buffer.from(base64, 'base64'))
const filesOf = (set: Written): Record<string, Uint8Array> =>
  Object.fromEntries(Object.entries(set.files).map(([name, data]) => [name, unpacked(data)]))
const setNamed = (name: string): Written => SETS.find((set) => set.name === name)!

/** One process reads all, as it does in an opening. */
const processes = {
  decoders: new DecoderPool(() => undefined),
  hdf5: new Hdf5Process(() => undefined)
}
afterAll(() => Promise.all([processes.decoders.close(), processes.hdf5.close()]))

const read = (path: string): Promise<Pixels> =>
  readAll(path, processes, { keep: true, signal: AbortSignal.timeout(20_000) })

function splitOf({ count, height, width, channels, values, labels }: Pixels): Split {
  return {
    shape: [count, height, width, channels],
    sha256: createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex'),
    ...(labels && { labels: labels.map(String) })
  }
}

describe('pixels and labels are those that h5py reads', () => {
  test.each(SETS.map((set) => [set.name, set] as const))('%s', async (_, set) => {
    const found = await read(join(folderOf(filesOf(set)), set.open))
    expect(found.format).toBe('hdf5')
    expect(splitOf(found)).toEqual(set.train)
  })
})

describe('is refused by what is wrong with it', () => {
  test.each(REFUSED.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const folder = folderOf({ 'a.h5': unpacked(one.file) })
    const { code, message, path, hint, expected } = await factsOf(() => read(join(folder, 'a.h5')))
    expect({ code, message }).toEqual({
      code: one.code,
      message: expect.stringContaining(one.says)
    })
    expect(path).toContain('a.h5')
    expect(hint ?? expected).toBeDefined()
  })
})

describe('through the app', () => {
  test('is opened with both splits and the names of its classes, and found again in the cache', async () => {
    const store = { folder: scratch() }
    const four = setNamed('groups train and test')
    const path = join(folderOf(filesOf(four)), 'a.h5')
    const dataset = await open(path, { store })
    expect(dataset).toMatchObject({
      format: 'hdf5',
      name: 'a',
      dtype: 'uint8',
      classNames: ['0', '1', '2']
    })
    expect(dataset.splits.test?.count).toBe(4)
    expect((await contentOf(dataset, 'test')).labels).toEqual([2, 1, 0, 1])
    expect((await open(path, { store })).id).toBe(dataset.id)
    expect(readdirSync(store.folder).filter((entry) => entry.startsWith('new-'))).toEqual([])
  })

  test('gives classes the names that the file lists', async () => {
    const set = setNamed('a set of Coursera with names of classes')
    const dataset = await open(join(folderOf(filesOf(set)), 'a.h5'))
    expect(dataset.classNames).toEqual(set.classNames)
    expect(dataset.warnings).toEqual([])
  })

  test.each([
    ['gzipped', (data: Uint8Array) => ({ 'a.h5.gz': gzip(data) }), 'a.h5.gz'],
    ['in a zip', (data: Uint8Array) => ({ 'a.zip': zip({ 'set/a.h5': data }) }), 'a.zip'],
    ['alone in a folder', (data: Uint8Array) => ({ 'set/a.hdf5': data }), 'set']
  ])('is opened %s', async (_, pack, name) => {
    const store = { folder: scratch() }
    const data = filesOf(setNamed('arrays x and y'))['a.h5']!
    const dataset = await open(join(folderOf(pack(data)), name), { store })
    expect(dataset).toMatchObject({ format: 'hdf5', height: 4, width: 3, channels: 1 })
    expect((await contentOf(dataset)).labels).toEqual([0, 1, 2, 1, 0, 2])
    expect(readdirSync(store.folder).filter((entry) => entry.startsWith('new-'))).toEqual([])
  })

  test('images and labels of several files are paired, and a file named test is the test split', async () => {
    const pcam = filesOf(setNamed('images and labels in two files, as PatchCamelyon'))
    const folder = folderOf({
      'train_x.h5': pcam['pcam_train_x.h5']!,
      'train_y.h5': pcam['pcam_train_y.h5']!,
      'test_x.h5': pcam['pcam_train_x.h5']!,
      'test_y.h5': pcam['pcam_train_y.h5']!
    })
    const dataset = await open([join(folder, '*.h5')])
    expect(dataset).toMatchObject({ format: 'hdf5', channels: 3, classNames: ['0', '1', '2'] })
    expect(dataset.splits.train.count).toBe(6)
    expect(dataset.splits.test?.count).toBe(6)
    expect((await contentOf(dataset, 'test')).labels).toEqual([0, 1, 2, 1, 0, 2])
    const { code } = await factsOf(() => open(folder))
    expect(code).toBe('ambiguous-folder')
  })

  test('a file of training images and one of test images are both splits, and nothing is missing', async () => {
    const [train, test] = ['a set of Coursera', 'test images of Coursera'].map(
      (name) => filesOf(SETS.find((set) => set.name.startsWith(name))!)['a.h5']!
    )
    const folder = folderOf({ 'train_cats.h5': train!, 'test_cats.h5': test! })
    const dataset = await open([join(folder, 'train_cats.h5'), join(folder, 'test_cats.h5')])
    expect(dataset.splits.train.count).toBe(6)
    expect(dataset.splits.test?.count).toBe(4)
    expect(dataset.classNames).toEqual(['ant', 'bee', 'cow'])
    expect(dataset.warnings).toEqual([
      'By their names, the images of test_cats.h5 are the test split.'
    ])
  })

  test('a labels file that holds several arrays none of which says that it is of labels is refused', async () => {
    const folder = folderOf({
      'a.h5': filesOf(setNamed('without labels'))['a.h5']!,
      'b.h5': unpacked(REFUSED.find(({ name }) => name === 'nothing')!.file)
    })
    const facts = await factsOf(() =>
      open(join(folder, 'a.h5'), { labelsPath: join(folder, 'b.h5') })
    )
    expect(facts).toMatchObject({ code: 'unknown-arrays', expected: 'one array of labels' })
  })

  test('a labels file may be HDF5', async () => {
    const pcam = filesOf(setNamed('images and labels in two files, as PatchCamelyon'))
    const folder = folderOf({ 'a.h5': pcam['pcam_train_x.h5']!, 'b.h5': pcam['pcam_train_y.h5']! })
    const labelled = await open(join(folder, 'a.h5'), { labelsPath: join(folder, 'b.h5') })
    expect((await contentOf(labelled)).labels).toEqual([0, 1, 2, 1, 0, 2])
  })
})
