import { copyFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { OpenOptions } from '../../../src/main/data/open'
import { gzip, idx } from '../../core/format/build'
import { contentOf, factsOf, folderOf, open, scratch } from './helpers'

const PIXELS = Uint8Array.from({ length: 5 * 6 }, (_, at) => (at * 7) % 256)
const IMAGES = 'a-images-idx3-ubyte.gz'
const LABELS = 'a-labels-idx1-ubyte.gz'

const gzipped = (labels = Uint8Array.of(0, 1, 0, 1, 1)): string =>
  folderOf({
    [IMAGES]: gzip(idx(0x08, [5, 2, 3], PIXELS)),
    [LABELS]: gzip(idx(0x08, [labels.length], labels))
  })

const entriesOf = (store: string): readonly string[] =>
  readdirSync(store).filter((name) => name !== 'files')

/** What whoever counts images is told of an opening. */
function watched(): { readonly told: unknown[]; readonly options: OpenOptions } {
  const told: unknown[] = []
  const onDecoded = {
    decoded: ({ images }: { images: number }) => void told.push(images),
    rewritten: () => Promise.resolve(),
    ended: (whole: boolean) => Promise.resolve(void told.push(whole))
  }
  return { told, options: { onDecoded } }
}

test('images are unpacked once, and not again where they were before', async () => {
  const store = { folder: scratch() }
  const path = join(gzipped(), IMAGES)
  const first = watched()
  const set = await open(path, { store, ...first.options })
  expect(first.told.at(-1)).toBe(true)
  expect((await contentOf(set)).pixels).toEqual([...PIXELS])
  const again = watched()
  expect((await open(path, { store, ...again.options })).id).toBe(set.id)
  expect(again.told).toEqual([])
})

test('a copy of files that the store has is that set: what was begun of it is ended and goes', async () => {
  const store = { folder: scratch() }
  const folder = gzipped()
  const set = await open(join(folder, IMAGES), { store })
  const entries = entriesOf(store.folder)
  const inode = statSync(set.splits.train.pixels.path).ino
  const copy = scratch()
  for (const name of [IMAGES, LABELS]) copyFileSync(join(folder, name), join(copy, name))
  const { told, options } = watched()
  const same = await open(join(copy, IMAGES), { store, ...options })
  expect(told.at(-1)).toBe(false)
  expect(same.id).toBe(set.id)
  expect(same.sources[0]!.path).toBe(join(copy, IMAGES))
  expect(entriesOf(store.folder)).toEqual(entries)
  expect(statSync(same.splits.train.pixels.path).ino).toBe(inode)
})

test('what changes while it is hashed and unpacked is refused', async () => {
  const store = { folder: scratch() }
  const folder = gzipped()
  const onProgress = (stage: string): void => {
    if (stage !== 'Reading images') return
    writeFileSync(join(folder, LABELS), gzip(idx(0x08, [5], Uint8Array.of(1, 1, 1, 1, 0))))
  }
  const facts = await factsOf(() => open(join(folder, IMAGES), { store, onProgress }))
  expect(facts.code).toBe('file-changed')
  expect(entriesOf(store.folder)).toEqual([])
})

test('nothing is left of a bad set, nor of one whose opening is cancelled', async () => {
  const store = { folder: scratch() }
  const bad = gzipped(Uint8Array.of(1, 1, 1, 1))
  expect((await factsOf(() => open(join(bad, IMAGES), { store }))).code).toBe('count-mismatch')
  expect(entriesOf(store.folder)).toEqual([])
  const controller = new AbortController()
  const cancelled = (): Promise<unknown> =>
    open(join(gzipped(), IMAGES), {
      store,
      signal: controller.signal,
      onProgress: (stage) => {
        if (stage === 'Reading images') controller.abort()
      }
    })
  expect((await factsOf(cancelled)).code).toBe('cancelled')
  expect(entriesOf(store.folder)).toEqual([])
})
