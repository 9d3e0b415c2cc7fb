import { describe, expect, test } from 'vitest'
import { holdOut } from '../../../src/core/dataset/holdout'
import { planFolder, roleOf } from '../../../src/core/format/image-folder/folder'
import { checkCounts, mapLabels } from '../../../src/core/format/labels'
import { sniff } from '../../../src/core/format/sniff'

const quiet = (): void => undefined
const mapped = (...splits: (number[] | string[] | undefined)[]) => {
  const { classNames, labels } = mapLabels('a', splits, quiet)
  return { classNames, labels: labels.map((values) => values && [...values]) }
}

describe('labels', () => {
  test('are not made up for a split that has none', () => {
    expect(mapped(undefined)).toEqual({ classNames: [], labels: [undefined] })
    expect(mapped([1, 0], undefined)).toEqual({
      classNames: ['0', '1'],
      labels: [[1, 0], undefined]
    })
  })

  test('0 to n-1 stay what they are', () => {
    expect(mapped([2, 0, 1])).toEqual({ classNames: ['0', '1', '2'], labels: [[2, 0, 1]] })
  })

  test('images of each class are counted, split by split', () => {
    const counts = (...splits: (number[] | string[] | undefined)[]) =>
      mapLabels('a', splits, quiet).counts
    expect(counts([2, 0, 2], [1])).toEqual([
      [1, 0, 2],
      [0, 1, 0]
    ])
    expect(counts([70_000, -1, -1], undefined)).toEqual([[2, 1], undefined])
    expect(counts(['b', 'a', 'b'])).toEqual([[1, 2]])
    expect(counts([0, 3, 1])).toEqual([[1, 1, 0, 1]])
    expect(counts(undefined)).toEqual([undefined])
  })

  test('bytes are mapped as other numbers are, into numbers of their own', () => {
    const bytes = Uint8Array.of(0, 2, 1, 2)
    const { labels } = mapLabels('a', [bytes], quiet)
    expect(labels).toEqual([Int32Array.of(0, 2, 1, 2)])
    expect(mapLabels('a', [Uint8Array.of(9, 3)], quiet).labels).toEqual([Int32Array.of(1, 0)])
  })

  test('other whole numbers are mapped in ascending order', () => {
    expect(mapped([7, -1], [300, 7])).toEqual({
      classNames: ['-1', '7', '300'],
      labels: [
        [1, 0],
        [2, 1]
      ]
    })
  })

  test('whole numbers of any size are mapped alike', () => {
    expect(mapped([65_536, 65_535, 0, -0, 65_536], [70_000, 65_535])).toEqual({
      classNames: ['0', '65535', '65536', '70000'],
      labels: [
        [2, 1, 0, 0, 2],
        [3, 1]
      ]
    })
  })

  test('a class that is missing among 0 to n-1 is kept, with a warning', () => {
    const warnings: string[] = []
    const { classNames } = mapLabels('a', [[0, 1, 3, 3]], (said) => warnings.push(said))
    expect(classNames).toEqual(['0', '1', '2', '3'])
    expect(warnings).toEqual([expect.stringContaining('label 2')])
  })

  test('names are sorted, numbers within them by value', () => {
    expect(mapped(['c10', 'c2', 'c10'])).toEqual({ classNames: ['c2', 'c10'], labels: [[1, 0, 1]] })
    expect(mapped(['10', '9.0'])).toEqual({ classNames: ['9', '10'], labels: [[1, 0]] })
  })

  test('a label that is no whole number is refused', () => {
    expect(() => mapped([0, 1.5])).toThrow(/label of image 1 is 1.5/)
    expect(() => mapped([0, NaN])).toThrow(/NaN/)
    expect(() => mapped(['a', ''])).toThrow(/empty/)
    expect(() => mapped(Array.from({ length: 10_001 }, (_, index) => index))).toThrow(/10000/)
  })

  test.each<[readonly (number | string)[], RegExp]>([
    [[0, NaN, 1], /the label of image 1 is NaN/],
    [[0, 1, Infinity], /the label of image 2 is Infinity/],
    [['0', '1', '2.5'].map(Number), /the label of image 2 is 2\.5/],
    [[0, 2 ** 60], /the label of image 1 is 1152921504606847000/],
    [[0, 1e21], /the label of image 1 is 1e\+21/],
    [['0', '99999999999999999999'], /the label of image 1 is 100000000000000000000/]
  ])('%j are refused by the image', (labels, words) => {
    expect(() => mapped(labels as number[])).toThrow(words)
  })

  test('of test images that are none are said to be of those', () => {
    expect(() => mapped([0, 1], [0, 0.5])).toThrow(/the label of test image 1 is 0\.5/)
  })

  test.each<[string, (number[] | string[] | undefined)[], readonly string[]]>([
    [
      'negative',
      [[-1, 0, 1]],
      [
        'Some labels are negative (-1) and became classes like the others. Where such a number marks images without a class, leave those images out.'
      ]
    ],
    [
      'with gaps',
      [[7, 0, 1, 1]],
      ['The labels are 0, 1 and 7, with gaps: each became a class of that name, 3 in all.']
    ],
    [
      'from 1 on',
      [[1, 2, 3, 3]],
      ['The labels are 1 to 3, not 0 to 2: the first class is that of label 1.']
    ],
    [
      'of one class',
      [[3, 3, 3]],
      ['All images have the label 3: with one class there is nothing to tell apart.']
    ],
    [
      'of one class with a name',
      [['cat', 'cat']],
      ['All images have the label cat: with one class there is nothing to tell apart.']
    ],
    [
      'of more classes than images',
      [[0, 3, 4]],
      [
        'No image has the labels 1 and 2; these classes were kept, empty.',
        'There are 5 classes for 3 training images. Labels that few images share may number the images instead of their classes.'
      ]
    ],
    [
      'that number the images',
      [Array.from({ length: 12 }, (_, at) => `image ${at}`)],
      [
        'There are 12 classes for 12 training images. Labels that few images share may number the images instead of their classes.'
      ]
    ],
    [
      'of test images that no training image has',
      [
        [0, 1, 0],
        [2, 1]
      ],
      ['Test images have labels that no training image has, which no network can learn: 2.']
    ],
    ['as they should be', [[0, 1, 1], [1]], []],
    ['of two images', [[0, 1]], []],
    ['of one image', [[0]], []],
    ['of names', [['cat', 'dog', 'cat']], []]
  ])('%s: what is odd is said', (_, splits, said) => {
    const warnings: string[] = []
    mapLabels('a', splits, (sentence) => warnings.push(sentence))
    expect(warnings).toEqual(said)
  })

  test('one label per image', () => {
    expect(() => checkCounts('a', 20, 19)).toThrow(/20 images.*19 labels/)
    expect(() => checkCounts('a', 20, 20)).not.toThrow()
  })
})

describe('a folder of images', () => {
  test('has classes, in the order of their names', () => {
    const plan = planFolder(['10/a.png', '9/b.png', '9/a.png', 'loose.png'])
    expect(plan?.splits.train?.map(({ file }) => file)).toEqual(['9/a.png', '9/b.png', '10/a.png'])
    expect(plan?.warnings).toEqual([expect.stringContaining('left out: 1')])
  })

  test('may have a level of splits above the classes', () => {
    const plan = planFolder(['training-images/0/1.png', 't10k-images/1/2.png'])
    expect(plan?.splits.train).toEqual([{ file: 'training-images/0/1.png', className: '0' }])
    expect(plan?.splits.test).toEqual([{ file: 't10k-images/1/2.png', className: '1' }])
  })

  test('uses validation images for testing where there are no others', () => {
    expect(planFolder(['train/a/1.png', 'val/a/2.png'])?.splits.test).toHaveLength(1)
    const three = planFolder(['train/a/1.png', 'val/a/2.png', 'test/a/3.png'])
    expect(three?.splits.test?.[0]?.file).toBe('test/a/3.png')
    expect(three?.warnings).toHaveLength(1)
  })

  test('without sub-folders has no classes', () => {
    expect(planFolder(['10.png', '2.png'])?.splits).toEqual({
      train: [{ file: '2.png' }, { file: '10.png' }]
    })
    expect(planFolder([])).toBeUndefined()
  })

  test('knows splits by words only', () => {
    expect(roleOf('training-images')).toBe('train')
    expect(roleOf('trainers')).toBeUndefined()
    expect(roleOf('Test_set')).toBe('test')
  })
})

describe('holding out', () => {
  test('takes the same share of every class and every image once', () => {
    const labels = Int32Array.from({ length: 120 }, (_, index) =>
      index < 60 ? 0 : index % 2 ? 1 : 2
    )
    const { train, test: held } = holdOut(labels, 3, 1 / 6, 0)
    expect(held).toHaveLength(20)
    const perClass = [0, 1, 2].map((label) => [...held].filter((at) => labels[at] === label).length)
    expect(perClass).toEqual([10, 5, 5])
    const all = [...train, ...held].sort((a, b) => a - b)
    expect(all).toEqual(Array.from({ length: 120 }, (_, index) => index))
    expect([...held]).toEqual([...holdOut(labels, 3, 1 / 6, 0).test])
    expect([...held]).not.toEqual([...holdOut(labels, 3, 1 / 6, 1).test])
  })

  test('says where there are too few images', () => {
    expect(() => holdOut(Int32Array.of(0, 1), 2, 1 / 6, 0)).toThrow(/too few/)
  })
})

describe('sniffing', () => {
  const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))
  test.each([
    ['gzip', '\x1f\x8b\x08'],
    ['zip', 'PK\x03\x04'],
    ['npy', '\x93NUMPY\x01'],
    ['idx', '\0\0\x08\x03'],
    ['image', '\x89PNG\r\n\x1a\n'],
    ['image', '\xff\xd8\xff\xe0'],
    ['text', 'label,pixel1\r\n0,1'],
    ['text', '\xef\xbb\xbf0,1\n'],
    ['text', '\xff\xfe0\0,\x001\0\n\0'],
    ['text', '\xfe\xff\x000\0,\x001'],
    ['unknown', '\xff\xfe\x01\0\x02\0'],
    ['web-page', '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">'],
    ['lfs-pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:0'],
    ['text', 'BM is how this text begins\n'],
    ['empty', ''],
    ['unknown', '\0\0\x0a\x03'],
    ['unknown', '\x01\x02\x03']
  ])('sees %s', (kind, text) => {
    expect(sniff(bytes(text))).toBe(kind)
  })
})
