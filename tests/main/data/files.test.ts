import { execFileSync } from 'node:child_process'
import { existsSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { NormscopeError } from '../../../src/core/error'
import { openDataset } from '../../../src/main/data/open'
import { fileChecksum } from '../../../src/main/disk/checksum'
import { fileError, fileSource, onFile } from '../../../src/main/disk/files'
import { factsOf, scratch } from './helpers'

const system = (code: string): Error => Object.assign(new Error(`${code}: told`), { code })

describe('a path that is not a file to read', () => {
  test.each<[string, (folder: string) => string, string, string]>([
    ['that does not exist', (folder) => join(folder, 'none.png'), 'missing-file', 'none.png does'],
    [
      'that goes through a file',
      (folder) => {
        writeFileSync(join(folder, 'file'), '')
        return join(folder, 'file', 'inner.png')
      },
      'missing-file',
      'a part of its path is a file'
    ],
    ['with a zero byte', (folder) => join(folder, 'a\0b'), 'missing-file', 'NUL'],
    ['that is too long', (folder) => join(folder, 'n'.repeat(5000)), 'missing-file', 'too long'],
    ['of a folder', (folder) => folder, 'not-a-file', 'is a folder; a file is expected']
  ])('%s is told as such', async (_, pathIn, code, words) => {
    const path = pathIn(scratch())
    const facts = await factsOf(() => fileSource(path))
    expect(facts).toMatchObject({ code, path })
    expect(facts.message).toContain(words)
  })

  test.skipIf(process.platform === 'win32')('is told as such for a link in a circle', async () => {
    const path = join(scratch(), 'round')
    symlinkSync('round', path)
    const facts = await factsOf(() => fileSource(path))
    expect(facts).toMatchObject({ code: 'missing-file', actual: 'ELOOP' })
    expect(facts.message).toContain('leads in a circle')
  })

  test.skipIf(process.platform === 'win32')('is never waited for when it is a pipe', async () => {
    const path = join(scratch(), 'pipe')
    execFileSync('mkfifo', [path])
    const facts = await factsOf(() => fileSource(path))
    expect(facts).toMatchObject({ code: 'not-a-file', path })
    expect(facts.message).toContain('a device or a pipe')
  })

  // endless for whoever may read it; its size is 0, as that of all that the system makes up
  const log = '/proc/kmsg'
  test.skipIf(!existsSync(log))('is never waited for when the system makes it up', async () => {
    const facts = await factsOf(() => openDataset(log))
    expect(facts.path).toBe(log)
    expect(['unreadable', 'empty-file']).toContain(facts.code)
    const source = await fileSource('/proc/version')
    expect(await source.read(0, 16)).toHaveLength(0)
    await source.close()
  })
})

describe('an error of the file system', () => {
  test.each([
    ['EACCES', 'unreadable', 'Change its permissions'],
    ['EPERM', 'unreadable', 'Change its permissions'],
    ['EISDIR', 'not-a-file', 'is a folder'],
    ['ENOSPC', 'disk-full', 'Free some space'],
    ['EDQUOT', 'disk-full', 'quota'],
    ['EROFS', 'unwritable', 'cannot be written to'],
    ['EMFILE', 'too-many-files', 'try again']
  ])('%s is %s, and says what to do', async (code, ours, words) => {
    const facts = await factsOf(() => onFile('/data/set.npy', () => Promise.reject(system(code))))
    expect(facts).toMatchObject({ code: ours, path: '/data/set.npy', actual: code })
    expect(facts.message).toContain(words)
  })

  test('that nobody foresaw is told in its own words, with the file', async () => {
    const facts = await factsOf(() => onFile('/data/set.npy', () => Promise.reject(system('EIO'))))
    expect(facts).toMatchObject({ code: 'file-error', path: '/data/set.npy', actual: 'EIO' })
    expect(facts.message).toContain('set.npy: EIO: told')
  })

  test('is the only thing that is changed: other errors pass as they are', () => {
    const known = new NormscopeError({ code: 'corrupt-png', message: 'Damaged.' })
    for (const thrown of [known, new Error('a fault'), system('ERR_STREAM'), 'a text', undefined]) {
      expect(fileError(thrown, '/data/set.npy')).toBe(thrown)
    }
  })
})

describe('the checksum of a file', () => {
  const check = (bytes: Uint8Array | string): Promise<number> => {
    const path = join(scratch(), 'file')
    writeFileSync(path, bytes)
    return fileChecksum(path)
  }

  test('is CRC-32: the published check value, and 0 for no bytes', async () => {
    expect(await check('123456789')).toBe(0xcbf43926)
    expect(await check('')).toBe(0)
  })

  test('goes on over blocks: that of Python for 9,500,000 bytes', async () => {
    // zlib.crc32(bytes(i * 7 % 251 for i in range(9_500_000)))
    const bytes = Uint8Array.from({ length: 9_500_000 }, (_, index) => (index * 7) % 251)
    expect(await check(bytes)).toBe(2059997079)
  })
})

test('reading stops where the file ends', async () => {
  const path = join(scratch(), 'file')
  writeFileSync(path, 'abcdef')
  const source = await fileSource(path)
  expect(source.size).toBe(6)
  expect(Buffer.from(await source.read(2, 3)).toString()).toBe('cde')
  expect(Buffer.from(await source.read(4, 100)).toString()).toBe('ef')
  expect(await source.read(6, 1)).toHaveLength(0)
  await source.close()
  expect(await factsOf(() => source.read(0, 1))).toMatchObject({ code: 'file-error', path })
})
