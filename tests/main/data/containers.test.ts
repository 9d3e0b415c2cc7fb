import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Dataset, SplitName } from '../../../src/core/dataset/dataset'
import { readLabels } from '../../../src/main/data/labels'
import { readRows, splitOf } from '../../../src/main/data/rows'
import { gzip, tar, zip } from '../../core/format/build'
import { folderOf, open, scratch } from './helpers'

interface Split {
  readonly shape: readonly number[]
  readonly dtype: string
  /** of the pixels as image, row, column, channel, little-endian */
  readonly sha256: string
  readonly labels?: readonly number[]
}

interface Packed {
  readonly name: string
  readonly format: string
  /** gzipped, in base64 */
  readonly files: Readonly<Record<string, string>>
  readonly open: string
  readonly train: Split
  readonly test?: Split
  readonly classNames?: readonly string[]
}

/** Made by reference/containers.py. */
const SETS = JSON.parse(
  readFileSync(new URL('../../reference/containers.json', import.meta.url), 'utf8')
) as Packed[]

async function splitIn(dataset: Dataset, name: SplitName): Promise<Split> {
  const { count, labels } = splitOf(dataset, name)
  const pixels = await readRows(dataset, name, 0, count)
  const bytes = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength)
  const { height, width, channels, dtype } = dataset
  return {
    shape: [count, height, width, channels],
    dtype,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    ...(labels !== undefined && { labels: await namedLabels(dataset, name) })
  }
}

/** By the numbers in the file, which are the classes' names where these are numbers. */
async function namedLabels(dataset: Dataset, name: SplitName): Promise<number[]> {
  const places = await readLabels(dataset, name)
  return Array.from(places, (place) => {
    const called = /\d+$/.exec(dataset.classNames[place]!)
    return called === null ? place : Number(called[0])
  })
}

/** As they come from where they are published. */
const ARCHIVES = [
  ['tar.gz', (files: Readonly<Record<string, Uint8Array>>) => gzip(tar(files))],
  ['zip', (files: Readonly<Record<string, Uint8Array>>) => zip(files, { deflate: true })]
] as const

describe.each(ARCHIVES)(
  'a folder of files packed as %s is opened as the folder is',
  (ending, pack) => {
    test.each(
      SETS.filter((set) => set.open === '').map((set): [string, Packed] => [set.name, set])
    )('%s', async (_, set) => {
      const files = Object.entries(set.files).map(([name, data]): [string, Uint8Array] => [
        `set/${name}`,
        gunzipSync(Buffer.from(data, 'base64'))
      ])
      const store = { folder: scratch() }
      const name = `packed.${ending}`
      const path = join(folderOf({ [name]: pack(Object.fromEntries(files)) }), name)
      const dataset = await open(path, { store })
      expect(dataset).toMatchObject({ format: set.format, name: 'packed' })
      expect(dataset.sources.map((source) => source.path)).toEqual([path])
      expect(await splitIn(dataset, 'train')).toEqual(set.train)
      if (set.test) expect(await splitIn(dataset, 'test')).toEqual(set.test)
      if (set.classNames) expect(dataset.classNames).toEqual(set.classNames)
      // nothing that was unpacked stays
      expect(readdirSync(store.folder).filter((entry) => entry.startsWith('new-'))).toEqual([])
      expect((await open(path, { store })).id).toBe(dataset.id)
    })
  }
)

describe('pixels and labels are those of the software that wrote the file', () => {
  test.each(SETS.map((set): [string, Packed] => [set.name, set]))('%s', async (_, set) => {
    const unpacked = Object.entries(set.files).map(([name, data]): [string, Uint8Array] => [
      name,
      gunzipSync(Buffer.from(data, 'base64'))
    ])
    const folder = folderOf(Object.fromEntries(unpacked))
    const dataset = await open(join(folder, set.open))
    expect(dataset.format).toBe(set.format)
    expect(await splitIn(dataset, 'train')).toEqual(set.train)
    expect(dataset.splits.test && (await splitIn(dataset, 'test'))).toEqual(set.test)
    if (set.classNames !== undefined) expect(dataset.classNames).toEqual(set.classNames)
  })
})
