import { mkdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Format } from '../../../src/core/format/format'
import { FORMATS } from '../../../src/core/format/formats'
import { emptyCache } from '../../../src/main/data/store/tidy'
import { npy, zip } from '../../core/format/build'
import { contentOf, factsOf, folderOf, open, scratch } from './helpers'

const COUNT = 40
const image = (value: number): Uint8Array => npy('|u1', [1, 1, 1], Uint8Array.of(value))
const label = (value: number): Uint8Array => npy('|u1', [1], Uint8Array.of(value))
const set = (value: number): Uint8Array => zip({ 'x.npy': image(value), 'y.npy': label(value % 3) })
const name = (at: number, ending = 'npz'): string => `s-${String(at).padStart(2, '0')}.${ending}`

/** A folder of archives of one image each, and a way to open them that counts the files planned. */
function archives(): {
  folder: string
  opened(): Promise<{ pixels: number[]; planned: number }>
} {
  const folder = folderOf(
    Object.fromEntries(Array.from({ length: COUNT }, (_, at) => [name(at), set(at)]))
  )
  return { folder, opened: () => counted(join(folder, '*.npz')) }
}

async function counted(path: string): Promise<{ pixels: number[]; planned: number }> {
  let planned = 0
  const formats = FORMATS.map((format): Format => ({
    ...format,
    plan: (...given) => {
      planned++
      return format.plan(...given)
    }
  }))
  const dataset = await open(path, { formats })
  return { pixels: (await contentOf(dataset)).pixels, planned }
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at)

describe('many files that are opened again', () => {
  test('are not planned anew, whatever names them', async () => {
    const { folder, opened } = archives()
    expect(await opened()).toEqual({ pixels: upTo(COUNT), planned: COUNT })
    expect(await opened()).toEqual({ pixels: upTo(COUNT), planned: 0 })
    const list = join(scratch(), 'list.txt')
    writeFileSync(
      list,
      upTo(COUNT)
        .map((at) => join(folder, name(at)))
        .join('\n')
    )
    expect(await counted(`@${list}`)).toEqual({ pixels: upTo(COUNT), planned: 0 })
  })

  test('have the same facts as the first time', async () => {
    const { folder } = archives()
    const path = join(folder, '*.npz')
    expect(await open(path)).toEqual(await open(path))
  })

  test('are planned where one has other content of the same size and time of change', async () => {
    const { folder, opened } = archives()
    await opened()
    const path = join(folder, name(7))
    const { atime, mtime, size } = statSync(path)
    writeFileSync(path, set(99))
    utimesSync(path, atime, mtime)
    expect(statSync(path).size).toBe(size)
    const again = await opened()
    expect(again.planned).toBe(COUNT)
    expect(again.pixels[7]).toBe(99)
  })

  test('are planned where one was replaced by another file', async () => {
    const { folder, opened } = archives()
    await opened()
    const other = join(folder, 'other')
    writeFileSync(other, set(98))
    const { atime, mtime } = statSync(join(folder, name(3)))
    renameSync(other, join(folder, name(3)))
    utimesSync(join(folder, name(3)), atime, mtime)
    expect((await opened()).pixels[3]).toBe(98)
  })

  test('are one less where one vanished, and one more where one came', async () => {
    const { folder, opened } = archives()
    await opened()
    writeFileSync(join(folder, name(COUNT)), set(COUNT))
    expect((await opened()).pixels).toEqual(upTo(COUNT + 1))
    rmSync(join(folder, name(COUNT)))
    expect(await opened()).toEqual({ pixels: upTo(COUNT), planned: 0 })
    rmSync(join(folder, name(0)))
    expect((await opened()).pixels).toEqual(upTo(COUNT).slice(1))
  })

  test('that are named one by one are missed where one is gone', async () => {
    const { folder } = archives()
    const paths = upTo(COUNT).map((at) => join(folder, name(at)))
    await open(paths)
    rmSync(paths[5]!)
    expect(await factsOf(() => open(paths))).toMatchObject({
      code: 'missing-file',
      path: paths[5]
    })
  })

  test('find labels that were laid beside them meanwhile', async () => {
    const folder = folderOf(
      Object.fromEntries(upTo(COUNT).map((at) => [`${at}_images.npy`, image(at)]))
    )
    const path = join(folder, '*_images.npy')
    expect((await open(path)).splits.train.labels).toBeUndefined()
    for (const at of upTo(COUNT)) writeFileSync(join(folder, `${at}_labels.npy`), label(at % 2))
    expect((await contentOf(await open(path))).labels).toEqual(upTo(COUNT).map((at) => at % 2))
  })

  test('are opened with other settings as these ask for', async () => {
    const { folder } = archives()
    const path = join(folder, '*.npz')
    const test = join(folderOf({ 'test.npz': set(5) }), 'test.npz')
    expect((await open(path)).splits.test).toBeUndefined()
    expect((await open(path, { testPath: test })).splits.test?.count).toBe(1)
    expect((await open(path, { notFinite: 'zero' })).id).toBe((await open(path)).id)
  })

  test('may not be opened where they may not be any more', async () => {
    const { folder } = archives()
    const path = join(folder, '*.npz')
    await open(path)
    const nowhere = scratch()
    mkdirSync(join(nowhere, 'in'))
    const { within } = await import('../../../src/main/disk/allowed')
    const facts = await factsOf(() => open(path, { checkPath: within([join(nowhere, 'in')]) }))
    expect(facts.code).toBe('outside-folders')
  })

  test('are decoded again where the cache was emptied or is damaged', async () => {
    const { folder, opened } = archives()
    const store = { folder: scratch() }
    await open(join(folder, '*.npz'), { store })
    await emptyCache(() => false, store)
    expect((await contentOf(await open(join(folder, '*.npz'), { store }))).pixels).toEqual(
      upTo(COUNT)
    )
    expect((await opened()).pixels).toEqual(upTo(COUNT))
  })
})
