import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { greyPng, gzip, idx, tar, zip } from '../../core/format/build'
import { folderInside } from '../../../src/core/format/inside'
import { filePlace } from '../../../src/core/format/look'
import { createFiles } from '../../../src/main/data/files/node-files'
import { contentOf, factsOf, folderOf, open, scratch } from './helpers'

const text = (words: string): Uint8Array => Buffer.from(words)
const classes = {
  'hat/1.png': greyPng([1]),
  'hat/10.png': greyPng([3]),
  'hat/2.png': greyPng([2]),
  'shoe/1.png': greyPng([4])
}
/** Beneath another folder, as archives often are. */
const inside = (files: Readonly<Record<string, Uint8Array>>) =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`set/${name}`, bytes]))

const PACKED = [
  ['zip', zip(classes, { deflate: true })],
  ['stored.zip', zip(inside(classes))],
  ['tar', tar(inside(classes))],
  ['tar.gz', gzip(tar(classes))],
  ['tgz', gzip(tar(inside(classes)))]
] as const

test.each(PACKED)('pictures in a .%s have the classes of its folders', async (ending, bytes) => {
  const store = { folder: scratch() }
  const path = join(folderOf({ [`set.${ending}`]: bytes }), `set.${ending}`)
  const dataset = await open(path, { store })
  expect(dataset).toMatchObject({
    format: 'image-folder',
    classNames: ['hat', 'shoe']
  })
  expect(await contentOf(dataset)).toEqual({ pixels: [1, 2, 3, 4], labels: [0, 0, 0, 1] })
  // nothing that was unpacked stays
  expect(readdirSync(store.folder).filter((name) => name.startsWith('new-'))).toEqual([])
  expect(await open(path, { store })).toMatchObject({ id: dataset.id })
})

test('an archive may have training and test images', async () => {
  const bytes = tar({ 'x/train/a/1.png': greyPng([1]), 'x/test/a/1.png': greyPng([2]) })
  const dataset = await open(join(folderOf({ 'x.tar': bytes }), 'x.tar'))
  expect((await contentOf(dataset, 'test')).pixels).toEqual([2])
})

describe('WebDataset', () => {
  const shard = (from: number, labels: readonly number[]) =>
    tar(
      Object.fromEntries(
        labels.flatMap((label, at) => [
          [`${from + at}.png`, greyPng([from + at])],
          [`${from + at}.cls`, text(`${label}\n`)]
        ])
      )
    )

  test('takes the class from the file beside a picture', async () => {
    const dataset = await open(join(folderOf({ 'a.tar': shard(10, [3, 0, 3]) }), 'a.tar'))
    expect(dataset.classNames).toEqual(['0', '1', '2', '3'])
    const { pixels, labels } = await contentOf(dataset)
    expect(new Set(pixels.map((pixel, at) => `${pixel} ${labels[at]}`))).toEqual(
      new Set(['10 3', '11 0', '12 3'])
    )
  })

  test('reads the shards of a folder together', async () => {
    const folder = folderOf({ 'a-0.tar': shard(10, [1, 0]), 'a-1.tar': shard(20, [0]) })
    const { pixels, labels } = await contentOf(await open(folder))
    expect(pixels.map((pixel, at) => `${pixel} ${labels[at]}`).sort()).toEqual([
      '10 1',
      '11 0',
      '20 0'
    ])
  })

  test('tells training from test shards by their names', async () => {
    const folder = folderOf({
      'x-train-0.tar': shard(10, [1, 0]),
      'x-val-0.tar': shard(20, [0, 1])
    })
    const dataset = await open(folder)
    expect((await contentOf(dataset)).pixels.sort()).toEqual([10, 11])
    expect((await contentOf(dataset, 'test')).pixels.sort()).toEqual([20, 21])
  })

  test('takes the label from JSON', async () => {
    const bytes = tar({
      'a/1.png': greyPng([1]),
      'a/1.json': text('{"caption": "a hat", "label": "hat"}'),
      'a/2.png': greyPng([2]),
      'a/2.json': text('{"label": "shoe"}')
    })
    const dataset = await open(join(folderOf({ 'a.tar': bytes }), 'a.tar'))
    expect(dataset.classNames).toEqual(['hat', 'shoe'])
  })

  test('names a picture that lacks its class, and a file that is no JSON', async () => {
    const lacking = tar({ '1.png': greyPng([1]), '1.cls': text('0'), '2.png': greyPng([2]) })
    const facts = await factsOf(() => open(join(folderOf({ 'a.tar': lacking }), 'a.tar')))
    expect(facts).toMatchObject({ code: 'unlabelled-image', expected: '2.cls or .json' })
    const broken = tar({ '1.png': greyPng([1]), '1.json': text('{"label": ') })
    const other = await factsOf(() => open(join(folderOf({ 'b.tar': broken }), 'b.tar')))
    expect(other).toMatchObject({ code: 'corrupt-label', path: '1.json' })
  })
})

describe('labels in a file beside the pictures of a folder', () => {
  const pictures = { '1.png': greyPng([1]), '2.png': greyPng([2]) }

  test.each([
    [0, 'labels.csv', 'file,label\n2.png,hat\n1.png,shoe\n'],
    [1, 'labels.json', '{"1.png": "shoe", "2.png": "hat"}'],
    [2, 'labels.json', '[{"file": "2.png", "label": "hat"}, {"file": "1.png", "label": "shoe"}]'],
    [3, 'metadata.json', '{"labels": [["1.png", "shoe"], ["2.png", "hat"]]}']
  ])('%i: %s', async (place, name, words) => {
    const files = { ...pictures, [name]: text(words) }
    const path = [
      folderOf(files),
      join(folderOf({ 'a.zip': zip(inside(files)) }), 'a.zip'),
      join(folderOf({ 'a.tar': tar(files) }), 'a.tar'),
      folderOf(files)
    ][place]!
    const dataset = await open(path)
    expect(dataset.classNames).toEqual(['hat', 'shoe'])
    expect(await contentOf(dataset)).toEqual({ pixels: [1, 2], labels: [1, 0] })
    expect(dataset.warnings).toContain(`The labels were taken from ${name}.`)
  })

  test('a list of labels is in the order of the pictures', async () => {
    const labels = join(folderOf({ 'y.json': '[7, 4]' }), 'y.json')
    const { classNames } = await open(folderOf(pictures), { labelsPath: labels })
    expect(classNames).toEqual(['4', '7'])
  })

  test.each([
    ['{"3.png": "x"}', 'corrupt-json'],
    ['{"1.png": ', 'corrupt-json'],
    ['[1, 2, 3]', 'count-mismatch']
  ])('%s is refused', async (words, code) => {
    const labelsPath = join(folderOf({ 'y.json': words }), 'y.json')
    expect((await factsOf(() => open(folderOf(pictures), { labelsPath }))).code).toBe(code)
  })
})

describe('an archive that is hostile or damaged', () => {
  const openOf = (name: string, bytes: Uint8Array) =>
    factsOf(() => open(join(folderOf({ [name]: bytes }), name)))

  test.each([
    ['tar', tar({ 'a/1.png': greyPng([1]), '../../evil.png': greyPng([2]) })],
    ['tar', tar({ '/etc/evil.png': greyPng([1]) })],
    ['zip', zip({ 'a/1.png': greyPng([1]), '../../evil.png': greyPng([2]) })],
    ['zip', zip({ '/evil.png': greyPng([1]) })]
  ])('is refused where names lead out of it: %s %#', async (ending, bytes) => {
    const facts = await openOf(`a.${ending}`, bytes)
    expect(facts).toMatchObject({
      code: 'unsafe-archive',
      actual: expect.stringMatching('evil.png')
    })
  })

  test('has its links, pipes and devices left out, which is said', async () => {
    const bytes = tar({ 'a/1.png': greyPng([1]), 'a/2.png': { kind: '2' }, 'b.png': { kind: '6' } })
    const dataset = await open(join(folderOf({ 'a.tar': bytes }), 'a.tar'))
    expect(dataset.splits.train.count).toBe(1)
    expect(dataset.warnings).toContain('Links, pipes and devices in the archive were left out: 2.')
  })

  test('is refused before it fills the disk', async () => {
    // a member of 2 GiB of zeros in 2 MB, and a zip that only says so
    const file = Buffer.from(zip({ 'a/1.png': greyPng([1]) }))
    file.writeUInt32LE(0xfff00000, file.indexOf('PK\x01\x02', 0, 'latin1') + 24)
    file.writeUInt16LE(8, file.indexOf('PK\x01\x02', 0, 'latin1') + 10)
    expect(await openOf('a.zip', file)).toMatchObject({
      code: 'archive-too-large',
      expected: 'at most 1,073,741,824 bytes'
    })
  })

  test('is refused at whatever byte it ends', async () => {
    const folder = scratch()
    mkdirSync(folder, { recursive: true })
    const whole = tar({ 'a/1.png': greyPng([1]), 'b/1.png': greyPng([2]) })
    for (const length of [300, 511, 512, 550, 1024, 1500]) {
      const { code } = await openOf('a.tar', whole.slice(0, length))
      expect(['truncated-file', 'unknown-format', 'corrupt-image', 'none'], `${length}`).toContain(
        code
      )
    }
    const damaged = whole.slice()
    damaged[0]! ^= 1
    expect(await openOf('a.tar', damaged)).toMatchObject({ code: 'corrupt-tar' })
  })
})

describe('arrays in an archive', () => {
  const images = idx(8, [2, 1, 1], Uint8Array.of(7, 8))
  const labels = idx(8, [2], Uint8Array.of(1, 0))

  test.each<[string, Readonly<Record<string, Uint8Array>>]>([
    ['side by side', { 'train-images-idx3-ubyte': images, 'train-labels-idx1-ubyte': labels }],
    [
      'beside what computers of Apple add',
      {
        '__MACOSX/m/._train-images-idx3-ubyte': text('x'),
        'm/train-images-idx3-ubyte': images,
        'm/train-labels-idx1-ubyte': labels
      }
    ],
    [
      'in folders of their own names, as Kaggle packs them',
      {
        'train-images-idx3-ubyte/train-images-idx3-ubyte': images,
        'train-labels-idx1-ubyte/train-labels-idx1-ubyte': labels
      }
    ],
    [
      'in a folder raw, as torchvision keeps them',
      {
        'M/raw/train-images-idx3-ubyte': images,
        'M/raw/train-labels-idx1-ubyte': labels,
        'M/x': labels
      }
    ]
  ])('are those of the folder: %s', async (_, files) => {
    for (const [name, bytes] of [
      ['a.zip', zip(files)],
      ['a.tar.gz', gzip(tar(files))]
    ] as const) {
      const dataset = await open(join(folderOf({ [name]: bytes }), name))
      expect(dataset).toMatchObject({ format: 'idx', name: 'a' })
      expect(await contentOf(dataset)).toEqual({ pixels: [7, 8], labels: [1, 0] })
    }
  })

  test('take labels from a file beside the archive', async () => {
    const folder = folderOf({
      'a.zip': zip({ 'train-images-idx3-ubyte': images }),
      'l.csv': '3\n4\n'
    })
    const dataset = await open(join(folder, 'a.zip'), { labelsPath: join(folder, 'l.csv') })
    expect(dataset.classNames).toEqual(['3', '4'])
  })

  test('are parts of one data set', async () => {
    const packed = (value: number) =>
      gzip(
        tar({
          'x/train-images-idx3-ubyte': idx(8, [1, 1, 1], Uint8Array.of(value)),
          'x/train-labels-idx1-ubyte': idx(8, [1], Uint8Array.of(value))
        })
      )
    const folder = folderOf({ 'a.tgz': packed(1), 'b.tgz': packed(0) })
    const dataset = await open([join(folder, 'b.tgz'), join(folder, 'a.tgz')])
    expect(await contentOf(dataset)).toEqual({ pixels: [0, 1], labels: [0, 1] })
  })

  test('that are none are refused by what the archive is', async () => {
    const path = join(folderOf({ 'a.tar': tar({ 'a.bin': text('nothing') }) }), 'a.tar')
    const facts = await factsOf(() => open(path))
    expect(facts).toMatchObject({ code: 'unknown-format', actual: 'a tar archive' })
  })
})

test('the files of an archive are seen as those of a folder, beside all others', async () => {
  const folder = folderOf({ 'a.tar': tar({ 'm/b/x.bin': text('abc'), 'm/y.bin': text('de') }) })
  const path = join(folder, 'a.tar')
  const files = createFiles(
    { onProgress: () => undefined, check: () => undefined },
    undefined,
    undefined,
    {
      folder: scratch()
    }
  )
  try {
    const inside = (await folderInside(await filePlace(path, files), files))!
    expect(inside.place).toMatchObject({ path: `${path}/m`, folders: [{ name: 'b' }] })
    const scope = inside.files.scope()
    const kinds = [`${path}/m`, `${path}/m/y.bin`, path, folder].map((at) => scope.kindOf(at))
    expect(await Promise.all(kinds)).toEqual(['folder', 'file', 'folder', 'folder'])
    const member = await scope.open(`${path}/m/b/x.bin`)
    expect(member).toMatchObject({ name: `${path}/m/b/x.bin`, size: 3 })
    expect((await scope.beside(`${path}/m/y.bin`)).map(({ name }) => name)).toEqual(['b', 'y.bin'])
    expect((await scope.beside(path)).map(({ name }) => name)).toEqual(['a.tar'])
    expect((await scope.walk(`${path}/m`)).files).toEqual(['b/x.bin', 'y.bin'])
    await scope.close()
  } finally {
    await files.close()
  }
})
