import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readStudy, sha256Of } from '../../../../src/main/engine/study/file'
import { factsOf } from '../../data/helpers'

const folder = mkdtempSync(join(tmpdir(), 'normscope-study-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a file larger than any study is refused before it is read', async () => {
  const path = join(folder, 'large.normscope')
  writeFileSync(path, '')
  // takes no room on the disk
  truncateSync(path, 2 ** 28 + 1)
  expect(await factsOf(() => readStudy(path))).toMatchObject({
    code: 'not-a-study',
    path,
    actual: `${2 ** 28 + 1} bytes`
  })
})

test('a file that is no study is refused, and one that is missing', async () => {
  const path = join(folder, 'words.normscope')
  writeFileSync(path, 'no study')
  expect(await factsOf(() => readStudy(path))).toMatchObject({ code: 'not-a-study', path })
  expect((await factsOf(() => readStudy(join(folder, 'missing.normscope')))).code).toBe(
    'missing-file'
  )
})

test('SHA-256 of a text is that of its UTF-8', () => {
  // FIPS 180-2, appendix B.1
  expect(sha256Of('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})
