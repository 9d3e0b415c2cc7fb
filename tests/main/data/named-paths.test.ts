import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { NormscopeError } from '../../../src/core/error'
import { MAX_PATHS } from '../../../src/core/study/opened-from'
import { namedPaths } from '../../../src/main/data/named-paths'
import { filesMatching } from '../../../src/main/data/path-pattern'
import { ANYWHERE, within } from '../../../src/main/disk/allowed'
import { keptPath } from '../../../src/main/disk/kept-path'
import { factsOf, folderOf, scratch } from './helpers'

const find = (given: readonly string[], checkPath = ANYWHERE) =>
  namedPaths(given, { isWord: (path) => path === 'generated', checkPath })
/** What is found, relative to the folder. */
const namesIn = async (folder: string, given: string, checkPath = ANYWHERE) =>
  (await find([join(folder, given)], checkPath)).map((path) => path.slice(folder.length + 1))
const list = (content: string | Uint8Array, names: readonly string[] = ['a', 'b']) =>
  folderOf({ 'list.txt': content, ...Object.fromEntries(names.map((name) => [name, 'x'])) })
const listed = async (folder: string) =>
  (await find([`@${join(folder, 'list.txt')}`])).map((path) => path.slice(folder.length + 1))

describe('a pattern', () => {
  const folder = folderOf({
    's/part-10.npz': 'x',
    's/part-9.npz': 'x',
    's/part-1.npz': 'x',
    's/.part-2.npz': 'x',
    's/notes.txt': 'x',
    's/deep/er/part-3.npz': 'x',
    't/part-4.npz': 'x'
  })

  test.each<[string, readonly string[]]>([
    ['s/*.npz', ['s/part-1.npz', 's/part-9.npz', 's/part-10.npz']],
    ['s/part-?.npz', ['s/part-1.npz', 's/part-9.npz']],
    ['s/part-[19].npz', ['s/part-1.npz', 's/part-9.npz']],
    ['{s,t}/part-{1,4}.npz', ['s/part-1.npz', 't/part-4.npz']],
    ['s/**/part-[13].npz', ['s/deep/er/part-3.npz', 's/part-1.npz']],
    ['*', ['s', 't']]
  ])('%s stands for what matches it, numbers by value', async (pattern, found) => {
    expect(await namesIn(folder, pattern)).toEqual(found)
  })

  test('that nothing matches says so', async () => {
    for (const pattern of ['s/*.parquet', 'nowhere/*']) {
      expect(await factsOf(() => find([join(folder, pattern)]))).toMatchObject({
        code: 'no-match',
        path: join(folder, pattern)
      })
    }
  })

  test('is a name where something has just that name', async () => {
    const own = folderOf({ 'a[1].npz': 'x', a1: 'x', '@x': 'x' })
    expect(await namesIn(own, 'a[1].npz')).toEqual(['a[1].npz'])
    expect(await namesIn(own, '@x')).toEqual(['@x'])
  })

  test('means the same from every folder, whatever the folders are called', async () => {
    const odd = join(scratch(), 'set [1]* {a}')
    mkdirSync(odd)
    writeFileSync(join(odd, 'x.npz'), 'x')
    expect(await find([keptPath('*.npz', odd)])).toEqual([join(odd, 'x.npz')])
    expect(keptPath('a.npz', '/data')).toBe('/data/a.npz')
    expect(keptPath('@l.txt', '/data')).toBe('@/data/l.txt')
    expect(keptPath('generated', '/data')).toBe('generated')
    expect(keptPath('https://a.org/*.npz', '/data')).toBe('https://a.org/*.npz')
  })

  test('finds files by links, and ends where links lead in a circle', async () => {
    const own = folderOf({ 'store/blob': 'x', 'set/b.npz': 'x' })
    symlinkSync(join(own, 'store', 'blob'), join(own, 'set', 'a.npz'))
    symlinkSync(join(own, 'set'), join(own, 'set', 'again'))
    expect(await namesIn(own, 'set/*.npz')).toEqual(['set/a.npz', 'set/b.npz'])
    // the same file by its own name and by that of a link
    expect(await factsOf(() => namesIn(own, 'set/**/b.npz'))).toMatchObject({
      code: 'repeated-path'
    })
  })

  test('tells nothing of folders that may not be opened', async () => {
    const outside = folderOf({ 'secret.npz': 'x' })
    const own = folderOf({ 'mine.npz': 'x' })
    symlinkSync(outside, join(own, 'link'))
    const check = within([own])
    expect(await namesIn(own, '**/*.npz', check)).toEqual(['mine.npz'])
    expect((await factsOf(() => find([join(own, 'link', '*')], check))).code).toBe(
      'outside-folders'
    )
    expect((await factsOf(() => find([join(outside, '*')], check))).code).toBe('outside-folders')
  })

  test('whose comparison with one long name would take minutes is refused', async () => {
    const own = folderOf({ ['a'.repeat(200)]: 'x' })
    for (const pattern of ['*a*a*a*b', '{*a*,*a*b}', '**/a/**/a/**/a/**/b']) {
      expect((await factsOf(() => namesIn(own, pattern))).code).toBe('pattern-too-loose')
    }
    const began = performance.now()
    expect((await factsOf(() => namesIn(own, '*a*a*b'))).code).toBe('no-match')
    expect(performance.now() - began).toBeLessThan(1000)
  })

  test('with a NUL in it matches nothing', async () => {
    const facts = await factsOf(() => namesIn(folder, 'a\0b/*/x'))
    expect(facts.code).toBe('missing-file')
    expect(facts.message).toContain('NUL')
  })

  test('that looks at too many files, or is not wanted any more, is given up', async () => {
    const wide = () => filesMatching(join(folder, '**'), { checkPath: ANYWHERE, mostSeen: 5 })
    expect((await factsOf(wide)).code).toBe('pattern-too-wide')
    const stop = new AbortController()
    stop.abort(new NormscopeError({ code: 'cancelled', message: 'Opening was cancelled.' }))
    const stopped = () =>
      filesMatching(join(folder, '**'), { checkPath: ANYWHERE, signal: stop.signal })
    expect((await factsOf(stopped)).code).toBe('cancelled')
  })
})

describe('a text file of paths', () => {
  test.each<[string, string | Uint8Array]>([
    ['lines', 'b\na\n'],
    ['Windows’ line ends, and none at the end', 'b\r\n\r\na'],
    ['a byte order mark', '\ufeffb\na'],
    ['UTF-16', Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from('b\na\n', 'utf16le')])]
  ])('names files relative to its own folder, in its order: %s', async (_, content) => {
    expect(await listed(list(content))).toEqual(['b', 'a'])
  })

  test('may name whole paths, and names with blanks and other letters', async () => {
    const folder = list('', ['ä b*.npz'])
    writeFileSync(join(folder, 'list.txt'), `${join(folder, 'ä b*.npz')}\n`)
    expect(await listed(folder)).toEqual(['ä b*.npz'])
  })

  test('that names what is not there says in which line', async () => {
    const facts = await factsOf(() => listed(list(`a\n\nc\n${'d\n'.repeat(40)}`)))
    expect(facts).toMatchObject({ code: 'missing-file' })
    expect(facts.message).toBe('list.txt, line 3: c does not exist. Check the path.')
  })

  test.skipIf(process.getuid?.() === 0)(
    'that names what may not be read says in which line',
    async () => {
      const folder = list('a\nb\n')
      chmodSync(join(folder, 'b'), 0)
      const facts = await factsOf(() => listed(folder))
      expect(facts.code).toBe('unreadable')
      expect(facts.message).toContain('list.txt, line 2: ')
    }
  )

  test('that names a file twice says in which lines', async () => {
    const facts = await factsOf(() => listed(list('a\nb\n./a\n')))
    expect(facts.code).toBe('repeated-path')
    expect(facts.message).toMatch(
      /a \(list\.txt, line 3\) is the same file as .*a \(list\.txt, line 1\)/
    )
  })

  test.each<[string, string | Uint8Array, string]>([
    ['nothing', '', 'empty-list'],
    ['blanks', ' \n\t\n', 'empty-list'],
    ['no text', Uint8Array.of(0x93, 0x4e, 0, 1, 2), 'not-a-list'],
    ['an address', 'https://a.org/x.npz\n', 'address']
  ])('that holds %s is refused', async (_, content, code) => {
    expect((await factsOf(() => listed(list(content)))).code).toBe(code)
  })

  test('is bounded before it is read', async () => {
    const folder = list('a\n')
    truncateSync(join(folder, 'list.txt'), 2 ** 40)
    expect((await factsOf(() => listed(folder))).code).toBe('list-too-long')
    execFileSync('mkfifo', [join(folder, 'pipe')])
    expect((await factsOf(() => find([`@${join(folder, 'pipe')}`]))).code).toBe('not-a-file')
    expect((await factsOf(() => find([`@${folder}`]))).code).toBe('not-a-file')
  })

  test('names at most 100,000 files', async () => {
    const folder = list('a\n'.repeat(MAX_PATHS + 1))
    expect(await factsOf(() => listed(folder))).toMatchObject({
      code: 'list-too-long',
      actual: '100,001 paths'
    })
    const twice = list('a\n'.repeat(MAX_PATHS))
    const path = `@${join(twice, 'list.txt')}`
    expect((await factsOf(() => find([path, path]))).code).toBe('too-many-paths')
  })
})

test('addresses are refused, and words stay what they are', async () => {
  expect((await factsOf(() => find(['https://a.org/x.npz']))).code).toBe('address')
  expect(await find(['generated'])).toEqual(['generated'])
})
