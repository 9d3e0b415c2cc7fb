import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { cacheCalls } from '../../../../src/main/engine/dataset/cache'
import { engineFolder, value } from '../engine-set-up'

const { images, setUp } = engineFolder()

const LONG_AGO = new Date(Date.now() - 3_600_000)

it('the cache tells what it holds, and is emptied but for what is open', async () => {
  const { engine } = setUp('cache')
  const opened = await value(engine.openDataset({ paths: [images] }))
  const { pixels } = opened.splits.train
  const { folder, sets, bytes, limit } = await value(engine.cache({}))
  expect(limit).toBe(8 * 2 ** 30)
  // IDX is read from its file: nothing of it was decoded
  expect(pixels.path.startsWith(folder)).toBe(false)
  const old = join(folder, 'a'.repeat(64))
  mkdirSync(old, { recursive: true })
  writeFileSync(join(old, 'train'), new Uint8Array(5000))
  writeFileSync(join(old, 'dataset.json'), '{}')
  utimesSync(join(old, 'dataset.json'), LONG_AGO, LONG_AGO)
  expect(await value(engine.cache({}))).toMatchObject({ sets: sets + 1, bytes: bytes + 5002 })
  expect(await value(engine.emptyCache({}))).toEqual({ folder, sets, bytes, limit, freed: 5002 })
  expect(existsSync(old)).toBe(false)
})

it('decoded images stay that a data set in use is read from, however long ago it was opened', async () => {
  const { engine } = setUp('in use')
  const folder = join(dirname(images), 'table')
  mkdirSync(folder)
  writeFileSync(join(folder, 'a.csv'), 'label,p0,p1,p2,p3\n0,1,2,3,4\n1,5,6,7,8\n')
  const dataset = await value(engine.openDataset({ paths: [join(folder, 'a.csv')] }))
  const entry = dirname(dataset.splits.train.pixels.path)
  utimesSync(join(entry, 'dataset.json'), LONG_AGO, LONG_AGO)
  expect((await value(engine.emptyCache({}))).freed).toBe(0)
  expect(readdirSync(entry)).toContain('dataset.json')
  // nobody uses it any more
  const { freed } = await cacheCalls(() => Promise.resolve([])).emptyCache()
  expect(freed).toBeGreaterThan(0)
  expect(existsSync(entry)).toBe(false)
})
