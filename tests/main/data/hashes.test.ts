import { createHash } from 'node:crypto'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { NormscopeError } from '../../../src/core/error'
import { Hashes } from '../../../src/main/data/store/hashes'
import { DONE, hashTold, STOP } from '../../../src/main/disk/hash'
import { idx } from '../../core/format/build'
import { factsOf, folderOf, open, scratch } from './helpers'

const PIXELS = Uint8Array.from({ length: 5 * 6 }, (_, at) => (at * 7) % 256)
const HOOKS = { onProgress: () => undefined, check: () => undefined }

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const plainFiles = (): string =>
  folderOf({
    'a-images-idx3-ubyte': idx(0x08, [5, 2, 3], PIXELS),
    'a-labels-idx1-ubyte': idx(0x08, [5], Uint8Array.of(0, 1, 0, 1, 1))
  })

test('a set is the same whether its files are hashed in threads or not', async () => {
  const path = join(plainFiles(), 'a-images-idx3-ubyte')
  const here = await open(path, { store: { folder: scratch() } })
  const there = await open(path, { store: { folder: scratch(), hashedAtOnce: 0 } })
  expect(there.id).toBe(here.id)
  expect(there.sources).toEqual(here.sources)
  expect(there.sources[0]!.sha256).toBe(sha256(idx(0x08, [5, 2, 3], PIXELS)))
  expect(there.splits.train).toMatchObject({ count: 5, pixels: { path, offset: 16 } })
  expect(there.splits.train.classCounts).toEqual([2, 3])
})

/** Folders of the store that hold a data set, or part of one. */
const entriesOf = (store: string): readonly string[] =>
  readdirSync(store).filter((name) => name !== 'files')

const WAYS = [
  ['in threads', 0],
  ['at once', 1000]
] as const

test.each(WAYS)('what changes while a set is hashed %s is refused', async (_, hashedAtOnce) => {
  const folder = plainFiles()
  const store = scratch()
  const onProgress = (stage: string): void => {
    if (stage !== 'Reading images') return
    writeFileSync(join(folder, 'a-labels-idx1-ubyte'), idx(0x08, [5], Uint8Array.of(1, 1, 1, 1, 1)))
  }
  const path = join(folder, 'a-images-idx3-ubyte')
  const opening = (): Promise<unknown> =>
    open(path, { store: { folder: store, hashedAtOnce }, onProgress })
  expect((await factsOf(opening)).code).toBe('file-changed')
  expect(entriesOf(store)).toEqual([])
})

test.each(WAYS)('nothing is left of a bad set that is hashed %s', async (_, hashedAtOnce) => {
  const folder = plainFiles()
  const store = scratch()
  writeFileSync(join(folder, 'a-labels-idx1-ubyte'), idx(0x08, [4], Uint8Array.of(1, 1, 1, 1)))
  const path = join(folder, 'a-images-idx3-ubyte')
  const opening = (): Promise<unknown> => open(path, { store: { folder: store, hashedAtOnce } })
  expect((await factsOf(opening)).code).toBe('count-mismatch')
  expect(entriesOf(store)).toEqual([])
})

test.each(WAYS)(
  'nothing is left of a set whose opening is cancelled %s',
  async (_, hashedAtOnce) => {
    const store = scratch()
    const controller = new AbortController()
    const onProgress = (stage: string): void => {
      if (stage === 'Reading images') controller.abort()
    }
    const path = join(plainFiles(), 'a-images-idx3-ubyte')
    const { signal } = controller
    const opening = (): Promise<unknown> =>
      open(path, { store: { folder: store, hashedAtOnce }, signal, onProgress })
    expect((await factsOf(opening)).code).toBe('cancelled')
    expect(entriesOf(store)).toEqual([])
  }
)

test.each(WAYS)('a copy of what was hashed %s has no entry of its own', async (_, hashedAtOnce) => {
  const store = scratch()
  const sets = [plainFiles(), plainFiles()].map((folder) =>
    open(join(folder, 'a-images-idx3-ubyte'), { store: { folder: store, hashedAtOnce } })
  )
  const [one, other] = await Promise.all(sets)
  expect(other!.id).toBe(one!.id)
  expect(entriesOf(store)).toHaveLength(1)
})

test.each([
  ['in a thread', 0],
  ['without one', 1000]
])('a hash from an offset is of the bytes behind it, %s', async (_, atOnce) => {
  const path = join(plainFiles(), 'a-images-idx3-ubyte')
  const hashes = new Hashes(HOOKS, atOnce)
  expect(await hashes.of(path, 16)).toEqual({ bytes: 30, sha256: sha256(PIXELS) })
  expect(hashes.of(path, 16)).toBe(hashes.of(path, 16))
  hashes.close()
})

test('an opening that is cancelled while its files are hashed ends with that', async () => {
  const path = join(plainFiles(), 'a-images-idx3-ubyte')
  const check = (): void => {
    throw new NormscopeError({ code: 'cancelled', message: 'Opening was cancelled.' })
  }
  const hashes = new Hashes({ ...HOOKS, check }, 1000)
  expect((await factsOf(() => hashes.of(path))).code).toBe('cancelled')
})

test('a file that is not there is said', async () => {
  const hashes = new Hashes(HOOKS, 0)
  expect((await factsOf(() => hashes.of(join(scratch(), 'none')))).code).toBe('missing-file')
})

test('a hash that is not wanted any more stops, and tells how far it is until then', async () => {
  const path = join(plainFiles(), 'a-images-idx3-ubyte')
  const told = new Int32Array(2)
  told[DONE] = 7
  await hashTold(path, 0, told)
  expect(told[DONE]).toBe(0)
  told[STOP] = 1
  await expect(hashTold(path, 0, told)).rejects.toThrow('not wanted')
})
