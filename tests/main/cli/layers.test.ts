import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { LAYERS } from '../../../src/core/network/layers/list'
import { PRESETS } from '../../../src/core/network/layers/presets'
import { configuration } from '../../../src/main/cli/configuration'
import { COMMANDS } from '../../../src/main/cli/commands'
import { runProgram } from '../../../src/main/cli/program'
import { writeSmallImages } from '../engine/small-images'

/** What the program prints. */
async function printed(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = []
  const err: string[] = []
  vi.spyOn(console, 'info').mockImplementation((line: string) => void out.push(line))
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => out.push(String(line)) > 0)
  vi.spyOn(process.stderr, 'write').mockImplementation((line) => err.push(String(line)) > 0)
  try {
    const { signal } = new AbortController()
    const code = await runProgram(argv, { commands: COMMANDS, signal, programFolder: '.' })
    return { code, out: out.join(''), err: err.join('') }
  } finally {
    vi.restoreAllMocks()
  }
}

describe('the command layers', () => {
  // 14 x 14 x 16 x 4 + 4 weights; of 112,896 + 25,088 + 12,544 + 12,544 + 12,548 + 40 multiply-adds
  it('shows what comes out of each layer, its weights and its share of the work', async () => {
    const { code, out } = await printed('layers', 'conv3x3-16,bn,pool2,flatten,dense-4')
    expect(code).toBe(0)
    const rows = out.split('\n').map((line) => line.trim().split(/\s{2,}/))
    expect(rows).toContainEqual([
      'Batch normalisation',
      'bn',
      'relu',
      '28 × 28 × 16',
      '32',
      '32',
      expect.stringMatching(/%$/)
    ])
    expect(rows).toContainEqual(['Dense', 'dense-4', 'relu', '4', '12,548', '0', '7.1 %'])
    expect(out).toContain('images as those of Fashion-MNIST: 28 × 28 × 1, 10 classes')
    expect(out).toContain('12,790 weights, 32 moving moments kept')
  })

  it('is told for a shape and classes, as one object for programs', async () => {
    const words = ['layers', 'lenet-5', '--shape', '32x32x3', '--classes', '100', '--json']
    const told = JSON.parse((await printed(...words)).out) as {
      preset: string
      table: { name: string; shape: number[]; weights: number; text?: string }[]
      weights: number
    }
    expect(told.preset).toBe('lenet-5')
    // 5 x 5 x 3 x 6 + 6; 84 x 100 + 100
    expect(told.table[0]).toMatchObject({ shape: [32, 32, 6], weights: 456, text: 'conv5x5-6' })
    expect(told.table.at(-1)).toMatchObject({ name: 'Output', shape: [100], weights: 8500 })
    expect(told.weights).toBe(456 + 2416 + (576 * 120 + 120) + 10_164 + 8500)
  })

  const folder = mkdtempSync(join(tmpdir(), 'normscope-layers-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('is told for the images of a data set', async () => {
    // 2 x 2 images of 3 classes
    const images = writeSmallImages(join(folder, 'images'), 11, 3)
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'))
    const { out } = await printed('layers', 'none', '--data', images)
    const refused = await printed('layers', 'pool3', '--data', images)
    const both = await printed('layers', 'none', '--data', images, '--shape', '2x2')
    vi.unstubAllEnvs()
    expect(out).toContain('2 × 2 × 1, 3 classes')
    expect(out).toContain('a linear classifier')
    expect(out).toContain('15 weights;')
    expect([refused.code, refused.err.includes('larger than the 2 × 2 that come in')]).toEqual([
      1,
      true
    ])
    expect(both.code).toBe(2)
  })

  it.each([
    [['conv9x9-4'], 2, 'Window is a whole number from 1 to 7'],
    [['128', '--shape', '28'], 2, '--shape expects height, width and channels'],
    [['dense-8,pool2'], 1, 'Layer 2, Max pooling: it needs height, width and channels']
  ])('refuses %s with the reason', async (words, code, reason) => {
    const found = await printed('layers', ...words)
    expect(found.code).toBe(code)
    expect(found.err).toContain(reason)
    expect(found.out).toBe('')
  })

  it('tells in its help how each kind of layer is written, and the networks by name', async () => {
    const { out } = await printed('layers', '--help')
    for (const { name, text } of LAYERS) expect(out).toMatch(new RegExp(`${text.example} +${name}`))
    for (const { id, layers } of PRESETS) expect(out).toContain(`${id.padEnd(14)}  ${layers}`)
  })
})

describe('the option --layers', () => {
  it('takes what --hidden takes and more, not both', () => {
    const unit = { id: 'unit' } as const
    expect(configuration({ layers: '64,32' }, unit).layers).toEqual(
      configuration({ hidden: '64,32' }, unit).layers
    )
    expect(() => configuration({ layers: '64', hidden: '64' }, unit)).toThrow('give one of them')
    expect(() => configuration({ hidden: 'lenet-5' }, unit)).toThrow('--layers takes the others')
  })

  it('is for every command that takes a network', () => {
    const takesNetwork = COMMANDS.filter(({ options }) =>
      options.some(([flag]) => flag === '--hidden <units>')
    )
    expect(takesNetwork.map(({ usage }) => usage.split(' ')[0])).toEqual(
      expect.arrayContaining(['train', 'explain', 'study', 'claims', 'mismatch', 'advise'])
    )
    for (const { options } of takesNetwork) {
      expect(options.map(([flag]) => flag)).toContain('--layers <list>')
    }
  })
})
