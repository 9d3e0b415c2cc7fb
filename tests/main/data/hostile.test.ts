import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readLabels } from '../../../src/main/data/labels'
import { readRows } from '../../../src/main/data/rows'
import { SplitWriter } from '../../../src/main/data/store/split-writer'
import { bigEndian, greyPng, gzip, idx, npy, zip } from '../../core/format/build'
import { factsOf, folderOf, open, scratch } from './helpers'

const POSIX = process.platform !== 'win32'
const ones = (count: number): Uint8Array => new Uint8Array(count).fill(1)
const images = idx(0x08, [2, 1, 1], Uint8Array.of(1, 2))
const labels = npy('|u1', [2], Uint8Array.of(0, 1))
const most = 2 ** 32 - 1

/** With one byte of the checksum, or of the size, of a gzip changed. */
function trailer(file: Uint8Array, fromEnd: number): Uint8Array {
  const bad = gzip(file)
  bad[bad.length - fromEnd]! ^= 1
  return bad
}

const named = (files: Readonly<Record<string, Uint8Array | string>>): string => {
  const [name = ''] = Object.keys(files)
  return join(folderOf(files), name)
}

describe('what is broken or hostile has an error of its own', () => {
  test.each<[string, string, Readonly<Record<string, Uint8Array | string>>]>([
    ['an IDX without images', 'empty-dataset', { 'a-idx3-ubyte': idx(8, [0, 28, 28], ones(0)) }],
    ['an NPY without images', 'empty-dataset', { 'x.npy': npy('|u1', [0, 28, 28], ones(0)) }],
    ['a count of 2^32-1', 'truncated-file', { 'a-idx3-ubyte': idx(8, [most, 28, 28], ones(9)) }],
    [
      'a gzipped count of 2^32-1',
      'truncated-file',
      { 'a-idx3-ubyte.gz': gzip(idx(8, [most, 28, 28], ones(9))) }
    ],
    ['sides of 2^32-1', 'implausible-shape', { 'a-idx3-ubyte': idx(8, [1, most, most], ones(9)) }],
    [
      'a product beyond 2^53',
      'implausible-shape',
      { 'x.npy': npy('<f8', [2 ** 20, 2 ** 20, 2 ** 20], ones(64)) }
    ],
    ['a magic number of nothing', 'wrong-magic', { 'a-idx3-ubyte': Uint8Array.of(0, 0, 7, 3, 0) }],
    ['a wrong checksum of gzip', 'corrupt-gzip', { 'a-idx3-ubyte.gz': trailer(images, 8) }],
    ['a wrong size of gzip', 'corrupt-gzip', { 'a-idx3-ubyte.gz': trailer(images, 4) }],
    ['gzip within gzip', 'double-gzip', { 'a-idx3-ubyte.gz': gzip(gzip(images)) }],
    ['an NPY in gzip within gzip', 'double-gzip', { 'x.npy.gz': gzip(gzip(labels)) }],
    ['a web page', 'web-page', { 'a-idx3-ubyte': '<!DOCTYPE html><title>404</title>' }],
    [
      'a Git LFS pointer',
      'lfs-pointer',
      { 'x.npy': 'version https://git-lfs.github.com/spec/v1\n' }
    ],
    ['pickled objects', 'pickled-objects', { 'x.npy': npy('|O', [2, 1, 1], ones(40)) }],
    [
      'pickled objects in an archive',
      'pickled-objects',
      { 'a.npz': zip({ 'x.npy': npy('|O', [2, 1, 1], ones(40)), 'y.npy': labels }) }
    ],
    [
      'labels that are pickled objects',
      'pickled-objects',
      { 'x.npy': npy('|u1', [2, 1, 1], ones(2)), 'y.npy': npy('|O', [2], ones(40)) }
    ],
    [
      'labels gzipped twice',
      'double-gzip',
      { 'a-images-idx3-ubyte': images, 'a-labels-idx1-ubyte.gz': gzip(gzip(labels)) }
    ]
  ])('%s: %s', async (_, code, files) => {
    const path = named(files)
    const facts = await factsOf(() => open(path))
    expect(facts).toMatchObject({ code, path: expect.stringContaining(join(path, '..')) })
    expect(facts.message.length).toBeGreaterThan(40)
    expect(facts.actual).toBeTruthy()
    expect(facts.message).toContain(facts.path!.split('/').at(-1))
  })

  test('pixels that are no finite numbers are counted, in how many images', async () => {
    const values = [1, NaN, 3, 4, Infinity, -Infinity, 7, 8, 9, 10, 11, NaN]
    const path = named({ 'x.npy': npy('>f4', [3, 2, 2], bigEndian(values, 4, 'setFloat32')) })
    const facts = await factsOf(() => open(path))
    expect(facts).toMatchObject({ code: 'not-finite', path })
    expect(facts.actual).toBe('2 NaN and 2 infinite of 12 values, in 3 of 3 images')
    expect(facts.message).toContain('the first in image 0')
    expect(facts.hint).toContain('numpy.nan_to_num')
  })
})

describe('images with pixels that are no finite numbers', () => {
  const pixels = [1, NaN, 3, 4, 5, 6, 7, 8, Infinity, 10, 11, 12, 13, 14, 15, 16]
  const x = npy('>f4', [4, 2, 2], bigEndian(pixels, 4, 'setFloat32'))
  const y = npy('|u1', [4], Uint8Array.of(0, 1, 1, 0))
  const little = Float32Array.from(pixels)
  // as it lies on the disk this one is its own store, unless images are left out
  const plain = npy('<f4', [4, 2, 2], new Uint8Array(little.buffer))
  const stay = [5, 6, 7, 8, 13, 14, 15, 16]

  test.each([
    ['NPY', { 'x.npy': plain, 'y.npy': y }],
    ['NPY, big-endian', { 'x.npy': x, 'y.npy': y }],
    ['NPZ', { 'a.npz': zip({ 'x.npy': x, 'y.npy': y }) }]
  ])('are left out with their labels where that is asked for: %s', async (_, files) => {
    const path = named(files)
    expect((await factsOf(() => open(path))).code).toBe('not-finite')
    const dataset = await open(path, { notFinite: 'leave-out' })
    const { count, classCounts } = dataset.splits.train
    expect(count).toBe(2)
    expect(classCounts).toEqual([1, 1])
    expect([...(await readLabels(dataset, 'train'))]).toEqual([1, 0])
    expect([...(await readRows(dataset, 'train', 0, 2))]).toEqual(stay)
    expect(dataset.warnings.join(' ')).toContain(
      '2 images with pixels that are no finite numbers (1 NaN and 1 infinite of 16 values, in 2 of 4 images) were left out.'
    )
    // the other way is not taken for this one
    expect((await factsOf(() => open(path))).code).toBe('not-finite')
  })

  test('are kept with 0 in place of those values where that is asked for', async () => {
    const path = named({ 'x.npy': plain, 'y.npy': y })
    const dataset = await open(path, { notFinite: 'zero' })
    expect([...(await readRows(dataset, 'train', 0, 4))]).toEqual(
      pixels.map((value) => (Number.isFinite(value) ? value : 0))
    )
    expect([...(await readLabels(dataset, 'train'))]).toEqual([0, 1, 1, 0])
    expect(dataset.warnings.join(' ')).toContain(
      '2 images with pixels that are no finite numbers (1 NaN and 1 infinite of 16 values, in 2 of 4 images) were kept, with 0 in place of those values.'
    )
  })

  test('are refused where all are', async () => {
    const path = named({ 'x.npy': npy('<f4', [1, 1, 1], Uint8Array.of(0, 0, 192, 127)) })
    const facts = await factsOf(() => open(path, { notFinite: 'leave-out' }))
    expect(facts).toMatchObject({
      code: 'not-finite',
      actual: '1 NaN of 1 values, in 1 of 1 images'
    })
  })

  test('change nothing where there are none', async () => {
    const path = named({ 'x.npy': npy('<f4', [2, 1, 1], new Uint8Array(8)) })
    const [asked, plainly] = [await open(path, { notFinite: 'leave-out' }), await open(path)]
    expect(asked.id).toBe(plainly.id)
    expect(asked.warnings).toEqual(plainly.warnings)
  })
})

describe('what follows the last number of an array', () => {
  test.each<[string, Readonly<Record<string, Uint8Array>>]>([
    ['IDX', { 'a-images-idx3-ubyte': Buffer.concat([images, ones(3)]) }],
    ['IDX, gzipped', { 'a-images-idx3-ubyte.gz': gzip(Buffer.concat([images, ones(3)])) }],
    ['NPY', { 'x.npy': Buffer.concat([npy('|u1', [2, 1, 1], Uint8Array.of(1, 2)), ones(3)]) }],
    [
      'NPZ',
      {
        'a.npz': zip({
          'x.npy': Buffer.concat([npy('|u1', [2, 1, 1], Uint8Array.of(1, 2)), ones(3)]),
          'y.npy': labels
        })
      }
    ]
  ])('is left out, and said: %s', async (_, files) => {
    const dataset = await open(named(files))
    expect(dataset.warnings.join(' ')).toContain('goes on after 2 images')
    const { count } = dataset.splits.train
    expect([...(await readRows(dataset, 'train', 0, count))]).toEqual([1, 2])
  })

  test('of labels is left out, and said', async () => {
    const more = Buffer.concat([idx(8, [2], Uint8Array.of(0, 1)), ones(1)])
    const path = named({ 'a-images-idx3-ubyte': images, 'a-labels-idx1-ubyte': more })
    const dataset = await open(path)
    expect(dataset.warnings.join(' ')).toContain('goes on after 2 numbers')
    expect(dataset.splits.train.classCounts).toEqual([1, 1])
  })

  test('leaves the data set what it is without that', async () => {
    const [one, other] = await Promise.all(
      [images, Buffer.concat([images, ones(3)])].map((file) =>
        open(named({ 'a-images-idx3-ubyte': file }))
      )
    )
    expect(one!.id).toBe(other!.id)
  })
})

test('names in an archive that lead out of it write nothing and open nothing', async () => {
  const folder = folderOf({
    'in/a.npz': zip({ '../../x.npy': npy('|u1', [2, 1, 1], ones(2)), '/etc/y.npy': labels })
  })
  const facts = await factsOf(() => open(join(folder, 'in', 'a.npz')))
  expect(facts.code).toBe('unsafe-archive')
  expect(readdirSync(folder)).toEqual(['in'])
  expect(readdirSync(join(folder, 'in'))).toEqual(['a.npz'])
})

test('what unpacks to more than the disk holds is stopped before the disk is full', async () => {
  const path = join(scratch(), 'pixels')
  let asked = 0
  const freeBytes = (): Promise<number> => Promise.resolve(2 ** 29 - asked++ * 2 ** 28)
  const writer = await SplitWriter.create(path, 'bomb.gz', 'uint8', { freeBytes })
  const chunk = { values: new Uint8Array(1 << 24), channels: 1 }
  let written = 0
  const facts = await factsOf(async () => {
    for (; written < 100; written++) await writer.add(chunk)
  })
  await writer.close()
  expect(facts).toMatchObject({ code: 'disk-full', path: 'bomb.gz' })
  expect(facts.hint).toContain('made to fill disks')
  // looked at every 64 MB: enough at the first and second look, too little at the third
  expect(written).toBe(11)
})

describe('data that are few or all alike open', () => {
  test.each<[string, Readonly<Record<string, Uint8Array | string>>, number[]]>([
    ['one image', { 'a.csv': 'label,p\n3,7\n' }, [1]],
    ['one class', { 'a.csv': 'label,p\n3,7\n3,8\n' }, [2]],
    ['images of one value', { 'a.csv': 'label,p\n0,5\n1,5\n' }, [1, 1]],
    ['labels below 0 and far apart', { 'a.csv': 'label,p\n-5,7\n1000000,8\n' }, [1, 1]]
  ])('%s', async (_, files, counts) => {
    expect((await open(named(files))).splits.train.classCounts).toEqual(counts)
  })
})

describe.skipIf(!POSIX)('a path', () => {
  test.each([
    ['with blanks', 'my images (2)'],
    ['in Unicode', 'Bilder größer 画像 é'],
    ['with emoji', '👩‍🔬🧪'],
    ['of 255 bytes', 'n'.repeat(255)],
    ['with a line break', 'two\nlines'],
    ['with quotes and wildcards', `"'*?[a]{b}$HOME;&|`],
    ['that begins like an option', '--labels']
  ])('%s is opened, and named as it is where it cannot be', async (_, name) => {
    const path = join(scratch(), name)
    writeFileSync(path, npy('|u1', [2, 1, 1], Uint8Array.of(1, 2)))
    expect((await open(path)).name).toBe(name)
    writeFileSync(path, npy('|u1', [2, 1, 1], Uint8Array.of(1)))
    expect(await factsOf(() => open(path))).toMatchObject({ code: 'truncated-file', path })
  })

  test('of pictures is as hard as names can be made', async () => {
    const name = `two\nlines 👩‍🔬 "'*?[a]$HOME;&|\\ größer`
    const folder = join(scratch(), name)
    mkdirSync(join(folder, name), { recursive: true })
    writeFileSync(join(folder, name, `${name}.png`), greyPng([1]))
    expect((await open(folder)).classNames).toEqual([name])
  })

  test('with bytes that are no Unicode is told as not there, and hurts nothing', async () => {
    const folder = scratch()
    const made = spawnSync('touch', [Buffer.from(`${folder}/\xff`, 'latin1').toString('latin1')])
    expect(made.status).toBe(0)
    expect((await factsOf(() => open(folder))).code).toBe('no-images')
  })

  test('that leads in a circle, to a pipe or to a device is refused at once', async () => {
    const folder = folderOf({ 'a/1.png': greyPng([1]) })
    symlinkSync('..', join(folder, 'a', 'up'))
    symlinkSync('round', join(folder, 'round'))
    symlinkSync('/dev/zero', join(folder, 'a', 'zero.png'))
    execFileSync('mkfifo', [join(folder, 'a', 'pipe.png')])
    // in a folder they are passed over
    expect((await open(folder)).splits.train.count).toBe(1)
    expect((await factsOf(() => open(join(folder, 'round')))).code).toBe('missing-file')
    for (const path of [
      '/dev/zero',
      join(folder, 'a', 'zero.png'),
      join(folder, 'a', 'pipe.png')
    ]) {
      expect((await factsOf(() => open(path))).code, path).toBe('not-a-file')
    }
  })
})
