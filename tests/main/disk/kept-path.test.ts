import { mkdirSync, writeFileSync } from 'node:fs'
import { join, posix, win32 } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isPattern, keptPath, patternParts } from '../../../src/main/disk/kept-path'
import { filesMatching } from '../../../src/main/data/path-pattern'
import { ANYWHERE } from '../../../src/main/disk/allowed'
import { scratch } from '../data/helpers'

const HOME = 'C:\\Users\\Ada'

describe('on Windows', () => {
  test.each([
    ['C:\\data\\*.npz', true],
    ['data\\part-?.npz', true],
    ['C:/data/**/*.npz', true],
    ['\\\\server\\share\\{a,b}.npz', true],
    ['\\\\?\\C:\\data\\a.npz', false],
    ['\\\\?\\C:\\data\\*.npz', true],
    ['C:\\data\\a.npz', false],
    ['C:\\set [[]1]\\a.npz', false]
  ])('%s is a pattern: %s', (path, is) => {
    expect(isPattern(path, win32)).toBe(is)
  })

  test.each([
    ['a.npz', `${HOME}\\a.npz`],
    ['..\\a.npz', 'C:\\Users\\a.npz'],
    ['C:/data/a.npz', 'C:\\data\\a.npz'],
    ['\\data\\a.npz', 'C:\\data\\a.npz'],
    ['D:\\data\\a.npz', 'D:\\data\\a.npz'],
    ['\\\\server\\share\\a.npz', '\\\\server\\share\\a.npz'],
    ['@lists\\l.txt', `@${HOME}\\lists\\l.txt`],
    ['@D:\\l.txt', '@D:\\l.txt'],
    ['generated', 'generated'],
    ['https://a.org/*.npz', 'https://a.org/*.npz'],
    // patterns
    ['*.npz', `${HOME}\\*.npz`],
    ['s/*.npz', `${HOME}\\s\\*.npz`],
    ['..\\s\\*.npz', 'C:\\Users\\s\\*.npz'],
    ['C:s\\*.npz', `${HOME}\\s\\*.npz`],
    ['\\data\\*.npz', 'C:\\data\\*.npz'],
    ['\\\\server\\share\\*.npz', '\\\\server\\share\\*.npz'],
    ['\\\\?\\D:\\data\\*.npz', 'D:\\data\\*.npz'],
    ['\\\\?\\UNC\\server\\share\\*.npz', '\\\\server\\share\\*.npz']
  ])('%s means %s from every folder', (given, kept) => {
    expect(keptPath(given, HOME, win32)).toBe(kept)
    expect(keptPath(kept, 'E:\\elsewhere', win32)).toBe(kept)
  })

  test.each([
    ['C:\\data\\*.npz', 'C:\\data', '*.npz'],
    ['C:\\*.npz', 'C:\\', '*.npz'],
    ['C:/data/s-?/**/a.npz', 'C:\\data', 's-?/**/a.npz'],
    ['\\\\server\\share\\*.npz', '\\\\server\\share\\', '*.npz'],
    ['\\\\server\\share\\s\\{a,b}\\*.npz', '\\\\server\\share\\s', '{a,b}/*.npz'],
    ['\\\\?\\C:\\data\\*.npz', 'C:\\data', '*.npz']
  ])('%s begins in %s and leaves %s', (pattern, folder, rest) => {
    expect(patternParts(pattern, win32)).toEqual({ folder, rest })
  })

  test('folders whose names have signs in them are taken by their names', () => {
    const folder = 'C:\\set [1] {a}'
    const { folder: found, rest } = patternParts(keptPath('*.npz', folder, win32), win32)
    expect([found, rest]).toEqual([folder, '*.npz'])
    expect(patternParts('C:\\s*\\x[[]1]{[}]', win32).rest).toBe('s*/x\\[1]{[}]')
  })
})

describe('on other systems', () => {
  test.each([
    ['/data/*.npz', true],
    ['C:\\data\\*.npz', false],
    ['/data/\\*.npz', false],
    ['/data/[[]1]', true]
  ])('%s is a pattern: %s', (path, is) => {
    expect(isPattern(path, posix)).toBe(is)
  })

  test('a backslash before a sign makes a letter of it, and separates nothing', () => {
    expect(patternParts('/set \\[1\\]/b\\{*', posix)).toEqual({ folder: '/set [1]', rest: 'b\\{*' })
    expect(keptPath('*', '/a\\b [1]', posix)).toBe('/a\\\\b \\[1\\]/*')
  })
})

test('signs of other programs’ patterns are letters of names', async () => {
  const folder = scratch()
  const names = ['!a1', 'part (1) 1', 'a|b1', 'say "x" 1', '+(a)1', 'part 1 1', 'b1']
  for (const name of [...names, 'set/!c1']) {
    mkdirSync(join(folder, 'set'), { recursive: true })
    writeFileSync(join(folder, name), 'x')
  }
  const found = async (pattern: string) =>
    (await filesMatching(join(folder, pattern), { checkPath: ANYWHERE })).map((path) =>
      path.slice(folder.length + 1)
    )
  expect(await found('!a*')).toEqual(['!a1'])
  expect(await found('part (1)*')).toEqual(['part (1) 1'])
  expect(await found('a|b*')).toEqual(['a|b1'])
  expect(await found('say "x"*')).toEqual(['say "x" 1'])
  expect(await found('+(a)*')).toEqual(['+(a)1'])
  expect(await found('s*/!c?')).toEqual(['set/!c1'])
  expect(await found('[!+!ps]1')).toEqual(['b1'])
})
