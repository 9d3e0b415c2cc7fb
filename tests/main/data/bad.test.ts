import { chmodSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { greyPng, gzip, idx, npy, zip } from '../../core/format/build'
import { factsOf, folderOf, open } from './helpers'

const pictures = idx(0x08, [2, 1, 1], Uint8Array.of(1, 2))

describe('bad data says what is wrong', () => {
  test.each([
    ['missing-file', {}, 'nothing'],
    ['empty-folder', {}, ''],
    ['empty-file', { a: '' }, 'a'],
    ['empty-file', { 'a.gz': gzip(new Uint8Array(0)) }, 'a.gz'],
    ['unknown-format', { 'a.bin': Uint8Array.of(1, 2, 3, 0) }, 'a.bin'],
    ['unknown-format', { 'a.png': greyPng([1]) }, 'a.png'],
    ['truncated-file', { 'a.npz': zip({ 'x.npy': new Uint8Array(0) }) }, 'a.npz'],
    ['web-page', { 'a.npz': '<!doctype html><title>Sign in</title>' }, 'a.npz'],
    ['web-page', { 'train-images-idx3-ubyte.gz': '<html>Forbidden</html>' }, ''],
    ['web-page', { 'a.csv': '\n<html>' }, ''],
    ['web-page', { 'a.npz.gz': gzip(Buffer.from('<html>')) }, 'a.npz.gz'],
    ['lfs-pointer', { 'a.npz': 'version https://git-lfs.github.com/spec/v1\n' }, 'a.npz'],
    ['unknown-arrays', { 'a.npz': zip({ 'readme.txt': new Uint8Array(3) }) }, 'a.npz'],
    ['truncated-file', { 'a.npz': zip({ 'x.npy': new Uint8Array(9) }).slice(0, 40) }, 'a.npz'],
    ['no-images', { 'a.txt': 'hello' }, ''],
    ['corrupt-image', { 'a/1.png': greyPng([1]).slice(0, 50) }, ''],
    ['corrupt-image', { 'a/1.png': 'no picture at all' }, ''],
    ['ambiguous-folder', { 'a.csv': 'label,p\n0,1\n', 'b.csv': 'label,p\n0,1\n' }, ''],
    [
      'count-mismatch',
      { 'a-images-idx3-ubyte': pictures, 'a-labels-idx1-ubyte': idx(0x08, [1], Uint8Array.of(1)) },
      'a-images-idx3-ubyte'
    ],
    [
      'split-mismatch',
      { 'train.csv': 'label,p\n0,1\n', 'test.csv': 'label,a,b,c,d\n0,1,2,3,4\n' },
      ''
    ]
  ] as const)('%s %#', async (code, files, name) => {
    const facts = await factsOf(() => open(join(folderOf(files), name)))
    expect(facts.code).toBe(code)
    expect(facts.message.length).toBeGreaterThan(20)
    expect(facts.path).toBeDefined()
  })

  test.skipIf(process.getuid?.() === 0)('a file that may not be read', async () => {
    const folder = folderOf({ 'a.csv': 'label,p\n0,1\n' })
    chmodSync(join(folder, 'a.csv'), 0)
    expect((await factsOf(() => open(join(folder, 'a.csv')))).code).toBe('unreadable')
  })

  test.each([false, true])(
    'a member that promises more than it holds takes no memory for that, deflated: %s',
    async (deflate) => {
      const claims = npy('<f8', [16, 4096, 4096], new Uint8Array(8), true)
      const labels = npy('|u1', [16], new Uint8Array(16))
      const file = Buffer.from(zip({ 'x.npy': claims, 'y.npy': labels }, { deflate }))
      for (const mark of ['PK\x03\x04', 'PK\x01\x02']) {
        const at = file.indexOf(mark, 'latin1') + (mark === 'PK\x03\x04' ? 22 : 24)
        file.writeUInt32LE(claims.length - 8 + 2 ** 31, at)
        if (!deflate) file.writeUInt32LE(claims.length - 8 + 2 ** 31, at - 4)
      }
      const folder = folderOf({ 'a.npz': file })
      const before = process.memoryUsage().rss
      const { code } = await factsOf(() => open(join(folder, 'a.npz')))
      expect(['truncated-file', 'corrupt-zip', 'implausible-shape']).toContain(code)
      expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 27)
    }
  )

  test('an archive cut at any byte is never an unforeseen error', async () => {
    const whole = zip({
      'x.npy': npy('|u1', [2, 1, 1], Uint8Array.of(7, 8)),
      'y.npy': npy('|u1', [2], Uint8Array.of(0, 1))
    })
    for (let length = 4; length < whole.length; length += 7) {
      const folder = folderOf({ 'a.npz': whole.slice(0, length) })
      const { code } = await factsOf(() => open(join(folder, 'a.npz')))
      expect(['truncated-file', 'corrupt-zip']).toContain(code)
    }
  })
})

/** Optional files beside the project. */
const samples = fileURLToPath(new URL('../../../../shared/data/', import.meta.url))

describe.skipIf(!existsSync(join(samples, 'bad')))('sample files', () => {
  const files = existsSync(join(samples, 'bad/idx')) ? readdirSync(join(samples, 'bad/idx')) : []
  const labelsPath = join(samples, 'bad/idx/00-ok-labels-idx1-ubyte')

  test.each(files)('%s opens or says why not', async (name) => {
    const isImages = /idx3/.test(name)
    const path = join(samples, 'bad/idx', name)
    const facts = await factsOf(() => open(path, isImages ? { labelsPath } : {}))
    const opens = /-ok-(images|kaggle)|VALID|not-gzipped|value-256/.test(name)
    if (opens) expect(facts).toMatchObject({ code: 'none' })
    else expect(['none', 'internal']).not.toContain(facts.code)
  })

  test('the digits of scikit-learn open', async () => {
    const dataset = await open(join(samples, 'digits-8x8-csv/digits.csv.gz'))
    expect(dataset).toMatchObject({ height: 8, width: 8, dtype: 'uint8' })
    // counts of the scikit-learn documentation's data set, numpy.bincount(load_digits().target)
    expect(dataset.splits.train.classCounts).toEqual([
      178, 182, 177, 183, 181, 182, 181, 179, 174, 180
    ])
  })
})
