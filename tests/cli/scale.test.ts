import { afterAll, describe, expect, test } from 'vitest'
import { normscope, temporaryFolder, writeTwoClasses } from './program'

const folder = temporaryFolder()
const { images } = writeTwoClasses(folder.path)
afterAll(() => folder.remove())

describe('curvature', () => {
  test('finds eigenvalues by hand and a rate that trains', async () => {
    const words = [
      '--choice',
      'raw',
      '--hidden',
      '0',
      '--seeds',
      '1',
      '--batch',
      '8',
      '--epochs',
      '3'
    ]
    const { code, json } = await normscope(['curvature', images, ...words, '--json'])
    expect(code).toBe(0)
    const { choices, sentence, facts } = json() as {
      choices: Record<'largest' | 'zero' | 'inputs' | 'rate' | 'timesLargest', number>[]
      sentence: string
      facts: { inputs: { mean: number; std: number }[] }
    }
    // all 16 pixels of an image are alike: x = (c, ..., c, 1) has the eigenvalues of
    // [[16 E c^2, 4 E c], [4 E c, 1]], and 15 that are 0
    const { mean, std } = facts.inputs[0]!
    const square = mean ** 2 + std ** 2
    const trace = 16 * square + 1
    const largest = (trace + Math.sqrt(trace ** 2 - 64 * std ** 2)) / 2
    expect(choices[0]!.largest / largest).toBeCloseTo(1, 9)
    expect(choices[0]).toMatchObject({ zero: 15, inputs: 17 })
    for (const choice of choices) {
      expect(choice.rate).toBeGreaterThan(0)
      expect(choice.rate * choice.largest).toBeCloseTo(choice.timesLargest, 6)
    }
    expect(sentence).toContain('linear classifier trains up to')
  })

  test('asks for a choice, with exit code 2', async () => {
    const { code, stderr } = await normscope(['curvature', images])
    expect(code).toBe(2)
    expect(stderr).toContain('--choice is missing')
  })
})

describe('equivalence', () => {
  test('on 64 times the input the losses are the same in every digit', async () => {
    const words = ['--scale', '64', '--hidden', '4', '--weight-decay', '0.01', '--json']
    const { code, json } = await normscope(['equivalence', images, ...words])
    expect(code).toBe(0)
    const found = json() as { verdict: string; sentence: string; byEpoch: object[] }
    expect(found).toMatchObject({ verdict: 'same', difference: 0, exact: true })
    expect(found).toMatchObject({
      factors: { init: 1 / 64, step: 1 / 64, epsilon: 64, decay: 4096 }
    })
    expect(found.byEpoch).toHaveLength(1)
    expect(found.sentence).toContain('initial weights, learning rate, epsilon and weight decay')
  })

  test('parts where the initial weights stay, and says why', async () => {
    const words = ['--scale', '255', '--keep', 'init', '--hidden', '4']
    const { code, stdout } = await normscope(['equivalence', images, ...words])
    expect(code).toBe(0)
    expect(stdout).toContain('because the initial weights of the first layer stayed')
  })

  test('asks for a scale, and within its limits, with exit code 2', async () => {
    expect((await normscope(['equivalence', images])).stderr).toContain('--scale is missing')
    const { code, stderr } = await normscope(['equivalence', images, '--scale', '1e9'])
    expect(code).toBe(2)
    expect(stderr).toContain('from 0.01 to 1000')
  })
})

describe('rate-map', () => {
  test('trains a grid, says how many runs before, and where the best lies', async () => {
    const words = [
      '--choice',
      'unit',
      '--points',
      '3',
      '--hidden',
      '16',
      '--rest',
      'move',
      '--epochs',
      '60'
    ]
    const { code, stderr, json } = await normscope(['rate-map', images, ...words, '--json'])
    expect(code).toBe(0)
    expect(stderr).toContain('9 runs, about')
    const { cells, power, ridge, sentence } = json() as {
      cells: { scale: number; value: number; accuracy?: number }[]
      power: number
      ridge: { scale: number }[]
      sentence: string
    }
    expect(power).toBe(-1)
    expect(ridge.map(({ scale }) => scale)).toEqual([0.0625, 4, 256])
    expect(sentence).toContain('the prediction is scale^−1')
    // the same training on the predicted line
    const line = cells.filter(({ scale, value }) => Math.abs(scale * value - 0.001) < 1e-8)
    expect(line).toHaveLength(3)
    expect(new Set(line.map(({ accuracy }) => accuracy)).size).toBe(1)
  })

  test('asks for a choice, and for an axis that there is', async () => {
    expect((await normscope(['rate-map', images])).stderr).toContain('--choice is missing')
    const { code, stderr } = await normscope([
      ...['rate-map', images, '--choice', 'unit', '--axis', 'batch']
    ])
    expect(code).toBe(2)
    expect(stderr).toContain('rate, init, decay')
  })
})
