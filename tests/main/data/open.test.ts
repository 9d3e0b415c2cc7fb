import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bigEndian, greyPng, gzip, idx, npy, png, zip } from '../../core/format/build'
import { contentOf, factsOf, folderOf, open } from './helpers'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const images = (...values: number[]): Uint8Array =>
  idx(0x08, [values.length, 1, 1], bytes(...values))
const labels = (...values: number[]): Uint8Array => idx(0x08, [values.length], bytes(...values))

describe('IDX', () => {
  test('a folder of the usual four files has two splits, packed or not', async () => {
    const folder = folderOf({
      'train-images-idx3-ubyte': images(1, 2, 3),
      'train-labels-idx1-ubyte.gz': gzip(labels(0, 1, 0)),
      't10k-images.idx3-ubyte.gz': gzip(images(9)),
      't10k-labels.idx1-ubyte': labels(1)
    })
    const dataset = await open(folder)
    expect(dataset).toMatchObject({ format: 'idx', height: 1, width: 1, dtype: 'uint8' })
    expect(await contentOf(dataset)).toEqual({ pixels: [1, 2, 3], labels: [0, 1, 0] })
    expect(await contentOf(dataset, 'test')).toEqual({ pixels: [9], labels: [1] })
    expect(dataset.splits.train.classCounts).toEqual([2, 1])
    expect(dataset.splits.train.pixels).toMatchObject({
      path: join(folder, 'train-images-idx3-ubyte'),
      offset: 16
    })
    expect(dataset.sources).toHaveLength(4)
  })

  const nested = {
    'train-images-idx3-ubyte/train-images-idx3-ubyte': images(1, 2),
    'train-labels-idx1-ubyte/train-labels-idx1-ubyte': labels(0, 1),
    't10k-images-idx3-ubyte/t10k-images-idx3-ubyte': images(3),
    't10k-labels-idx1-ubyte/t10k-labels-idx1-ubyte': labels(1)
  }

  test('files in folders of their own names are found, as Kaggle unpacks them', async () => {
    const folder = folderOf(nested)
    const dataset = await open(folder)
    expect(dataset).toMatchObject({ format: 'idx', warnings: [] })
    expect(await contentOf(dataset)).toEqual({ pixels: [1, 2], labels: [0, 1] })
    expect(await contentOf(dataset, 'test')).toEqual({ pixels: [3], labels: [1] })
  })

  test('the plain files beside such folders are taken, and that is nothing to warn about', async () => {
    const folder = folderOf({
      ...nested,
      'train-images.idx3-ubyte': images(7, 8),
      'train-labels.idx1-ubyte': labels(1, 0)
    })
    const dataset = await open(folder)
    expect(await contentOf(dataset)).toEqual({ pixels: [7, 8], labels: [1, 0] })
    expect(await contentOf(dataset, 'test')).toEqual({ pixels: [3], labels: [1] })
    expect(dataset.warnings).toEqual([])
  })

  test('one such folder or the file in it finds its labels next door', async () => {
    const folder = folderOf(nested)
    const inside = join(folder, 'train-images-idx3-ubyte')
    for (const path of [inside, join(inside, 'train-images-idx3-ubyte')]) {
      expect(await contentOf(await open(path))).toEqual({ pixels: [1, 2], labels: [0, 1] })
    }
    const beside = folderOf({
      'train-images-idx3-ubyte/train-images-idx3-ubyte': images(1, 2),
      'train-labels-idx1-ubyte.gz': gzip(labels(1, 0))
    })
    const dataset = await open(join(beside, 'train-images-idx3-ubyte'))
    expect((await contentOf(dataset)).labels).toEqual([1, 0])
  })

  test('a file finds its labels by name, or is told', async () => {
    const folder = folderOf({
      'a-images-idx3-ubyte': images(5, 6),
      'a-labels-idx1-ubyte': labels(3, 9),
      'other.csv': 'label\nhat\nshoe\n',
      'other.npy': npy('<i8', [2], bytes(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    })
    const path = join(folder, 'a-images-idx3-ubyte')
    expect((await open(path)).classNames).toEqual(['3', '9'])
    const told = await open(path, { labelsPath: join(folder, 'other.csv') })
    expect(told.classNames).toEqual(['hat', 'shoe'])
    const numpy = await open(path, { labelsPath: join(folder, 'other.npy') })
    expect((await contentOf(numpy)).labels).toEqual([1, 0])
  })

  test('a name without its meaning still opens by content', async () => {
    const folder = folderOf({ 'pictures.png': images(5, 6), 'answers.zip': labels(0, 1) })
    const dataset = await open(join(folder, 'pictures.png'), {
      labelsPath: join(folder, 'answers.zip')
    })
    expect((await contentOf(dataset)).pixels).toEqual([5, 6])
  })

  test('wider numbers become 16-bit where they fit, else float', async () => {
    const dtypeOf = async (type: number, data: Uint8Array) => {
      const folder = folderOf({
        'x-images-idx3-ubyte': idx(type, [2, 1, 1], data),
        'x-labels-idx1-ubyte': labels(0, 1)
      })
      const dataset = await open(join(folder, 'x-images-idx3-ubyte'))
      return [dataset.dtype, ...(await contentOf(dataset)).pixels, ...dataset.warnings]
    }
    expect(await dtypeOf(0x0b, bigEndian([7, 300], 2, 'setInt16'))).toEqual(['uint16', 7, 300])
    expect(await dtypeOf(0x0b, bigEndian([300, -7], 2, 'setInt16'))).toEqual(['float32', 300, -7])
    expect(await dtypeOf(0x0c, bigEndian([1, 65535], 4, 'setInt32'))).toEqual(['uint16', 1, 65535])
    expect(await dtypeOf(0x0e, bigEndian([1, 2], 8, 'setFloat64'))).toEqual(['float32', 1, 2])
    expect(await dtypeOf(0x0c, bigEndian([0, 16777217], 4, 'setInt32'))).toEqual([
      'float32',
      0,
      16777216,
      expect.stringContaining('16777217')
    ])
  })

  test('splits of different type or colour are widened alike', async () => {
    const folder = folderOf({
      'train-images-idx3-ubyte': images(1, 2),
      'train-labels-idx1-ubyte': labels(0, 1),
      't10k-images-idx3-ubyte': idx(0x0b, [1, 1, 1], bigEndian([300], 2, 'setInt16')),
      't10k-labels-idx1-ubyte': labels(1)
    })
    const dataset = await open(folder)
    expect(dataset.dtype).toBe('uint16')
    expect((await contentOf(dataset)).pixels).toEqual([1, 2])
    expect((await contentOf(dataset, 'test')).pixels).toEqual([300])
  })

  test('test images can come from elsewhere', async () => {
    const folder = folderOf({
      'a-images-idx3-ubyte': images(5, 6),
      'a-labels-idx1-ubyte': labels(3, 9),
      'b.csv': 'label,p\n9,200\n'
    })
    const dataset = await open(join(folder, 'a-images-idx3-ubyte'), {
      testPath: join(folder, 'b.csv')
    })
    expect(await contentOf(dataset, 'test')).toEqual({ pixels: [200], labels: [1] })
  })
})

describe('NumPy', () => {
  interface Reference {
    readonly archives: readonly { readonly save: string; readonly file: string }[]
    readonly archivePixels: readonly number[]
    readonly archiveLabels: readonly number[]
  }
  const reference = JSON.parse(
    readFileSync(new URL('../../reference/dataset.json', import.meta.url), 'utf8')
  ) as Reference

  test.each(reference.archives)('an archive of $save has two splits', async ({ file }) => {
    const folder = folderOf({ 'a.npz': Buffer.from(file, 'base64') })
    const dataset = await open(folder)
    const { archivePixels, archiveLabels } = reference
    expect(dataset).toMatchObject({ name: 'a', format: 'npz', height: 3, width: 2 })
    expect(await contentOf(dataset)).toEqual({
      pixels: archivePixels.slice(0, 24),
      labels: archiveLabels.slice(0, 4)
    })
    expect(await contentOf(dataset, 'test')).toEqual({
      pixels: archivePixels.slice(24),
      labels: archiveLabels.slice(4)
    })
  })

  const medical = (splits: readonly (readonly [string, number])[]): Uint8Array =>
    zip(
      Object.fromEntries(
        splits.flatMap(([name, count]) => [
          [`${name}_images.npy`, npy('|u1', [count, 1, 1], new Uint8Array(count).fill(5))],
          [
            `${name}_labels.npy`,
            npy(
              '|u1',
              [count, 1],
              new Uint8Array(count).map((_, i) => i % 2)
            )
          ]
        ])
      ),
      { deflate: true }
    )

  test('labels beside an array are found where only one of them is gzipped', async () => {
    const x = npy('|u1', [2, 1, 1], Uint8Array.of(5, 6))
    const y = npy('|u1', [2], Uint8Array.of(1, 0))
    const packed = { 'x_a.npy.gz': gzip(x), 'y_a.npy': y }
    expect(await contentOf(await open(join(folderOf(packed), 'x_a.npy.gz')))).toEqual({
      pixels: [5, 6],
      labels: [1, 0]
    })
    const other = { 'x_a.npy': x, 'Y_a.npy.gz': gzip(y) }
    expect((await contentOf(await open(join(folderOf(other), 'x_a.npy')))).labels).toEqual([1, 0])
  })

  test('validation images beside test images are left out, and that is said', async () => {
    const splits = [
      ['train', 6],
      ['val', 3],
      ['test', 4]
    ] as const
    const dataset = await open(join(folderOf({ 'm.npz': medical(splits) }), 'm.npz'))
    expect(dataset.splits).toMatchObject({ train: { count: 6 }, test: { count: 4 } })
    expect(dataset.warnings).toEqual([
      'Arrays that are not used: val_images (3 rows), val_labels (3 rows).'
    ])
  })

  test('validation images are the test split where there is no other, and that is said', async () => {
    const splits = [
      ['train', 6],
      ['val', 4]
    ] as const
    const dataset = await open(join(folderOf({ 'm.npz': medical(splits) }), 'm.npz'))
    expect(dataset.splits).toMatchObject({ train: { count: 6 }, test: { count: 4 } })
    expect(dataset.warnings).toEqual([
      'The validation images (val_images) are used as the test split.'
    ])
  })

  test('an archive with a wrong checksum is refused', async () => {
    const file = zip({
      'x.npy': npy('|u1', [2, 1, 1], bytes(7, 8)),
      'y.npy': npy('|u1', [2], bytes(0, 1))
    })
    expect(
      (await contentOf(await open(join(folderOf({ 'a.npz': file }), 'a.npz')))).pixels
    ).toEqual([7, 8])
    const at = file.findIndex((value, index) => value === 7 && file[index + 1] === 8)
    file[at] = 6
    const facts = await factsOf(() => open(join(folderOf({ 'a.npz': file }), 'a.npz')))
    expect(facts.code).toBe('corrupt-zip')
  })

  test('a single array finds its labels, and is its own store', async () => {
    const folder = folderOf({
      'x_train.npy': npy('<f4', [2, 1, 1], bytes(0, 0, 128, 63, 0, 0, 0, 64)),
      'y_train.npy': npy('|u1', [2], bytes(0, 1))
    })
    const dataset = await open(join(folder, 'x_train.npy'))
    expect(dataset.dtype).toBe('float32')
    expect((await contentOf(dataset)).pixels).toEqual([1, 2])
    expect(dataset.splits.train.pixels.path).toBe(join(folder, 'x_train.npy'))
  })

  test('a value that is not a number is refused, and how many there are is said', async () => {
    const folder = folderOf({
      'x.npy': npy('<f4', [2, 1, 1], bytes(0, 0, 0, 0, 0, 0, 192, 127)),
      'y.csv': '0\n1\n'
    })
    const facts = await factsOf(() =>
      open(join(folder, 'x.npy'), { labelsPath: join(folder, 'y.csv') })
    )
    expect(facts).toMatchObject({
      code: 'not-finite',
      actual: '1 NaN of 2 values, in 1 of 2 images'
    })
  })
})

describe('CSV', () => {
  test('a pair of train and test in one folder has two splits', async () => {
    const folder = folderOf({
      'x_train.csv': 'label,p\n0,1\n1,2\n',
      'x_test.csv': 'label,p\n1,255\n'
    })
    for (const path of [folder, join(folder, 'x_train.csv')]) {
      const dataset = await open(path)
      expect(await contentOf(dataset, 'test')).toEqual({ pixels: [255], labels: [1] })
    }
  })

  test('tables between tabs are found by their name too', async () => {
    const folder = folderOf({
      'train.tsv': 'label\tp\n0\t1\n1\t2\n',
      'test.tsv': 'label\tp\n1\t255\n'
    })
    const dataset = await open(folder)
    expect(await contentOf(dataset)).toEqual({ pixels: [1, 2], labels: [0, 1] })
    expect(await contentOf(dataset, 'test')).toEqual({ pixels: [255], labels: [1] })
    expect((await open(join(folder, 'train.tsv'))).name).toBe('train')
  })

  test('a test file without labels is shown, one without images left out; both are said', async () => {
    const folder = folderOf({
      'train.csv': 'label,p1,p2,p3,p4\n0,1,2,3,4\n1,5,6,7,8\n',
      'test.csv': 'p1,p2,p3,p4\n1,2,3,4\n'
    })
    const dataset = await open(folder)
    expect(dataset.splits.test).toMatchObject({ count: 1 })
    expect(dataset.splits.test?.labels).toBeUndefined()
    expect(dataset.warnings).toEqual([expect.stringContaining('test images have no labels')])
    const answers = folderOf({
      'train.csv': 'label,p1,p2,p3,p4\n0,1,2,3,4\n1,5,6,7,8\n',
      'test.csv': 'id,label,more\n1,0,0\n'
    })
    const without = await open(answers)
    expect(without.splits.test).toBeUndefined()
    expect(without.warnings).toEqual([expect.stringContaining('test.csv does not hold')])
  })

  test('values widen the type as they come, also late and packed', async () => {
    const rows = Array.from({ length: 600 }, (_, row) => `${row % 2},${row === 599 ? 0.5 : row}`)
    const folder = folderOf({ 'a.csv.gz': gzip(Buffer.from(`label,p\n${rows.join('\n')}`)) })
    const dataset = await open(join(folder, 'a.csv.gz'))
    expect(dataset.dtype).toBe('float32')
    const { pixels } = await contentOf(dataset)
    expect(pixels).toEqual([...Array.from({ length: 599 }, (_, row) => row), 0.5])
    expect(dataset.warnings).toEqual([expect.stringContaining('Not all pixel values')])
  })
})

describe('folders of images', () => {
  test('sub-folders are classes, below a level of splits', async () => {
    const folder = folderOf({
      'training/hat/2.png': greyPng([1, 2]),
      'training/hat/10.png': greyPng([3, 4]),
      'training/shoe/1.png': greyPng([5, 6]),
      'testing/shoe/1.png': greyPng([7, 8]),
      'testing/notes.txt': 'nothing'
    })
    const dataset = await open(folder)
    expect(dataset).toMatchObject({ format: 'image-folder', classNames: ['hat', 'shoe'] })
    expect(await contentOf(dataset)).toEqual({ pixels: [1, 2, 3, 4, 5, 6], labels: [0, 0, 1] })
    expect(await contentOf(dataset, 'test')).toEqual({ pixels: [7, 8], labels: [1] })
    expect(dataset.sources).toEqual([
      { path: folder, bytes: expect.any(Number), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }
    ])
  })

  test('grey among colour is widened, alpha dropped, low depths spread, 16 bits kept', async () => {
    const rgb = png({ width: 1, height: 1, colourType: 2, depth: 8, rows: [[10, 20, 30]] })
    const mixed = folderOf({ 'a/1.png': greyPng([7]), 'a/2.png': rgb })
    const widened = await open(mixed)
    expect(widened.channels).toBe(3)
    expect((await contentOf(widened)).pixels).toEqual([7, 7, 7, 10, 20, 30])
    expect(widened.warnings).toEqual([
      expect.stringContaining('grey'),
      expect.stringContaining('All images have the label a')
    ])

    const rgba = png({ width: 1, height: 1, colourType: 6, depth: 8, rows: [[10, 20, 30, 0]] })
    const dropped = await open(folderOf({ 'a/1.png': rgba }))
    expect((await contentOf(dropped)).pixels).toEqual([10, 20, 30])
    expect(dropped.warnings).toEqual([expect.stringContaining('alpha')])

    const one = png({ width: 3, height: 1, colourType: 0, depth: 1, rows: [[0b10100000]] })
    expect((await contentOf(await open(folderOf({ 'a/1.png': one })))).pixels).toEqual([
      255, 0, 255
    ])
    const four = png({ width: 2, height: 1, colourType: 0, depth: 4, rows: [[0x1f]] })
    expect((await contentOf(await open(folderOf({ 'a/1.png': four })))).pixels).toEqual([17, 255])

    const deep = png({ width: 2, height: 1, colourType: 0, depth: 16, rows: [[1, 2, 255, 255]] })
    const kept = await open(folderOf({ 'a/1.png': deep }))
    expect(kept.dtype).toBe('uint16')
    expect((await contentOf(kept)).pixels).toEqual([258, 65535])

    const palette = [9, 8, 7, 200, 100, 50]
    const indexed = png({ width: 2, height: 1, colourType: 3, depth: 1, rows: [[0x40]], palette })
    expect((await contentOf(await open(folderOf({ 'a/1.png': indexed })))).pixels).toEqual(palette)
  })

  test('images of two sizes or depths are refused by name', async () => {
    const sizes = folderOf({ 'a/1.png': greyPng([1]), 'a/2.png': greyPng([1, 2]) })
    expect(await factsOf(() => open(sizes))).toMatchObject({
      code: 'mixed-sizes',
      path: 'a/2.png',
      expected: '1 × 1',
      actual: '1 × 1 (1), 1 × 2 (1)'
    })
    const deep = png({ width: 1, height: 1, colourType: 0, depth: 16, rows: [[1, 2]] })
    const depths = folderOf({ 'a/1.png': greyPng([1]), 'a/2.png': deep })
    expect((await factsOf(() => open(depths))).code).toBe('mixed-depths')
  })

  test('a link in a circle ends', async () => {
    const folder = folderOf({ 'a/1.png': greyPng([1]) })
    symlinkSync(folder, join(folder, 'a', 'again'))
    const facts = await factsOf(() => open(folder))
    expect(['none', 'missing-file']).toContain(facts.code)
  })

  test('IDX files beside them are preferred, and that is said', async () => {
    const folder = folderOf({
      'train-images-idx3-ubyte': images(1, 2),
      'train-labels-idx1-ubyte': labels(0, 1),
      'training-images/0/1.png': greyPng([9])
    })
    const dataset = await open(folder)
    expect(dataset.format).toBe('idx')
    expect(dataset.warnings).toEqual([expect.stringContaining('training-images')])
    const images2 = await open(join(folder, 'training-images'))
    expect((await contentOf(images2)).pixels).toEqual([9])
  })
})
