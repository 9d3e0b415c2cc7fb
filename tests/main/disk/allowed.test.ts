import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { within } from '../../../src/main/disk/allowed'
import { greyPng, idx } from '../../core/format/build'
import { factsOf, folderOf, open, scratch } from '../data/helpers'

const images = idx(0x08, [2, 1, 1], Uint8Array.of(1, 2))
const labels = idx(0x08, [2], Uint8Array.of(0, 1))
const pair = { 'a-images-idx3-ubyte': images, 'a-labels-idx1-ubyte': labels }

describe('a window that may open files in one folder', () => {
  const home = folderOf({ 'set/a-images-idx3-ubyte': images, 'set/a-labels-idx1-ubyte': labels })
  const outside = folderOf({ ...pair, 'train-images-idx3-ubyte': images, 'labels.csv': '0\n1\n' })
  mkdirSync(`${home}-other`)
  writeFileSync(join(`${home}-other`, 'x.csv'), 'label,p\n0,1\n')
  symlinkSync(outside, join(home, 'link'))
  symlinkSync(join(outside, 'a-images-idx3-ubyte'), join(home, 'train-images-idx3-ubyte'))
  const checkPath = within([home])
  const codeOf = async (path: string, more = {}): Promise<string> =>
    (await factsOf(() => open(path, { checkPath, ...more }))).code

  test('opens what lies in it, with the labels beside', async () => {
    const dataset = await open(join(home, 'set', 'a-images-idx3-ubyte'), { checkPath })
    expect(dataset.splits.train.classCounts).toEqual([1, 1])
  })

  test.skipIf(process.platform === 'win32').each([
    ['a path elsewhere', () => join(outside, 'a-images-idx3-ubyte')],
    ['a folder whose name begins alike', () => `${home}-other`],
    ['a path that climbs out', () => join(home, 'set', relative(join(home, 'set'), outside))],
    ['a link that leads out', () => join(home, 'link', 'a-images-idx3-ubyte')],
    ['a link to a file elsewhere', () => join(home, 'train-images-idx3-ubyte')],
    ['a folder with such a link among its IDX files', () => home],
    ['what does not exist elsewhere', () => join(outside, 'nothing', 'at all')],
    ['a device', () => '/dev/zero']
  ])('refuses %s', async (_, path) => {
    expect(await codeOf(path())).toBe('outside-folders')
  })

  test('refuses labels and test images elsewhere', async () => {
    const set = join(home, 'set', 'a-images-idx3-ubyte')
    expect(await codeOf(set, { labelsPath: join(outside, 'labels.csv') })).toBe('outside-folders')
    expect(await codeOf(set, { testPath: outside })).toBe('outside-folders')
  })

  test('says of its own what does not exist', async () => {
    expect(await codeOf(join(home, 'nothing', 'at all'))).toBe('missing-file')
  })

  test.skipIf(process.platform === 'win32')(
    'refuses pictures that a link in a folder of images leads to',
    async () => {
      const secret = folderOf({ 'b/2.png': greyPng([9]) })
      const pictures = join(scratch(), 'pictures')
      mkdirSync(join(pictures, 'a'), { recursive: true })
      writeFileSync(join(pictures, 'a', '1.png'), greyPng([1]))
      symlinkSync(join(secret, 'b'), join(pictures, 'b'))
      const facts = await factsOf(() => open(pictures, { checkPath: within([pictures]) }))
      expect(facts).toMatchObject({ code: 'outside-folders' })
      expect(facts.hint).toContain('--folder')
    }
  )

  test('opens the sets of the app itself', async () => {
    expect(await codeOf('generated')).toBe('none')
    const before = process.env.NORMSCOPE_FASHION_MNIST
    process.env.NORMSCOPE_FASHION_MNIST = outside
    try {
      expect(await codeOf('fashion-mnist')).toBe('none')
    } finally {
      if (before === undefined) delete process.env.NORMSCOPE_FASHION_MNIST
      else process.env.NORMSCOPE_FASHION_MNIST = before
    }
  })
})
