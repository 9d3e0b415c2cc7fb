import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { META } from '../../../src/main/data/store/entry'
import { cacheFacts, emptyCache, tidy } from '../../../src/main/data/store/tidy'
import { scratch } from './helpers'

const HOUR = 3600
const entry = (digit: string): string => digit.repeat(64)

/** A folder of a store with one file of so many bytes, last used so many hours ago. */
function make(root: string, name: string, bytes: number, hours: number): string {
  const path = join(root, name)
  mkdirSync(path)
  const then = Date.now() / 1000 - hours * HOUR
  for (const [file, size] of [
    ['pixels', bytes],
    [META, 0]
  ] as const) {
    writeFileSync(join(path, file), new Uint8Array(size))
    utimesSync(join(path, file), then, then)
  }
  utimesSync(path, then, then)
  return path
}

/** The number of a process that has ended. */
const endedPid = (): number => spawnSync(process.execPath, ['-e', '']).pid

test('What was used longest ago goes until the store is small enough', async () => {
  const root = scratch()
  make(root, entry('a'), 100, 3)
  make(root, entry('b'), 100, 9)
  make(root, entry('c'), 100, 6)
  const kept = make(root, entry('d'), 100, 12)
  await tidy(root, kept, 250)
  expect(readdirSync(root).sort()).toEqual([entry('a'), entry('d')])
})

test('What was used in the last ten minutes stays, however large the store is', async () => {
  const root = scratch()
  make(root, entry('a'), 100, 0)
  const kept = make(root, entry('d'), 100, 0)
  await tidy(root, kept, 10)
  expect(readdirSync(root).sort()).toEqual([entry('a'), entry('d')])
})

test('Of unfinished entries only the old ones of processes that have ended are taken away', async () => {
  const root = scratch()
  const kept = make(root, entry('d'), 100, 0)
  const dead = endedPid()
  const mine = `new-${process.pid}-other-of-this-process`
  make(root, `new-${dead}-old`, 10, 1)
  make(root, `new-${dead}-young`, 10, 0)
  make(root, `new-${process.ppid}-old`, 10, 1)
  make(root, mine, 10, 1)
  make(root, 'of-another-program', 10, 100)
  await tidy(root, kept)
  expect(readdirSync(root).sort()).toEqual(
    [entry('d'), `new-${dead}-young`, `new-${process.ppid}-old`, mine, 'of-another-program'].sort()
  )
})

test('A store that is gone is no failure', async () => {
  const root = join(scratch(), 'gone')
  await expect(tidy(root, join(root, entry('a')))).resolves.toBeUndefined()
})

test('The cache tells its size, and is emptied but for what is kept or was opened a moment ago', async () => {
  const root = scratch()
  make(root, entry('a'), 100, 3)
  const kept = make(root, entry('b'), 50, 9)
  make(root, entry('c'), 20, 0)
  mkdirSync(join(root, 'files'))
  const store = { folder: root, limit: 1000 }
  expect(await cacheFacts(store)).toEqual({ folder: root, sets: 3, bytes: 170, limit: 1000 })
  await emptyCache((path) => path === kept, store)
  expect(readdirSync(root).sort()).toEqual([entry('b'), entry('c')])
  expect(await cacheFacts(store)).toMatchObject({ sets: 2, bytes: 70 })
  expect(await cacheFacts({ folder: join(root, 'none') })).toMatchObject({ sets: 0, bytes: 0 })
})
