import { existsSync, readdirSync, readlinkSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Dataset } from '../../../src/core/dataset/dataset'
import { NormscopeError } from '../../../src/core/error'
import { readLabels } from '../../../src/main/data/labels'
import { readRows, readRowsSync } from '../../../src/main/data/rows'
import { idx } from '../../core/format/build'
import { factsOf, folderOf, open } from './helpers'

/** Opened in place, with the labels 0 and 1. */
async function plainSet(): Promise<Dataset> {
  const folder = folderOf({
    'a-images-idx3-ubyte': idx(0x08, [2, 1, 2], Uint8Array.of(1, 2, 3, 4)),
    'a-labels-idx1-ubyte': idx(0x08, [2], Uint8Array.of(0, 1))
  })
  return open(join(folder, 'a-images-idx3-ubyte'))
}

let dataset: Dataset
beforeEach(async () => {
  dataset = await plainSet()
})

describe.skipIf(!existsSync('/proc/self/fd'))('files that are read', () => {
  const handlesOn = (path: string): number =>
    readdirSync('/proc/self/fd').filter((name) => {
      try {
        return readlinkSync(`/proc/self/fd/${name}`) === path
      } catch {
        return false // closed meanwhile
      }
    }).length

  test('stay open for other readers when one of them fails, and are closed by the last', async () => {
    const { path } = dataset.splits.train.pixels
    const beyond: Dataset = {
      ...dataset,
      splits: { train: { ...dataset.splits.train, count: 9 } }
    }
    const failing = factsOf(() => readRows(beyond, 'train', 0, 9))
    const reading = Array.from({ length: 20 }, () => readRows(dataset, 'train', 0, 2))
    for (const pixels of await Promise.all(reading)) expect([...pixels]).toEqual([1, 2, 3, 4])
    expect((await failing).code).toBe('truncated-file')
    expect(handlesOn(path)).toBe(0)
  })
})

describe('images that a thread reads', () => {
  const memory = (bytes: number): Uint8Array => new Uint8Array(bytes)
  const read = (set: Dataset, start: number, count: number): Promise<number[]> =>
    Promise.resolve().then(() => [...readRowsSync(set, 'train', start, count, memory)])

  test('are those that others read', async () => {
    expect(await read(dataset, 0, 2)).toEqual([1, 2, 3, 4])
    expect(await read(dataset, 1, 1)).toEqual([...(await readRows(dataset, 'train', 1, 1))])
  })

  test('are there for who has the file open when it is taken away', async () => {
    expect(await read(dataset, 0, 1)).toEqual([1, 2])
    rmSync(dataset.splits.train.pixels.path)
    expect(await read(dataset, 1, 1)).toEqual([3, 4])
    expect(await factsOf(() => read(dataset, 1, 2))).toMatchObject({ code: 'out-of-range' })
  })

  test('are refused where the file is gone, shorter or another', async () => {
    const { path } = dataset.splits.train.pixels
    const beyond: Dataset = {
      ...dataset,
      splits: { train: { ...dataset.splits.train, count: 9 } }
    }
    expect(await factsOf(() => read(beyond, 0, 9))).toMatchObject({ code: 'truncated-file', path })
    utimesSync(path, 1, 1)
    expect(await factsOf(() => read(dataset, 0, 1))).toMatchObject({ code: 'file-changed', path })
    rmSync(path)
    expect(await factsOf(() => read(dataset, 0, 1))).toMatchObject({ code: 'missing-file', path })
  })

  test('of many files leave few of them open', async () => {
    for (let file = 0; file < 20; file++) {
      expect(await read(await plainSet(), 0, 2)).toEqual([1, 2, 3, 4])
    }
    expect(await read(dataset, 0, 2)).toEqual([1, 2, 3, 4])
  })
})

test('a file that was replaced is read anew once it is opened again', async () => {
  const { path } = dataset.splits.train.pixels
  expect([...(await readRows(dataset, 'train', 0, 2))]).toEqual([1, 2, 3, 4])
  rmSync(path)
  writeFileSync(path, idx(0x08, [2, 1, 2], Uint8Array.of(1, 2, 3, 5)))
  utimesSync(path, 1, 1)
  expect([...(await readRows(await open(path), 'train', 0, 2))]).toEqual([1, 2, 3, 5])
  // the file as it was opened is still there for those who hold it
  expect([...(await readRows(dataset, 'train', 0, 2))]).toEqual([1, 2, 3, 4])
})

test('a label outside the classes is refused by its number', async () => {
  writeFileSync(dataset.splits.train.labels!.path, Int32Array.of(0, 9999))
  const { train } = dataset.splits
  const labels = { ...train.labels!, state: undefined }
  const unwatched: Dataset = { ...dataset, splits: { train: { ...train, labels } } }
  expect(await factsOf(() => readLabels(unwatched, 'train'))).toMatchObject({
    code: 'label-out-of-range',
    expected: '0 to 1',
    actual: '9999'
  })
})

test('a file that is its own store and changes under the open set is refused', async () => {
  const { path } = dataset.splits.train.pixels
  writeFileSync(path, idx(0x08, [2, 1, 2], Uint8Array.of(1, 2, 3, 5)))
  utimesSync(path, 1, 1)
  const facts = await factsOf(() => readRows(dataset, 'train', 0, 2))
  expect(facts).toMatchObject({ code: 'file-changed', path })
  expect([...(await readRows(await open(path), 'train', 0, 2))]).toEqual([1, 2, 3, 5])
})

test('an opening that is ended gives the reason it was ended for', async () => {
  const abort = new AbortController()
  const facts = { code: 'overtaken', message: 'Another data set was opened.' }
  abort.abort(new NormscopeError(facts))
  const { path } = dataset.splits.train.pixels
  expect(await factsOf(() => open(path, { signal: abort.signal }))).toEqual(facts)
})
