import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { publishFolder } from '../../scripts/setup/atomic.mjs'
import { withLock } from '../../scripts/setup/lock.mjs'
import { matchesLock } from '../../scripts/setup/packages.mjs'
import { cacheFolder, projectFolder, userFolder } from '../../scripts/setup/paths.mjs'
import { contentHash } from '../../scripts/setup/stamp.mjs'
import { cacheFolder as cacheOfApp } from '../../src/main/user/cache'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'normscope-cache-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A process number that is surely dead: that of a process that has ended. */
const deadProcess = (): number => spawnSync(process.execPath, ['-e', '']).pid

describe('the cache folder', () => {
  it('lies in XDG_CACHE_HOME', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/x/y' }, '/home/a')).toBe('/x/y/normscope')
  })
  it('lies in ~/.cache where XDG_CACHE_HOME is not set, empty or relative', () => {
    for (const environment of [{}, { XDG_CACHE_HOME: '' }, { XDG_CACHE_HOME: 'x/y' }]) {
      expect(cacheFolder(environment, '/home/a', 'linux')).toBe('/home/a/.cache/normscope')
    }
  })
})

describe('the two rules for the cache folder, of the scripts and of the app,', () => {
  const given = process.env.XDG_CACHE_HOME
  afterEach(() => {
    if (given === undefined) delete process.env.XDG_CACHE_HOME
    else process.env.XDG_CACHE_HOME = given
  })
  it.each([undefined, '', 'x/y', '/x/y'])('agree for XDG_CACHE_HOME %s', (value) => {
    if (value === undefined) delete process.env.XDG_CACHE_HOME
    else process.env.XDG_CACHE_HOME = value
    expect(cacheOfApp()).toBe(cacheFolder())
  })
})

describe("the person's folder", () => {
  const byNpm = { npm_lifecycle_event: 'normscope', INIT_CWD: '/home/a/pictures' }
  it('is where they called npm', () => {
    expect(userFolder('normscope', byNpm, projectFolder)).toBe('/home/a/pictures')
  })
  it('is the current one when npm did not start this very script', () => {
    expect(userFolder('normscope', {}, '/home/b')).toBe('/home/b')
    expect(userFolder('normscope', byNpm, '/home/b')).toBe('/home/b')
    expect(userFolder('start', byNpm, projectFolder)).toBe(projectFolder)
  })
})

describe('a stamp by content', () => {
  const hash = (): string => contentHash(folder, ['src', 'one.json'])
  beforeEach(() => {
    mkdirSync(join(folder, 'src/deep'), { recursive: true })
    writeFileSync(join(folder, 'src/deep/a.ts'), 'a')
    writeFileSync(join(folder, 'one.json'), '{}')
  })

  it('does not see dates', () => {
    const before = hash()
    utimesSync(join(folder, 'src/deep/a.ts'), 1, 1)
    expect(hash()).toBe(before)
  })
  it.each([
    ['a changed byte', () => writeFileSync(join(folder, 'src/deep/a.ts'), 'b')],
    ['a new file', () => writeFileSync(join(folder, 'src/b.ts'), '')],
    ['a removed file', () => rmSync(join(folder, 'one.json'))],
    [
      'bytes that moved from one file to the next',
      () => {
        writeFileSync(join(folder, 'src/deep/a.ts'), '')
        writeFileSync(join(folder, 'one.json'), 'a{}')
      }
    ]
  ])('sees %s', (_what, change) => {
    const before = hash()
    change()
    expect(hash()).not.toBe(before)
  })
})

describe('a published folder', () => {
  it('replaces the old one whole', async () => {
    const target = join(folder, 'thing')
    mkdirSync(target)
    writeFileSync(join(target, 'old'), '')
    await publishFolder(target, (partial: string) => writeFileSync(join(partial, 'new'), ''))
    expect(readdirSync(target)).toEqual(['new'])
    expect(readdirSync(folder)).toEqual(['thing'])
  })
  it('does not touch the old one when filling fails, and leaves nothing behind', async () => {
    const target = join(folder, 'thing')
    mkdirSync(target)
    writeFileSync(join(target, 'old'), '')
    const filling = publishFolder(target, (partial: string) => {
      writeFileSync(join(partial, 'half'), '')
      throw new Error('the disk is full')
    })
    await expect(filling).rejects.toThrow('the disk is full')
    expect(readdirSync(target)).toEqual(['old'])
    expect(readdirSync(folder)).toEqual(['thing'])
  })
  it('clears what a killed process left, and only that', async () => {
    const target = join(folder, 'thing')
    const dead = `thing.${deadProcess()}-0123ab.partial`
    const living = `thing.${process.ppid}-0123ab.partial`
    mkdirSync(join(folder, dead))
    mkdirSync(join(folder, living))
    await publishFolder(target, () => {})
    expect(readdirSync(folder).sort()).toEqual(['thing', living].sort())
  })
})

describe('a lock', () => {
  const file = (): string => join(folder, 'locks/a.lock')
  const quick = { pollMilliseconds: 5 }

  it('has one holder at a time', async () => {
    let inside = 0
    let most = 0
    await Promise.all(
      Array.from({ length: 8 }, () =>
        withLock(
          file(),
          async () => {
            most = Math.max(most, ++inside)
            // the others ask for it meanwhile
            for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
            inside--
          },
          quick
        )
      )
    )
    expect(most).toBe(1)
    expect(existsSync(file())).toBe(false)
  })

  it('is given back when the work fails', async () => {
    await expect(
      withLock(file(), () => {
        throw new Error('no')
      })
    ).rejects.toThrow('no')
    expect(await withLock(file(), () => 'yes')).toBe('yes')
  })

  it('is taken over from a holder that was killed', async () => {
    const script = `import { withLock } from ${JSON.stringify(resolve('scripts/setup/lock.mjs'))}
      withLock(process.argv[1], () => new Promise(() => {
        console.log('held')
        setInterval(() => {}, 1000)
      }))`
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script, file()])
    await new Promise((held) => holder.stdout.once('data', held))
    const ended = new Promise((end) => holder.once('exit', end))
    holder.kill('SIGKILL')
    await ended
    expect(existsSync(file())).toBe(true)
    expect(await withLock(file(), () => 'mine', quick)).toBe('mine')
  })

  it.runIf(process.platform === 'linux')(
    'is not kept by a stranger who got the number of a dead holder',
    async () => {
      mkdirSync(join(folder, 'locks'))
      writeFileSync(file(), JSON.stringify({ pid: process.pid, start: '1' }))
      expect(await withLock(file(), () => 'mine', quick)).toBe('mine')
    }
  )

  it('tells once whom it waits for', async () => {
    const waits: number[] = []
    const onWait = (pid: number): number => waits.push(pid)
    let second: Promise<string> | undefined
    await withLock(file(), async () => {
      second = withLock(file(), () => 'second', { ...quick, onWait })
      await vi.waitFor(() => expect(waits).toHaveLength(1))
      expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ pid: process.pid })
    })
    expect(await second).toBe('second')
    expect(waits).toEqual([process.pid])
  })
})

describe('installed packages', () => {
  const wanted = {
    packages: {
      '': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '2.0.0', optional: true }
    }
  }
  const there = (): boolean => true

  it('match the lock file with or without optional ones', () => {
    expect(matchesLock(wanted, wanted, there)).toBe(true)
    const without = { packages: { 'node_modules/a': { version: '1.0.0' } } }
    expect(matchesLock(wanted, without, there)).toBe(true)
  })
  it('do not match with another version, a missing package or a removed folder', () => {
    const other = { packages: { 'node_modules/a': { version: '1.0.1' } } }
    expect(matchesLock(wanted, other, there)).toBe(false)
    expect(matchesLock(wanted, { packages: {} }, there)).toBe(false)
    expect(matchesLock(wanted, wanted, () => false)).toBe(false)
    expect(matchesLock(wanted, undefined, there)).toBe(false)
  })
})
