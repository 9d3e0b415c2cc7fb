import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { NormscopeError } from '../../../src/core/error'
import { checkFree, writeWhole } from '../../../src/main/cli/results-folder'

/** Makes the disk full before the file of this name. */
const disk = vi.hoisted(() => ({ fullAt: '' }))
vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof import('node:fs/promises')>()
  const writeFile: typeof actual.writeFile = (file, ...more) =>
    disk.fullAt !== '' && String(file).endsWith(disk.fullAt)
      ? Promise.reject(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }))
      : actual.writeFile(file, ...more)
  return { ...actual, writeFile }
})

const FILES = ['a.csv', 'b.csv'].map((name) => ({ name, bytes: Buffer.from(`of ${name}`) }))
const going = new AbortController().signal
let parent: string
let out: string

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'normscope-results-'))
  out = join(parent, 'out')
})
afterEach(() => rmSync(parent, { recursive: true, force: true }))

async function errorOf(work: Promise<unknown>): Promise<NormscopeError> {
  const thrown: unknown = await work.then(
    () => undefined,
    (error: unknown) => error
  )
  if (thrown instanceof NormscopeError) return thrown
  throw new Error(`not a NormscopeError: ${String(thrown)}`)
}

it('makes a folder that is not there, with those above it', async () => {
  const deep = join(out, 'deep', 'er')
  await checkFree(deep)
  expect(readdirSync(parent)).toEqual([])
  await writeWhole(deep, FILES, going)
  expect(readdirSync(deep).sort()).toEqual(['a.csv', 'b.csv'])
  expect(readdirSync(join(out, 'deep'))).toEqual(['er'])
})

it('says that the disk is full, and leaves no part of the results', async () => {
  disk.fullAt = 'b.csv'
  const { facts } = await errorOf(writeWhole(out, FILES, going)).finally(() => (disk.fullAt = ''))
  expect(facts).toMatchObject({ code: 'disk-full', path: out })
  expect(readdirSync(parent)).toEqual([])
})

it('fills an empty folder and keeps it the same folder', async () => {
  mkdirSync(out)
  const { ino } = statSync(out)
  await writeWhole(out, FILES, going)
  expect(statSync(out).ino).toBe(ino)
  expect(readFileSync(join(out, 'a.csv'), 'utf8')).toBe('of a.csv')
  expect(readdirSync(parent)).toEqual(['out'])
})

it.each(['mine.txt', 'a.csv', 'b.csv'])(
  'leaves %s alone and keeps the results beside',
  async (name) => {
    mkdirSync(out)
    writeFileSync(join(out, name), 'mine')
    const { facts } = await errorOf(writeWhole(out, FILES, going))
    expect(facts.code).toBe('folder-taken')
    expect(readdirSync(out)).toEqual([name])
    expect(readFileSync(join(out, name), 'utf8')).toBe('mine')
    expect(readdirSync(facts.path!).sort()).toEqual(['a.csv', 'b.csv'])
    expect(readdirSync(parent).sort()).toEqual([facts.path!.slice(parent.length + 1), 'out'].sort())
  }
)

it('leaves a file alone that took the name of the folder', async () => {
  writeFileSync(out, 'mine')
  const { facts } = await errorOf(writeWhole(out, FILES, going))
  expect(readFileSync(out, 'utf8')).toBe('mine')
  expect(readdirSync(facts.path!).sort()).toEqual(['a.csv', 'b.csv'])
})

it('leaves nothing when it is stopped', async () => {
  const stopped = AbortSignal.abort(new Error('stopped'))
  await expect(writeWhole(out, FILES, stopped)).rejects.toThrow('stopped')
  expect(readdirSync(parent)).toEqual([])
})

it('refuses at the start a folder with files in it, and a file', async () => {
  mkdirSync(out)
  writeFileSync(join(out, 'mine.txt'), 'mine')
  expect((await errorOf(checkFree(out))).facts.code).toBe('folder-not-empty')
  expect((await errorOf(checkFree(join(out, 'mine.txt')))).facts.code).toBe('not-a-folder')
  expect((await errorOf(checkFree(join(out, 'mine.txt', 'below')))).facts.code).toBe('not-a-folder')
})
