import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BUILT } from '../desktop/project'
import { normscope, temporaryFolder, writeTwoClasses } from './program'

const folder = temporaryFolder()

describe.skipIf(!BUILT)('images without labels at the command line', () => {
  let images: string
  let values: readonly number[]

  beforeAll(() => {
    process.env.NORMSCOPE_DATA = join(folder.path, 'data')
    ;({ images, values } = writeTwoClasses(folder.path))
    rmSync(join(folder.path, 'train-labels-idx1-ubyte'))
  })
  afterAll(() => {
    delete process.env.NORMSCOPE_DATA
    folder.remove()
  })

  it('are inspected, with exact sums and no classes', async () => {
    const ended = await normscope(['inspect', images, '--json'])
    const sum = values.reduce((total, value) => total + value * 16, 0)
    expect(ended.json()).toMatchObject({ count: 120, classNames: [], pixels: { sum: [sum] } })
    expect(ended.json()).not.toHaveProperty('classCounts')
    expect((await normscope(['inspect', images])).stdout).toContain('no labels')
  })

  it('have distributions', async () => {
    const ended = await normscope(['distributions', images, '--choice', 'unit', '--json'])
    const mean = values.reduce((total, value) => total + value, 0) / 120 / 255
    const { choices } = ended.json() as { choices: { mean: number[] }[] }
    expect(choices[0]!.mean[0]).toBeCloseTo(mean, 12)
  })

  it('are not trained on or studied: what is missing is said, and nothing is left behind', async () => {
    for (const words of [
      ['train', images, '--choice', 'unit', '--json'],
      ['study', images, '--out', join(folder.path, 'study'), '--json']
    ]) {
      const ended = await normscope(words)
      expect(ended.code).toBe(1)
      expect(ended.json()).toMatchObject({
        error: {
          code: 'unlabelled',
          message: expect.stringContaining('have no labels') as string,
          hint: expect.stringContaining('--labels FILE') as string
        }
      })
    }
    expect(existsSync(join(folder.path, 'study'))).toBe(false)
  })
})

describe.skipIf(!BUILT)('names of classes at the command line', () => {
  const named = temporaryFolder()
  afterAll(() => named.remove())

  it('are given for one command, and checked', async () => {
    const { images } = writeTwoClasses(named.path)
    const words = ['inspect', images, '--json', '--class-names']
    const given = (await normscope([...words, 'dark,bright'])).json()
    expect(given).toMatchObject({ classNames: ['dark', 'bright'], classCounts: [60, 60] })
    const wrong = await normscope([...words, 'dark'])
    expect(wrong.code).toBe(1)
    expect(wrong.json()).toMatchObject({ error: { code: 'bad-class-names', actual: '1 names' } })
  })
})
