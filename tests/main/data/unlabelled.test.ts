import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isLabelled } from '../../../src/core/dataset/dataset'
import { inspect } from '../../../src/main/cli/inspection'
import { withTestSplit } from '../../../src/main/data/store/holdout'
import { readLabels } from '../../../src/main/data/labels'
import { readRows } from '../../../src/main/data/rows'
import { greyPng, idx, npy, zip } from '../../core/format/build'
import { contentOf, factsOf, folderOf, open, store } from './helpers'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const three = (...values: number[]): Uint8Array =>
  idx(0x08, [values.length, 1, 1], bytes(...values))
const labels = (...values: number[]): Uint8Array => idx(0x08, [values.length], bytes(...values))
const array = (...values: number[]): Uint8Array =>
  npy('|u1', [values.length, 1, 1], bytes(...values))

const pixelsOf = async (...at: Parameters<typeof readRows>): Promise<number[]> => [
  ...(await readRows(...at))
]

describe('images without labels', () => {
  test.each<[string, Record<string, Uint8Array | string>, string]>([
    ['one IDX file', { 'a-images-idx3-ubyte': three(7, 8, 9) }, 'a-images-idx3-ubyte'],
    ['a folder of IDX', { 'train-images-idx3-ubyte': three(7, 8, 9) }, ''],
    ['one array', { 'a.npy': array(7, 8, 9) }, 'a.npy'],
    ['an archive of one array', { 'a.npz': zip({ 'x.npy': array(7, 8, 9) }) }, 'a.npz'],
    ['an array saved without a name', { 'a.npz': zip({ 'arr_0.npy': array(7, 8, 9) }) }, 'a.npz'],
    [
      'pictures in a folder',
      { '2.png': greyPng([8]), '10.png': greyPng([9]), '1.png': greyPng([7]) },
      ''
    ]
  ])('%s opens with its pixels and no classes', async (_, files, name) => {
    const dataset = await open(join(folderOf(files), name))
    expect(dataset.classNames).toEqual([])
    expect(dataset.splits.train).toMatchObject({ count: 3 })
    expect(dataset.splits.train.labels).toBeUndefined()
    expect(dataset.splits.train.classCounts).toBeUndefined()
    expect(isLabelled(dataset.splits.train)).toBe(false)
    expect(await pixelsOf(dataset, 'train', 0, 3)).toEqual([7, 8, 9])
    expect(dataset.warnings).toEqual([expect.stringContaining('have no labels')])
  })

  test('a table of nothing but pixels opens too', async () => {
    const dataset = await open(join(folderOf({ 'a.csv': '1,2,3,4\n5,6,7,8\n' }), 'a.csv'))
    expect(dataset).toMatchObject({ height: 2, width: 2, classNames: [] })
    expect(await pixelsOf(dataset, 'train', 0, 2)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  test('a table of one column is no table of images', async () => {
    const facts = await factsOf(() => open(join(folderOf({ 'a.csv': '1\n0\n1\n' }), 'a.csv')))
    expect(facts.code).toBe('not-images')
  })

  test('are found again in the store', async () => {
    const folder = folderOf({ '1.png': greyPng([7]), '2.png': greyPng([8]) })
    const first = await open(folder)
    expect(await open(folder)).toEqual(first)
  })

  test('have no labels to read, to hold out by or to inspect', async () => {
    const dataset = await open(folderOf({ '1.png': greyPng([7]), '2.png': greyPng([8]) }))
    for (const work of [
      () => readLabels(dataset, 'train'),
      () => withTestSplit(dataset, { store })
    ]) {
      expect(await factsOf(work)).toMatchObject({
        code: 'unlabelled',
        message: expect.stringContaining('have no labels') as string,
        hint: expect.stringContaining('--labels') as string
      })
    }
    const report = await inspect(dataset)
    expect(report).toMatchObject({ count: 2, classNames: [], pixels: { sum: [15] } })
    expect(report.classCounts).toBeUndefined()
    expect(report.firstLabels).toBeUndefined()
  })

  test('another id than the same images with labels', async () => {
    const images = { 'train-images-idx3-ubyte': three(7, 8, 9) }
    const without = await open(folderOf(images))
    const withLabels = await open(
      folderOf({ ...images, 'train-labels-idx1-ubyte': labels(0, 1, 0) })
    )
    expect(without.id).not.toBe(withLabels.id)
  })
})

describe('a split with labels beside one without', () => {
  const parts = {
    'train-images-idx3-ubyte': three(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
    't10k-images-idx3-ubyte': three(20, 21)
  }
  const trainLabels = labels(0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1)

  test('test images without labels are shown, and others are held out for training', async () => {
    const dataset = await open(folderOf({ ...parts, 'train-labels-idx1-ubyte': trainLabels }))
    expect(dataset.classNames).toEqual(['0', '1'])
    expect(dataset.splits.test?.labels).toBeUndefined()
    expect(await pixelsOf(dataset, 'test', 0, 2)).toEqual([20, 21])
    expect(dataset.warnings.join()).toContain('The test images have no labels')
    const training = await withTestSplit(dataset, { store })
    expect(training.splits.train.count).toBe(10)
    expect(training.splits.test?.count).toBe(2)
    expect(training.splits.test?.classCounts).toEqual([1, 1])
    expect(training.warnings.at(-1)).toContain('The test images have no labels: 2 of 12')
  })

  test('training images without labels cannot be trained on', async () => {
    const dataset = await open(folderOf({ ...parts, 't10k-labels-idx1-ubyte': labels(1, 0) }))
    expect(dataset.splits.train.labels).toBeUndefined()
    expect(dataset.splits.test?.classCounts).toEqual([1, 1])
    expect(dataset.warnings.join()).toContain('The training images have no labels')
    expect(await factsOf(() => withTestSplit(dataset, { store }))).toMatchObject({
      code: 'unlabelled'
    })
    const report = await inspect(dataset, { split: 'all' })
    expect(report).toMatchObject({ count: 14, classCounts: [1, 1] })
  })

  test('an archive may lack the labels of its test images', async () => {
    const file = zip({
      'x_train.npy': array(1, 2),
      'y_train.npy': npy('|u1', [2], bytes(0, 1)),
      'x_test.npy': array(3)
    })
    const dataset = await open(join(folderOf({ 'a.npz': file }), 'a.npz'))
    expect(dataset.splits.train.classCounts).toEqual([1, 1])
    expect(dataset.splits.test).toMatchObject({ count: 1 })
    expect(dataset.splits.test?.labels).toBeUndefined()
  })

  test('folders named after splits are splits, not classes', async () => {
    const flat = await open(
      folderOf({
        'train/1.png': greyPng([1]),
        'train/2.png': greyPng([2]),
        'test/1.png': greyPng([3])
      })
    )
    expect(flat.classNames).toEqual([])
    expect([flat.splits.train.count, flat.splits.test?.count]).toEqual([2, 1])
    const mixed = await open(
      folderOf({
        'train/a/1.png': greyPng([1]),
        'train/b/2.png': greyPng([2]),
        'test/1.png': greyPng([3])
      })
    )
    expect(mixed.classNames).toEqual(['a', 'b'])
    expect(mixed.splits.test).toMatchObject({ count: 1 })
    expect(mixed.splits.test?.labels).toBeUndefined()
  })
})

describe('a labels file given later', () => {
  const pictures = { '2.png': greyPng([8]), '10.png': greyPng([9]), '1.png': greyPng([7]) }

  test('counts in the order of the pictures, numbers by value', async () => {
    const labelsPath = join(folderOf({ l: labels(0, 1, 1) }), 'l')
    const dataset = await open(folderOf(pictures), { labelsPath })
    expect(await contentOf(dataset)).toEqual({ pixels: [7, 8, 9], labels: [0, 1, 1] })
    expect(dataset.warnings.join()).toContain('in the order of the file names')
  })

  test('names the pictures, in any order, with or without ending', async () => {
    for (const text of [
      'id,kind\n10.png,dog\n1.png,cat\n2.png,owl\n',
      'id,kind\n2,owl\n10,dog\n1,cat\n'
    ]) {
      const labelsPath = join(folderOf({ 'l.csv': text }), 'l.csv')
      const dataset = await open(folderOf(pictures), { labelsPath })
      expect(dataset.classNames).toEqual(['cat', 'dog', 'owl'])
      expect(await contentOf(dataset)).toEqual({ pixels: [7, 8, 9], labels: [0, 2, 1] })
      expect(dataset.warnings).toEqual([])
    }
  })

  test('that names some pictures only is refused, with the picture that lacks a label', async () => {
    const labelsPath = join(folderOf({ 'l.csv': 'id,kind\n10.png,dog\n1.png,cat\n' }), 'l.csv')
    expect(await factsOf(() => open(folderOf(pictures), { labelsPath }))).toMatchObject({
      code: 'unlabelled-image',
      message: expect.stringContaining('2.png') as string
    })
  })

  test('makes a table of pixels trainable', async () => {
    const folder = folderOf({ 'a.csv': '1,2,3,4\n5,6,7,8\n', l: labels(1, 0) })
    const dataset = await open(join(folder, 'a.csv'), { labelsPath: join(folder, 'l') })
    expect(dataset.splits.train.classCounts).toEqual([1, 1])
  })
})
