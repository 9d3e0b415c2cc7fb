import { afterAll, describe, expect, test } from 'vitest'
import { normscope, temporaryFolder, writeTwoClasses } from './program'

const folder = temporaryFolder()
const { images } = writeTwoClasses(folder.path)
afterAll(() => folder.remove())

describe('curvature', () => {
  test('finds eigenvalues by hand and a rate that trains', async () => {
    const words = ['--choice', 'raw', '--hidden', '0', '--seeds', '1']
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
