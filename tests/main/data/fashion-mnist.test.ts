import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cacheFolder } from '../../../src/main/user/cache'
import { inspect } from '../../../src/main/cli/inspection'
import { factsOf, open, scratch } from './helpers'

const folder = process.env.NORMSCOPE_FASHION_MNIST ?? join(cacheFolder(), 'fashion-mnist')

describe.skipIf(!existsSync(folder))('Fashion-MNIST', () => {
  test('is recognised, and its published figures come out exactly', async () => {
    const dataset = await open(folder)
    expect(dataset.name).toBe('Fashion-MNIST')
    expect(dataset.classNames[9]).toBe('Ankle boot')
    const train = await inspect(dataset)
    expect(train.count).toBe(60_000)
    expect(train.classCounts).toEqual(Array.from({ length: 10 }, () => 6000))
    // the sums over all 47,040,000 bytes, from NumPy
    expect(train.pixels.mean).toEqual([72.94035223214286])
    expect(train.pixels.std).toEqual([90.02118235130526])
    // the first labels of train-labels-idx1-ubyte
    expect(train.firstLabels).toEqual([9, 0, 0, 3, 0, 2, 7, 2, 5, 5, 0, 9])
    expect((await inspect(dataset, { split: 'test' })).count).toBe(10_000)
  })
})

test('without it there is an error that says what to do', async () => {
  const before = process.env.NORMSCOPE_FASHION_MNIST
  process.env.NORMSCOPE_FASHION_MNIST = join(scratch(), 'nothing')
  try {
    const facts = await factsOf(() => open('fashion-mnist'))
    expect(facts.code).toBe('fashion-mnist-missing')
    expect(facts.hint).toContain('generated')
  } finally {
    if (before === undefined) delete process.env.NORMSCOPE_FASHION_MNIST
    else process.env.NORMSCOPE_FASHION_MNIST = before
  }
})
