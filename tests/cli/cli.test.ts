import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { normscope, temporaryFolder, writeTwoClasses } from './program'
import type { Ended } from './program'

const folder = temporaryFolder()
let images: string
let values: readonly number[]

beforeAll(() => {
  ;({ images, values } = writeTwoClasses(folder.path))
})
afterAll(() => folder.remove())

describe('inspect', () => {
  test('gives exact sums, the hash of the pixels and the classes', async () => {
    const { code, json } = await normscope(['inspect', images, '--json'])
    expect(code).toBe(0)
    const sum = 16 * values.reduce((total, value) => total + value, 0)
    const squares = 16 * values.reduce((total, value) => total + value ** 2, 0)
    const pixels = Buffer.from(values.flatMap((value) => new Array<number>(16).fill(value)))
    expect(json()).toMatchObject({
      format: 'idx',
      count: 120,
      height: 4,
      width: 4,
      channels: 1,
      dtype: 'uint8',
      classCounts: [60, 60],
      pixels: { sum: [sum], sumOfSquares: [squares], min: [0], max: [254] },
      sha256: createHash('sha256').update(pixels).digest('hex'),
      firstLabels: [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]
    })
  })

  test('takes several paths, a pattern or a list for one data set, and its shards merge', async () => {
    const cwd = join(folder.path, 'several')
    mkdirSync(cwd)
    const names = ['b-images-idx3-ubyte', 'a-images-idx3-ubyte']
    for (const name of names) {
      for (const kind of ['images-idx3', 'labels-idx1']) {
        const own = name.replace('images-idx3', kind)
        copyFileSync(images.replace('images-idx3', kind), join(cwd, own))
      }
    }
    writeFileSync(join(cwd, 'list.txt'), `\ufeff${[...names].reverse().join('\r\n')}`)
    const sha256 = async (...words: string[]): Promise<unknown> => {
      const ended = await normscope(['inspect', ...words, '--json'], { cwd })
      expect(ended.json()).toMatchObject({ name: '2 files in several', count: 240 })
      return ended.json().sha256
    }
    const twice = Buffer.concat(
      [1, 2].flatMap(() => values.map((value) => Buffer.alloc(16, value)))
    )
    const hash = createHash('sha256').update(twice).digest('hex')
    const named = await Promise.all([sha256(...names), sha256('?-images*'), sha256('@list.txt')])
    expect(named).toEqual([hash, hash, hash])
    await Promise.all(
      ['1/2', '2/2'].map((shard) =>
        normscope(['summarise', '?-images*', '--shard', shard, '--out', `${shard[0]}.part`], {
          cwd
        })
      )
    )
    const merged = await normscope(['merge', '2.part', '1.part', '--json'], { cwd })
    expect(merged.json()).toMatchObject({ images: 240, classCounts: [120, 120] })
    const none = await normscope(['inspect', '*.npz', '--json'], { cwd })
    expect(none.json()).toMatchObject({ error: { code: 'no-match' } })
    const { stdout } = await normscope(['explain', '--help'])
    expect(stdout).toMatch(/explain <path> \[\.\.\.paths\][\s\S]*@list\.txt/)
  })

  test('says of a file that is not there what to do, with exit code 1', async () => {
    const { code, json, stderr } = await normscope(['inspect', join(folder.path, 'none'), '--json'])
    expect(code).toBe(1)
    const { error } = json() as { error: { code: string; message: string } }
    expect(error.code).not.toBe('internal')
    expect(error.message).toContain('none')
    expect(stderr).toContain(error.message)
  })
})

describe('distributions', () => {
  test('counts every value once, in bins from least to greatest', async () => {
    const words = [
      'distributions',
      images,
      '--choice',
      'unit,standardised',
      '--bins',
      '10',
      '--json'
    ]
    const { code, json } = await normscope(words)
    expect(code).toBe(0)
    const { choices } = json() as {
      choices: {
        id: string
        min: number
        max: number
        mean: number[]
        std: number[]
        histogram: { edges: number[]; counts: number[] }
      }[]
    }
    expect(choices.map(({ id }) => id)).toEqual(['unit', 'standardised'])
    const [unit, standardised] = choices
    expect(unit!.min).toBe(0)
    expect(unit!.max).toBe(254 / 255)
    expect(standardised!.mean[0]).toBeCloseTo(0, 12)
    expect(standardised!.std[0]).toBeCloseTo(1, 12)
    for (const { histogram, min, max } of choices) {
      expect(histogram.edges).toHaveLength(11)
      expect(histogram.edges[0]).toBe(min)
      expect(histogram.edges[10]).toBe(max)
      expect(histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(120 * 16)
    }
  })
})

describe('train', () => {
  const words = (...more: string[]): string[] => [
    ...['train', images, '--choice', 'unit', '--hidden', '8', '--epochs', '20', '--batch', '10'],
    ...['--learning-rate', '0.02'],
    ...['--json', ...more]
  ]

  test('learns two classes of different brightness, and to the same weights again', async () => {
    const [first, again, other] = await Promise.all([
      normscope(words()),
      normscope(words()),
      normscope(words('--seed', '1'))
    ])
    const { status, epochs, weightsSha256, backend } = first.json() as {
      status: string
      epochs: { epoch: number; testAccuracy: number; zeroGradientFraction: number }[]
      weightsSha256: string
      backend: string
    }
    expect(first.code).toBe(0)
    expect(status).toBe('finished')
    expect(['tensorflow', 'wasm']).toContain(backend)
    expect(epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    expect(epochs[19]!.testAccuracy).toBeGreaterThan(0.9)
    expect(again.json().weightsSha256).toBe(weightsSha256)
    expect(other.json().weightsSha256).not.toBe(weightsSha256)
    expect(first.stderr).toContain('held out')
  })

  test('finds a scripted fault, with its evidence, and nothing in a run without one', async () => {
    const under = (choice: string, ...more: string[]) =>
      normscope(words(...more).map((word) => (word === 'unit' ? choice : word)))
    const runs = await Promise.all([
      under('standardised'),
      under('standardised', '--init-factor', '300'),
      under('custom', '--custom-centre', '0.5', '--custom-divisor', '0.25')
    ])
    const found = runs.map(
      ({ json }) =>
        (
          json() as {
            findings: { code: string; sentence: string; evidence: { value: number }[] }[]
          }
        ).findings
    )
    expect(found.map(([main]) => main?.code)).toEqual([
      'none-found',
      'initial-weights-too-large',
      'wrong-constants'
    ])
    expect(found[1]![0]!.evidence[0]!.value).toBeGreaterThan(5)
    expect(found[2]![0]!.sentence).toContain('bytes')
  })

  test('trains with the portable backend where it is asked for', async () => {
    const { code, json } = await normscope(words('--backend', 'wasm'))
    expect(code).toBe(0)
    expect(json()).toMatchObject({ backend: 'wasm', status: 'finished' })
  })

  test('stops soon after Ctrl-C with exit code 130 and says so', async () => {
    const long = words().map((word) => (word === '20' ? '10000' : word))
    let stoppedAt = Infinity
    const { code, json } = await normscope(long, {
      // said as training begins
      when: [
        'held out',
        (child) => {
          stoppedAt = Date.now()
          child.kill('SIGINT')
        }
      ]
    })
    expect(Date.now() - stoppedAt).toBeLessThan(5000)
    expect(code).toBe(130)
    expect(json()).toMatchObject({ error: { code: 'interrupted' } })
  })
})

test('code prints the fitted constants for a library', async () => {
  const { code, stdout } = await normscope(['code', images, '--choice', 'unit', '--for', 'keras'])
  expect(code).toBe(0)
  expect(stdout).toBe('import keras\n\npreprocess = keras.layers.Rescaling(1 / 255)\n')
  const words = ['code', images, '--choice', 'standardised', '--for', 'numpy', '--json']
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const found = (await normscope(words)).json()
  expect(found).toMatchObject({ library: 'numpy', parameters: { mean: [mean] } })
  expect(found.code).toContain(`x - ${mean}`)
  expect((await normscope(['code', images, '--choice', 'unit', '--for', 'mxnet'])).code).toBe(2)
})

test('code prints the network behind the choice, as the options of train tell it', async () => {
  const words = ['code', images, '--choice', 'unit', '--network', '--layers', 'conv3x3-4,gap']
  const { code, stdout } = await normscope([...words, '--for', 'pytorch', '--loss', 'clipped'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^import torch\nfrom torch import nn\n/)
  expect(stdout).toContain('def preprocess(x):')
  expect(stdout).toContain('nn.Conv2d(1, 4, 3, padding=1),')
  expect(stdout).toContain('p.clamp(1e-7, 1 - 1e-7)')
  const refused = await normscope([...words, '--for', 'numpy'])
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('--network is for keras and pytorch, not numpy.')
})

describe('study', () => {
  test('writes figures, results and the study file, and never over another', async () => {
    const out = join(folder.path, 'study')
    const words = [
      'study',
      images,
      '--out',
      out,
      '--choices',
      'raw,unit',
      '--epochs',
      '1',
      '--json'
    ]
    const { code, json } = await normscope(words)
    expect(code).toBe(0)
    const { files } = json() as { files: string[] }
    expect(readdirSync(out).sort()).toEqual([...files].sort())
    for (const name of files) expect(readFileSync(join(out, name)).length).toBeGreaterThan(100)
    const svg = readFileSync(join(out, 'training-accuracy-test.svg'), 'utf8')
    expect(svg).toMatch(/<text[^>]*>test accuracy<\/text>/)
    const png = files.find((name) => name.endsWith('.png'))!
    expect(readFileSync(join(out, png)).subarray(1, 4).toString()).toBe('PNG')
    expect(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'))).toMatchObject({
      runs: [{ status: 'finished' }, { status: 'finished' }]
    })
    const again = join(folder.path, 'study-again')
    const file = join(out, 'study.normscope')
    const shown = await normscope(['study', file, '--out', again, '--json'])
    expect(shown.code).toBe(0)
    expect(readdirSync(again).sort()).toEqual([...files].sort())
    const data = (at: string, name: string): unknown =>
      JSON.parse(readFileSync(join(at, name), 'utf8'))
    for (const name of ['study.normscope', 'results.json']) {
      expect(data(again, name)).toEqual(data(out, name))
    }
    const printed = await normscope(['study', file])
    expect(printed.stdout).toContain(
      createHash('sha256').update(readFileSync(images)).digest('hex')
    )
    expect(printed.stdout).toMatch(/as stored +0 +1 +[\d.]+ % +finished/)
    const trained = await normscope(['study', file, '--epochs', '2'])
    expect([trained.code, trained.stderr.includes('--epochs')]).toEqual([2, true])
    const second = await normscope(words)
    expect(second.code).toBe(1)
    expect(second.json()).toMatchObject({ error: { code: 'folder-not-empty' } })
  })
})

test('a study leaves alone what was put in its folder while it trained', async () => {
  const out = join(folder.path, 'filled')
  const words = ['study', images, '--out', out, '--choices', 'raw', '--epochs', '1', '--json']
  const { code, json } = await normscope(words, {
    when: [
      'held out',
      () => {
        mkdirSync(out)
        writeFileSync(join(out, 'thesis.txt'), 'mine')
      }
    ]
  })
  expect(readdirSync(out)).toEqual(['thesis.txt'])
  expect(readFileSync(join(out, 'thesis.txt'), 'utf8')).toBe('mine')
  expect(code).toBe(1)
  const { error } = json() as { error: { code: string; message: string; path: string } }
  expect(error.code).toBe('folder-taken')
  expect(error.message).toContain(error.path)
  expect(readdirSync(error.path)).toContain('results.json')
})

describe('usage', () => {
  test.each([
    [['train', 'x'], '--choice is missing'],
    [['train', 'x', '--choice', 'none'], 'not "none"'],
    [['train', 'x', '--choice', 'unit', '--epochs', 'many'], '--epochs expects'],
    [['train', 'x', '--choice', 'unit', '--colour', 'red'], 'colour'],
    [['train', 'x', '--choice', 'unit', '--epochs', '-3'], 'from 1 to 10000, not "-3"'],
    [['train', 'x', '--choice', 'unit', '--seed=0x10'], 'not "0x10"'],
    [['train', 'x', '--choice', 'unit', '--batch'], 'value is missing'],
    [
      ['train', 'x', '--choice', 'custom', '--custom-divisor', '-0'],
      '--custom-divisor cannot be 0'
    ],
    // said before the data set is looked for
    [['train', 'x', '--choice', 'unit', '--backend', 'gpu'], 'native, wasm, cpu, not "gpu"'],
    [['train', 'x', '--choice', 'unit', '--threads', '0'], 'from 1 to 256, not "0"'],
    [['serve', '--port', 'abc'], '--port expects a whole number from 0 to 65535, not "abc"'],
    [['serve', '--port', '-1'], 'not "-1"'],
    [['serve', '--port', '8080.5'], 'not "8080.5"'],
    [['inspect'], 'path'],
    [['fly'], 'fly']
  ])('%j ends with exit code 2 and says why', async (words, why) => {
    const { code, stderr, json } = await normscope([...words, '--json'])
    expect(code).toBe(2)
    expect(stderr).toContain(why)
    expect(json()).toMatchObject({ error: { code: 'usage' } })
  })

  test.skipIf(!process.env.NORMSCOPE_FASHION_MNIST)(
    'reproduce trains raw bytes and x / 255 under three losses',
    async () => {
      const words = ['--epochs', '1', '--seeds', '1', '--seed', '4', '--limit', '640', '--json']
      const { code, json } = await normscope(['reproduce', ...words])
      expect(code).toBe(0)
      const told = json() as {
        runs: { choice: string; loss: string; seed: number; trappedFraction: number }[]
        settings: { accuracy: number; accuracyBySeed: { seed: number }[] }[]
        sentence: string
      }
      expect(told.runs.map(({ choice, loss }) => `${choice} ${loss}`)).toEqual([
        ...['raw clipped-2018', 'unit clipped-2018'],
        ...['raw clipped', 'unit clipped'],
        ...['raw exact', 'unit exact']
      ])
      // raw logits leave the clipped losses' range from the first step on, those of x / 255 never
      for (const { choice, loss, trappedFraction } of told.runs) {
        const trapped = choice === 'raw' && loss !== 'exact'
        expect(trappedFraction > 0.5).toBe(trapped)
      }
      expect(told.settings.flatMap(({ accuracyBySeed }) => accuracyBySeed)).toHaveLength(6)
      expect(told).toMatchObject({ epochs: 1, seeds: [4], adamEpsilon: 1e-8 })
      expect(told.sentence).toContain('one seed, so differences may be chance')
    }
  )

  test.each([
    'inspect',
    'distributions',
    'code',
    'train',
    'explain',
    'reproduce',
    'study',
    'reproduce-study',
    'serve'
  ])('%s --help has an example', async (command) => {
    const { code, stdout } = await normscope([command, '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain(`normscope ${command}`)
    expect(stdout.toLowerCase()).toContain('example')
  })

  test('a negative number is a value', async () => {
    const centre = (...words: string[]): Promise<Ended> =>
      normscope(['distributions', images, '--choice', 'custom', ...words, '--json'])
    for (const words of [['--custom-centre', '-0.5'], ['--custom-centre=-0.5']]) {
      const { code, json } = await centre(...words)
      expect(code).toBe(0)
      // the values are 0 to 254
      expect(json()).toMatchObject({ choices: [{ min: 0.5, max: 254.5 }] })
    }
  })

  test('constants of a person are recognised, and what is wrong with them here is noted', async () => {
    const words = ['--choice', 'custom', '--custom-centre', '0.1307', '--custom-divisor', '0.3081']
    for (const command of [
      ['distributions', images],
      ['code', images, '--for', 'keras']
    ]) {
      const { code, stderr } = await normscope([...command, ...words])
      expect(code).toBe(0)
      expect(stderr).toContain(
        'note: These are the constants of MNIST, but they are for values from 0 to 1'
      )
    }
  })

  test('a name that looks like a number stays a name', async () => {
    const named = join(folder.path, '007')
    writeFileSync(named, readFileSync(join(folder.path, 'train-labels-idx1-ubyte')))
    const program = ['inspect', images, '--labels', '007', '--json']
    expect((await normscope(program, { cwd: folder.path })).code).toBe(0)
  })

  const study = (out: string): string[] => [
    ...['study', images, '--choices', 'raw', '--epochs', '1'],
    ...['--out', out, '--json']
  ]
  const unknownUser = process.getuid?.() === 0 && process.platform === 'linux'
  test.skipIf(!unknownUser)('a user without a home folder is told what to set', async () => {
    const {
      HOME: _,
      XDG_CACHE_HOME: __,
      XDG_DATA_HOME: ___,
      NORMSCOPE_DATA: ____,
      ...env
    } = process.env
    const stranger = { env, uid: 64_321 }
    chmodSync(folder.path, 0o755)
    const cache = await normscope(['inspect', images, '--json'], stranger)
    expect(cache.code).toBe(1)
    expect(cache.json()).toMatchObject({
      error: {
        code: 'no-home-folder',
        message: expect.stringContaining('XDG_CACHE_HOME') as string
      }
    })
    const free = join(folder.path, 'free')
    mkdirSync(free)
    chmodSync(free, 0o777)
    const named = { ...stranger, env: { ...env, XDG_CACHE_HOME: free } }
    expect((await normscope(study(join(free, 'study')), named)).code).toBe(0)
    for (const [words, names] of [
      [['serve', '--json'], '--folder'],
      [['serve', '--folder', free, '--json'], 'NORMSCOPE_DATA']
    ] as const) {
      expect((await normscope([...words], stranger)).json()).toMatchObject({
        error: { code: 'no-home-folder', message: expect.stringContaining(names) as string }
      })
    }
  })

  test('a label file may be named', async () => {
    const named = join(folder.path, 'my-labels')
    writeFileSync(named, readFileSync(join(folder.path, 'train-labels-idx1-ubyte')))
    const { code } = await normscope(['inspect', images, '--labels', named, '--json'])
    expect(code).toBe(0)
    expect(existsSync(named)).toBe(true)
  })
})
