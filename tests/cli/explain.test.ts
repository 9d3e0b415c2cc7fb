import { afterAll, describe, expect, test } from 'vitest'
import { normscope, temporaryFolder, writeTwoClasses } from './program'

const folder = temporaryFolder()
const { images } = writeTwoClasses(folder.path)
afterAll(() => folder.remove())

const QUICK = ['--batch', '20', '--hidden', '8']
const EPOCHS = ['--epochs', '2']

interface Explained {
  readonly gap: number
  readonly switches: readonly string[]
  readonly cells: readonly { readonly on: readonly string[]; readonly accuracyBySeed: number[] }[]
  readonly check: { readonly accuracyBySeed: readonly number[] }
  readonly shapley: Readonly<Record<string, number>>
  readonly sentence: string
}

async function explained(...words: string[]): Promise<Explained> {
  const epochs = words.includes('--epochs') ? [] : EPOCHS
  const options = [...QUICK, ...epochs, '--seeds', '1', '--json']
  const ended = await normscope(['explain', images, ...words, ...options])
  expect(ended.code, ended.stderr).toBe(0)
  return ended.json() as unknown as Explained
}

describe('explain', () => {
  test('trains all combinations, and divides the gap between them', async () => {
    const found = await explained('--from', 'raw', '--to', 'standardised', '--optimiser', 'sgd')
    expect(found.switches).toEqual(['centring', 'first-layer weights', 'first-layer learning rate'])
    expect(found.cells).toHaveLength(8)
    expect(found.cells[0]!.on).toEqual([])
    for (const { accuracyBySeed } of found.cells) expect(accuracyBySeed).toHaveLength(1)
    const sum = Object.values(found.shapley).reduce((total, share) => total + share, 0)
    expect(Math.abs(sum - found.gap)).toBeLessThan(1e-12)
    // 20 test images: in so short a training, rounding decides over none of them
    expect(found.check.accuracyBySeed).toEqual(found.cells.at(-1)!.accuracyBySeed)
    expect(found.sentence).toContain('may be chance')
  })

  test('takes options for one setting alone, and prints table and sentence', async () => {
    const words = [
      '--from',
      'unit',
      '--to',
      'unit',
      '--activation-to',
      'tanh',
      ...QUICK,
      ...EPOCHS,
      '--seeds',
      '1'
    ]
    const { code, stdout } = await normscope(['explain', images, ...words])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Tanh +Accuracy$/m)
    expect(stdout).toMatch(/\[0, 1\], ReLU/)
  })

  test('takes epochs and the optimiser’s parameters for one setting alone, under either name', async () => {
    const words = ['--from', 'unit', '--to', 'unit', '--epochs', '1', '--adam-epsilon', '1e-8']
    const own = ['--epochs-to', '2', '--epsilon-from', '0.1', '--beta1-to', '0.5']
    const found = await explained(...words, ...own)
    expect(found.switches).toEqual(['optimiser parameters', 'epochs'])
    expect(found.cells).toHaveLength(4)
  })

  test.each([
    [['--from', 'raw', '--to', 'unit', '--beta1-to', '2'], 2, 'usage', '--beta1-to expects'],
    [['--from', 'raw', '--to', 'raw'], 1, 'same-settings', 'no gap'],
    [['--from', 'raw'], 2, 'usage', '--to expects'],
    [['--from', 'raw', '--to', 'none'], 2, 'usage', '"none"'],
    [['--from', 'raw', '--to', 'unit', '--loss-to', 'none'], 2, 'usage', '--loss-to expects']
  ])('%j is refused before anything is trained', async (words, code, error, said) => {
    const ended = await normscope(['explain', images, ...words, '--json'])
    expect(ended.code).toBe(code)
    expect(ended.json().error).toMatchObject({ code: error })
    expect(ended.stderr).toContain(said)
  })

  test('two names of one training have no gap: custom constants of 0 and 1 are raw bytes', async () => {
    const words = ['--from', 'raw', '--to', 'custom', '--custom-divisor', '1', '--json']
    const ended = await normscope(['explain', images, ...words])
    expect(ended.json().error).toMatchObject({ code: 'same-settings' })
  })
})
