import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bigEndian, greyPng, idx, npy, tar, zip } from '../../core/format/build'
import { mostCommonSize } from '../../../src/core/format/sizes'
import { readRows } from '../../../src/main/data/rows'
import { contentOf, factsOf, folderOf, open } from './helpers'

const pixels = (values: readonly number[]): Uint8Array =>
  npy('|u1', [values.length, 1, 1], Uint8Array.from(values))
const labels = (values: readonly number[]): Uint8Array =>
  npy('|u1', [values.length], Uint8Array.from(values))
/** An archive of images with one pixel, and their labels. */
const set = (values: readonly number[], classes: readonly number[]): Uint8Array =>
  zip({ 'x.npy': pixels(values), 'y.npy': labels(classes) })
const images = (values: readonly number[]): Uint8Array =>
  idx(8, [values.length, 1, 1], Uint8Array.from(values))
const classes = (values: readonly number[]): Uint8Array =>
  idx(8, [values.length], Uint8Array.from(values))

/** The paths of files in a new folder. */
function files(contents: Readonly<Record<string, Uint8Array | string>>): string[] {
  const folder = folderOf(contents)
  return Object.keys(contents).map((name) => join(folder, name))
}

describe('several files', () => {
  test('are one data set in the order in which they are named', async () => {
    const [b, a, c] = files({
      'b.npz': set([1, 2], [0, 1]),
      'a.npz': set([3], [1]),
      'c.npz': set([4, 5], [2, 0])
    }) as [string, string, string]
    const dataset = await open([c, a, b])
    expect(await contentOf(dataset)).toEqual({ pixels: [4, 5, 3, 1, 2], labels: [2, 0, 1, 0, 1] })
    expect(dataset.sources.map(({ path }) => path)).toEqual([c, a, b])
    expect(dataset.name).toMatch(/^3 files in normscope-data-/)
    expect((await open([b, a, c])).id).not.toBe(dataset.id)
    // the second time from the store
    expect((await open([c, a, b])).id).toBe(dataset.id)
  })

  test('may be folders, and files in other folders', async () => {
    const one = folderOf({ 'cat/1.png': greyPng([1]), 'dog/1.png': greyPng([2]) })
    const other = folderOf({ 'dog/1.png': greyPng([3]) })
    const dataset = await open([one, other])
    expect(dataset.classNames).toEqual(['cat', 'dog'])
    expect(await contentOf(dataset)).toEqual({ pixels: [1, 2, 3], labels: [0, 1, 1] })
  })

  test('may be archives', async () => {
    const paths = files({
      'a.tar': tar({ 'x/cat/1.png': greyPng([1]), 'x/dog/1.png': greyPng([3]) }),
      'b.tar': tar({ 'x/cat/2.png': greyPng([4]), 'x/dog/1.png': greyPng([2]) })
    })
    const dataset = await open(paths)
    expect(await contentOf(dataset)).toEqual({ pixels: [1, 3, 4, 2], labels: [0, 1, 0, 1] })
  })

  test('with names of test images are training and test images', async () => {
    const paths = files({
      'train-0.npz': set([1], [0]),
      'test-0.npz': set([3], [0]),
      'train-1.npz': set([2], [1])
    })
    const dataset = await open(paths)
    expect((await contentOf(dataset)).pixels).toEqual([1, 2])
    expect((await contentOf(dataset, 'test')).pixels).toEqual([3])
    expect(dataset.warnings).toContain(
      'By their names, the images of test-0.npz are the test split.'
    )
  })

  test('that have test images of their own have them together', async () => {
    const split = (value: number): Uint8Array =>
      zip({
        'x_train.npy': pixels([value]),
        'y_train.npy': labels([0]),
        'x_test.npy': pixels([value + 1]),
        'y_test.npy': labels([0])
      })
    const dataset = await open(files({ 'a.npz': split(1), 'b.npz': split(5) }))
    expect((await contentOf(dataset)).pixels).toEqual([1, 5])
    expect((await contentOf(dataset, 'test')).pixels).toEqual([2, 6])
  })

  test('leave validation images out where test images are named too, and say so', async () => {
    const paths = files({
      'train.npz': set([1], [0]),
      'val.npz': set([2], [0]),
      'test.npz': set([3], [0])
    })
    const dataset = await open(paths)
    expect((await contentOf(dataset, 'test')).pixels).toEqual([3])
    expect(dataset.warnings.join(' ')).toContain('The validation images (val.npz) were left out')
  })

  test('take their labels from one file in their order', async () => {
    const [a, b, apart] = files({
      'a.npy': pixels([1, 2]),
      'b.npy': pixels([3]),
      'labels.csv': 'label\nhat\nshoe\nhat\n'
    }) as [string, string, string]
    const dataset = await open([a, b], { labelsPath: apart })
    expect(dataset.classNames).toEqual(['hat', 'shoe'])
    expect((await contentOf(dataset)).labels).toEqual([0, 1, 0])
    const short = join(folderOf({ 'short.csv': '0\n1\n' }), 'short.csv')
    expect(await factsOf(() => open([a, b], { labelsPath: short }))).toMatchObject({
      code: 'count-mismatch',
      expected: '3 labels',
      actual: '2 labels'
    })
  })
})

describe('labels files, one for each file of images', () => {
  const made = () =>
    files({
      'a.npy': pixels([1, 2]),
      'b.npy': pixels([3]),
      'l-1.csv': 'hat\nshoe\n',
      'l-2.csv': 'hat\n'
    }) as [string, string, string, string]

  test('go with them in their order, by a pattern and by a list too', async () => {
    const [a, b, first, second] = made()
    const wanted = { pixels: [1, 2, 3], labels: [0, 1, 0] }
    const list = join(folderOf({ 'list.txt': `${first}\n${second}\n` }), 'list.txt')
    for (const labelsPath of [[first, second], join(first, '..', 'l-*.csv'), `@${list}`]) {
      const dataset = await open([a, b], { labelsPath })
      expect(await contentOf(dataset)).toEqual(wanted)
      expect(dataset.sources.map(({ path }) => path)).toEqual([a, first, b, second])
    }
    const turned = await open([b, a], { labelsPath: [second, first] })
    expect(await contentOf(turned)).toEqual({ pixels: [3, 1, 2], labels: [0, 0, 1] })
  })

  test('are checked pair by pair: the error names both', async () => {
    const [a, b, first, second] = made()
    const few = await factsOf(() => open([a, b], { labelsPath: [second, first] }))
    expect(few).toMatchObject({ code: 'count-mismatch', path: second })
    expect(few.message).toBe(
      'l-2.csv does not fit a.npy: 2 labels are needed, one per image, and it has 1 labels.'
    )
  })

  test('are as many as the files of images', async () => {
    const [a, b, first, second] = made()
    const other = join(folderOf({ 'l-3.csv': 'label\nhat\n' }), 'l-3.csv')
    const three = await factsOf(() => open([a, b], { labelsPath: [first, second, other] }))
    expect(three).toMatchObject({ code: 'unpaired-labels', actual: '3 files of labels' })
    expect(three.message).toContain('3 files of labels are named for 2 files of images.')
    const one = await factsOf(() => open(a, { labelsPath: [first, second] }))
    expect(one).toMatchObject({ code: 'unpaired-labels', expected: '1 file of labels' })
    const pictures = files({ 'a.png': greyPng([1]), 'b.png': greyPng([2]) })
    const apart = await factsOf(() => open(pictures, { labelsPath: [first, second] }))
    expect(apart.code).toBe('unpaired-labels')
  })
})

describe('files that do not go together name both and what differs', () => {
  const first = set([1, 2], [0, 1])
  test.each<[string, Readonly<Record<string, Uint8Array | string>>, string]>([
    [
      'element type',
      {
        'b.npz': zip({
          'x.npy': npy('>u2', [2, 1, 1], bigEndian([1, 2], 2, 'setInt16')),
          'y.npy': labels([0, 1])
        })
      },
      'b.npz and a.npz differ in element type: uint16, and uint8.'
    ],
    [
      'labelling',
      { 'b.npz': zip({ 'x.npy': pixels([1]) }) },
      'b.npz and a.npz differ in labels: none, and one an image.'
    ],
    [
      'channels',
      {
        'b.npz': zip({
          'x.npy': npy('|u1', [1, 1, 1, 3], Uint8Array.of(1, 2, 3)),
          'y.npy': labels([0])
        })
      },
      'b.npz and a.npz differ in channels: 3, and 1.'
    ],
    [
      'kind of label',
      {
        'b.npz': zip({
          'x.npy': pixels([1]),
          'y.npy': npy('|S3', [1], Buffer.from('cat'))
        })
      },
      'b.npz and a.npz differ in kind of label: names, and numbers.'
    ],
    [
      'format',
      { 'b.csv': 'label,p0\n0,1\n' },
      'b.csv and a.npz differ in format: CSV, and NPZ, NPY.'
    ]
  ])('%s', async (_, second, words) => {
    const [a, b] = files({ 'a.npz': first, ...second }) as [string, string]
    const facts = await factsOf(() => open([a, b]))
    expect(facts).toMatchObject({ code: 'part-mismatch', path: b })
    expect(facts.message).toContain(words)
    expect(facts.expected).toContain(a)
  })
})

describe('files whose images differ in size', () => {
  const sizesOf = (...rows: readonly (readonly [string, number])[]): Record<string, Uint8Array> =>
    Object.fromEntries(rows.map(([name, width]) => [name, greyPng(new Array(width).fill(7))]))
  /** Each part is a folder or archive of pictures. */
  const two = sizesOf(['cat/1.png', 2], ['dog/1.png', 2])
  const mixed = sizesOf(['cat/2.png', 2], ['dog/2.png', 3], ['dog/3.png', 3], ['dog/4.png', 3])
  const four = sizesOf(['cat/5.png', 4], ['dog/5.png', 4])
  const found = '1 × 2 (3), 1 × 3 (3), 1 × 4 (2)'

  test.each<[string, () => string | string[]]>([
    ['folders', () => [folderOf(two), folderOf(mixed), folderOf(four)]],
    ['archives', () => files({ 'a.tar': tar(two), 'b.tar': tar(mixed), 'c.tar': tar(four) })],
    [
      'archives whose first is mixed',
      () => files({ 'b.tar': tar(mixed), 'a.tar': tar({ ...two, ...four }) })
    ],
    [
      'shards of WebDataset in a folder',
      () => folderOf({ 'a-0.tar': tar(two), 'a-1.tar': tar({ ...mixed, ...four }) })
    ]
  ])('are refused with every size and its count, and can be given one: %s', async (_, made) => {
    const paths = made()
    const facts = await factsOf(() => open(paths))
    expect(facts).toMatchObject({ code: 'mixed-sizes', expected: '1 × 2', actual: found })
    expect(facts.message).toContain(`Sizes found: ${found}.`)
    expect(facts.hint).toContain('--resize 1x2')
    expect(mostCommonSize(facts)).toEqual({ height: 1, width: 2 })
    const size = { height: 1, width: 2, fit: 'stretch' } as const
    const dataset = await open(paths, { pictures: { size } })
    expect(dataset).toMatchObject({ height: 1, width: 2 })
    expect((await contentOf(dataset)).pixels).toEqual(new Array(16).fill(7))
  })

  test('cannot be given one where they are arrays, which is said', async () => {
    const wide = npy('|u1', [3, 2, 2], new Uint8Array(12))
    const paths = files({
      'a.npz': set([1, 2], [0, 1]),
      'b.npz': zip({ 'x.npy': wide, 'y.npy': labels([0, 1, 0]) })
    })
    const facts = await factsOf(() => open(paths))
    expect(facts).toMatchObject({
      code: 'mixed-sizes',
      path: 'b.npz',
      actual: '2 × 2 (3), 1 × 1 (2)'
    })
    expect(facts.message).toContain('b.npz is 2 × 2 pixels (height × width), a.npz is 1 × 1;')
    expect(facts.hint).toContain('only picture files can be resized')
  })

  test('as training and test images are told apart, and can be given one size too', async () => {
    const folder = folderOf({
      ...sizesOf(['train/a/1.png', 2], ['train/b/1.png', 2]),
      ...sizesOf(['test/a/1.png', 3])
    })
    const facts = await factsOf(() => open(folder))
    expect(facts).toMatchObject({ code: 'split-mismatch', actual: '1 × 2 (2), 1 × 3 (1)' })
    expect(mostCommonSize(facts)).toEqual({ height: 1, width: 2 })
    const size = { height: 1, width: 2, fit: 'pad' } as const
    expect((await open(folder, { pictures: { size } })).splits.test?.count).toBe(1)
  })
})

describe('images and labels among several files', () => {
  const contents = {
    'train-images-idx3-ubyte': images([1, 2]),
    'train-labels-idx1-ubyte': classes([1, 0]),
    't10k-images-idx3-ubyte': images([3]),
    't10k-labels-idx1-ubyte': classes([1])
  }

  test('belong together by their names, as in a folder', async () => {
    const paths = files(contents)
    const dataset = await open(paths)
    expect(await contentOf(dataset)).toEqual({ pixels: [1, 2], labels: [1, 0] })
    expect(await contentOf(dataset, 'test')).toEqual({ pixels: [3], labels: [1] })
    expect(dataset.id).toBe((await open(join(paths[0]!, '..'))).id)
  })

  test('are the same data set as the images with the labels beside them', async () => {
    const [x = '', y = ''] = files(contents)
    const dataset = await open([x, y])
    expect(dataset).toMatchObject({ name: 'train-images-idx3-ubyte', id: (await open(x)).id })
    expect((await open([y, x])).id).toBe(dataset.id)
  })

  test.each<[string, Readonly<Record<string, Uint8Array>>]>([
    ['IDX', { pics: images([1, 2]), kinds: classes([1, 0]) }],
    ['NPY', { 'pics.npy': pixels([1, 2]), 'kinds.npy': labels([1, 0]) }],
    [
      'NPY, labels in a column',
      { 'p.npy': pixels([1, 2]), 'k.npy': npy('|u1', [2, 1], Uint8Array.of(1, 0)) }
    ]
  ])('belong together where one follows the other: %s', async (_, both) => {
    const dataset = await open(files(both))
    expect(await contentOf(dataset)).toEqual({ pixels: [1, 2], labels: [1, 0] })
  })

  test('pair after pair come one after the other', async () => {
    const paths = files({ a: images([1]), b: classes([1]), c: images([2]), d: classes([0]) })
    expect(await contentOf(await open(paths))).toEqual({ pixels: [1, 2], labels: [1, 0] })
  })

  test('are refused where it is not clear whose labels they are', async () => {
    const paths = files({ a: images([1]), b: classes([1]), c: classes([1]), d: classes([0]) })
    const facts = await factsOf(() => open(paths))
    expect(facts).toMatchObject({ code: 'unpaired-labels', path: paths[2] })
  })

  test('are refused beside a labels file that is named as such', async () => {
    const [a = '', b = ''] = files({ a: images([1]), b: classes([1]) })
    expect((await factsOf(() => open([a, b], { labelsPath: b }))).code).toBe('labels-twice')
  })
})

describe('picture files named one by one', () => {
  test('have the classes of the folders they lie in, and stay in their order', async () => {
    const folder = folderOf({
      'cat/2.png': greyPng([1]),
      'cat/10.png': greyPng([2]),
      'dog/1.png': greyPng([3])
    })
    const paths = ['dog/1.png', 'cat/10.png', 'cat/2.png'].map((name) => join(folder, name))
    const dataset = await open(paths)
    expect(dataset).toMatchObject({ format: 'image-folder', classNames: ['cat', 'dog'] })
    expect(dataset.name).toMatch(/^3 pictures in /)
    expect(await contentOf(dataset)).toEqual({ pixels: [3, 2, 1], labels: [1, 0, 0] })
  })

  test('in one folder have no class, and are told by their content', async () => {
    const dataset = await open(files({ one: greyPng([1]), 'two.png': greyPng([2]) }))
    expect([...(await readRows(dataset, 'train', 0, 2))]).toEqual([1, 2])
    expect(dataset.classNames).toEqual([])
  })

  test('find their labels by name in a table', async () => {
    const paths = files({ 'a.png': greyPng([1]), 'b.png': greyPng([2]) })
    const table = join(folderOf({ 'l.csv': 'file,label\nb.png,dog\na.png,cat\n' }), 'l.csv')
    const dataset = await open(paths.reverse(), { labelsPath: table })
    expect(await contentOf(dataset)).toEqual({ pixels: [2, 1], labels: [1, 0] })
  })
})

describe('a path named twice is refused', () => {
  test('in the same words, or by a link', async () => {
    const [a = '', b = ''] = files({ 'a.npz': set([1], [0]), 'b.npz': set([2], [0]) })
    expect(await factsOf(() => open([a, b, a]))).toMatchObject({ code: 'repeated-path', path: a })
    const link = join(folderOf({}), 'link.npz')
    symlinkSync(a, link)
    const facts = await factsOf(() => open([a, link]))
    expect(facts).toMatchObject({ code: 'repeated-path', actual: a })
    expect(facts.message).toContain(`${link} is the same file as ${a}`)
  })

  test('but not two files of the same content', async () => {
    const [a = ''] = files({ 'a.npz': set([1], [0]) })
    const other = join(folderOf({}), 'b.npz')
    mkdirSync(join(other, '..'), { recursive: true })
    copyFileSync(a, other)
    expect((await contentOf(await open([a, other]))).pixels).toEqual([1, 1])
  })
})

test('a file that is not there, and a study, are named', async () => {
  const [a = ''] = files({ 'a.npz': set([1], [0]) })
  const gone = join(a, '..', 'gone.npz')
  expect(await factsOf(() => open([a, gone]))).toMatchObject({ code: 'missing-file', path: gone })
  const study = join(a, '..', 's.normscope')
  writeFileSync(study, '{}')
  expect((await factsOf(() => open([a, study]))).code).toBe('study-among-images')
})
