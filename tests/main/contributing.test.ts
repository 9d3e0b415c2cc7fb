import { createCanvas } from '@napi-rs/canvas'
import { Chart } from 'chart.js'
import { bisectCenter } from 'd3-array'
import { chartConfiguration, legendMarks } from '../../src/chart/configuration'
import { figureCsv, figureTables } from '../../src/chart/figure-numbers'
import { itemsAt, toldOf } from '../../src/chart/interaction'
import { MARKS } from '../../src/chart/marks/marks'
import { datasetOf, pointsOf } from '../../src/chart/marks/record'
import type { MarkDataset, MarkRecord } from '../../src/chart/marks/record'
import { colourOf } from '../../src/chart/theme'
import type { Figure } from '../../src/core/figure/figure'
import { figureFiles } from '../../src/main/cli/render'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Dataset } from '../../src/core/dataset/dataset'
import { errorFacts } from '../../src/core/error'
import { FINDINGS, findingsOf, sentenceFor } from '../../src/core/explanation/finding'
import type { FindingRecord } from '../../src/core/explanation/finding'
import { derivativeFigure } from '../../src/core/figure/activations'
import { labelsFrom, nameOf, RANK, sourcesOf } from '../../src/core/format/format'
import type { Format } from '../../src/core/format/format'
import { FORMATS } from '../../src/core/format/formats'
import { dialogFilters, listOfFormats } from '../../src/core/format/lists'
import { activation, defined } from '../../src/core/network/activations'
import type { ActivationRecord } from '../../src/core/network/activations'
import { TUTORIAL_CONFIG } from '../../src/core/network/config'
import { initialiser } from '../../src/core/network/initialisers'
import type { InitialiserRecord } from '../../src/core/network/initialisers'
import { loss } from '../../src/core/network/losses'
import type { LossRecord } from '../../src/core/network/losses'
import { optimiser } from '../../src/core/network/optimisers'
import type { OptimiserRecord } from '../../src/core/network/optimisers'
import { NETWORK } from '../../src/core/network/tables'
import type { NetworkTables } from '../../src/core/network/tables'
import { startWeights } from '../start-weights'
import { configSchema } from '../../src/core/study/config-schema'
import { groupRuns } from '../../src/core/study/groups'
import { configuration, networkOptions } from '../../src/main/cli/configuration'
import type { Command } from '../../src/main/cli/command'
import { COMMANDS } from '../../src/main/cli/commands'
import { openFor, pathHelp } from '../../src/main/cli/dataset'
import { runProgram } from '../../src/main/cli/program'
import { number } from '../../src/main/cli/usage'
import { openDataset } from '../../src/main/data/open'
import { readLabels } from '../../src/main/data/labels'
import { readRows } from '../../src/main/data/rows'
import type { ActivationNodes } from '../../src/main/trainer/native/network/activations'
import { Graph } from '../../src/main/trainer/native/tensorflow/graph'
import type { LossNodes } from '../../src/main/trainer/native/network/losses'
import { Ops } from '../../src/main/trainer/native/tensorflow/ops'
import type { OptimiserNodes } from '../../src/main/trainer/native/network/optimisers'
import type { PortableActivation } from '../../src/main/trainer/portable/activations'
import type { PortableLoss } from '../../src/main/trainer/portable/losses'
import type { PortableOptimiser } from '../../src/main/trainer/portable/optimisers'
import { loadTensors } from '../../src/main/trainer/portable/tensors'
import type { Tf } from '../../src/main/trainer/portable/tensors'
import { runRecord } from '../renderer/fixtures/runs'
import { writeSmallImages } from './engine/small-images'
import { CONTRIBUTING, workedExamples } from './worked-examples'

/** The examples of a section, evaluated. */
const examples = (title: string, more: object = {}): unknown[] =>
  workedExamples(title, { activation, loss, optimiser, initialiser, ...more })

const helpOf = (tables: NetworkTables): string =>
  networkOptions(tables)
    .map((line) => line.join(' '))
    .join('\n')

/** The names that two runs get that differ in one setting. */
const labelsOf = (tables: NetworkTables, change: object): string[] =>
  groupRuns([runRecord(), runRecord({ config: change })], tables).map(({ label }) => label)

it('every example has at most 20 lines', () => {
  const lengths = [...CONTRIBUTING.matchAll(/```(?:ts|svelte)\n([\s\S]*?)\n```/g)].map(
    ([, code = '']) => code.split('\n').length
  )
  expect(lengths.length).toBeGreaterThanOrEqual(11)
  expect(Math.max(...lengths)).toBeLessThanOrEqual(20)
})

describe('an activation that is added', () => {
  const [record, native, portable] = examples('An activation') as [
    ActivationRecord,
    ActivationNodes,
    PortableActivation
  ]
  const tables = { ...NETWORK, activation: [...NETWORK.activation, record] }
  let tf: Tf

  beforeAll(async () => {
    tf = await loadTensors('cpu')
  })

  it('is in the help of the command line, with its parameter, and is taken from it', () => {
    expect(helpOf(tables)).toContain('linear, elu (relu)')
    expect(helpOf(tables)).toContain('--elu-alpha <number> elu: f goes to -alpha (1)')
    const config = configuration({ activation: 'elu', eluAlpha: '2' }, { id: 'unit' }, tables)
    expect(config).toMatchObject({ activation: 'elu', eluAlpha: 2 })
    expect(() => configuration({ eluAlpha: '11' }, { id: 'unit' }, tables)).toThrow(
      '--elu-alpha expects a number greater than 0 and at most 10, not "11"'
    )
  })

  it('is in the schema, which fills in its parameter for files from before', () => {
    const schema = configSchema(tables)
    expect(schema.parse({ ...TUTORIAL_CONFIG, activation: 'elu' })).toMatchObject({ eluAlpha: 1 })
    expect(schema.safeParse({ ...TUTORIAL_CONFIG, eluAlpha: 0 }).success).toBe(false)
    expect(configSchema(NETWORK).safeParse({ ...TUTORIAL_CONFIG, activation: 'elu' }).success).toBe(
      false
    )
  })

  it('names runs, and its parameter tells them apart', () => {
    expect(labelsOf(tables, { activation: 'elu' })[1]).toBe('[0, 1], ELU')
    const runs = [1, 2].map((eluAlpha) =>
      runRecord({ config: { activation: 'elu', eluAlpha } as object })
    )
    expect(groupRuns(runs, tables).map(({ label }) => label)).toEqual([
      '[0, 1], alpha 1',
      '[0, 1], alpha 2'
    ])
  })

  it('is drawn', () => {
    const z = { mean: 0, std: 1, min: -1, max: 1, counts: [1, 1] }
    const figure = derivativeFigure(
      { id: 'unit' },
      defined(record, { eluAlpha: 2 }),
      z,
      0,
      'ten images',
      { of: 'the hidden layer', unit: 'unit' }
    )
    expect(figure.definition).toContain('ELU, f(z) = z for z > 0, else 2 (exp(z) - 1)')
    expect(figure.y.max).toBeCloseTo(2.16, 12)
  })

  it('is computed alike by core and the portable half', () => {
    const points = [-3, -0.5, 0.5, 3]
    const { value, derivative } = defined(record)
    const z = tf.tensor2d([points])
    const a = portable.forward(tf, z, TUTORIAL_CONFIG)
    const slope = portable.gradient(tf, z, a, tf.onesLike(z), TUTORIAL_CONFIG)
    const near = (found: ArrayLike<number>, wanted: readonly number[]): void =>
      wanted.forEach((each, at) => expect(found[at]).toBeCloseTo(each, 5))
    near(a.dataSync(), points.map(value))
    near(slope.dataSync(), points.map(derivative))
  })

  it('becomes nodes of the native graph', () => {
    const ops = new Ops(new Graph())
    const z = ops.constant('float', 1)
    const a = native.forward(ops, z, TUTORIAL_CONFIG)
    native.gradient(ops, { upstream: z, z, a }, TUTORIAL_CONFIG)
    expect(ops.graph.nodes.map(({ op }) => op)).toEqual(['Const', 'Elu', 'EluGrad'])
  })
})

describe('a loss that is added', () => {
  const [record, native, portable] = examples('A loss') as [LossRecord, LossNodes, PortableLoss]
  const tables = { ...NETWORK, loss: [...NETWORK.loss, record] }

  it('is in the help, the schema and the names of runs', () => {
    expect(helpOf(tables)).toContain('squared: squared distance of the probability from 1')
    const schema = configSchema(tables)
    expect(schema.safeParse({ ...TUTORIAL_CONFIG, loss: 'squared' }).success).toBe(true)
    expect(labelsOf(tables, { loss: 'squared' })[1]).toBe('[0, 1], squared error')
  })

  it('is computed by the portable half, with the factor that the chain rule gives', () => {
    // p = 1/4: (3/4)^2 and 2 x 1/4 x 3/4
    const told = portable(Math.log(0.25))
    expect(told.loss).toBeCloseTo(0.5625, 12)
    expect(told.factor).toBeCloseTo(0.375, 12)
  })

  it('becomes nodes of the native graph', () => {
    const ops = new Ops(new Graph())
    const one = ops.constant('float', 1)
    const made = native(ops, { exact: one, gradient: one, others: () => one, guess: one })
    expect(made.loss.ref).toContain('Square')
    expect(made.gradient.ref).toContain('Mul')
  })
})

describe('an optimiser that is added', () => {
  const [record, native, portable] = examples('An optimiser') as [
    OptimiserRecord,
    OptimiserNodes,
    PortableOptimiser
  ]
  const tables = { ...NETWORK, optimiser: [...NETWORK.optimiser, record] }

  it('is in the help, the schema and the names of runs, and brings its learning rate', () => {
    expect(helpOf(tables)).toContain('adamw, sign-sgd (adam)')
    const config = configuration({ optimiser: 'sign-sgd' }, { id: 'unit' }, tables)
    expect(config.optimiser).toMatchObject({ id: 'sign-sgd', learningRate: 0.0001 })
    expect(configSchema(tables).safeParse(config).success).toBe(true)
    expect(labelsOf(tables, { optimiser: config.optimiser })[1]).toContain('signSGD')
  })

  it('takes the sign of the gradient in the portable half', async () => {
    const tf = await loadTensors('cpu')
    const { change } = portable.update(
      tf,
      TUTORIAL_CONFIG.optimiser,
      tf.tensor1d([-3, 0, 2]),
      [],
      0.5
    )
    expect([...change.dataSync()]).toEqual([-0.5, 0, 0.5])
  })

  it('becomes nodes of the native graph', () => {
    const ops = new Ops(new Graph())
    const variable = ops.variable('kernel0', 'float', [1])
    const one = ops.constant('float', 1)
    native.apply(ops, TUTORIAL_CONFIG.optimiser, { variable, slots: [] }, one, one, [])
    expect(ops.graph.nodes.map(({ op }) => op)).toContain('Sign')
  })
})

describe('an initialiser that is added', () => {
  const [record] = examples('An initialiser') as [InitialiserRecord]
  const tables = { ...NETWORK, initialiser: [...NETWORK.initialiser, record] }
  const config = { ...TUTORIAL_CONFIG, initialiser: 'lecun-uniform' as never }

  it('is in the help, the schema and the names of runs', () => {
    expect(helpOf(tables)).toContain('normal, lecun-uniform (glorot-uniform)')
    expect(configSchema(tables).safeParse(config).success).toBe(true)
    expect(labelsOf(tables, { initialiser: 'lecun-uniform' })[1]).toBe('[0, 1], LeCun uniform')
  })

  it('draws weights up to sqrt(3 / n_in)', () => {
    const [kernel] = startWeights(config, 300, 10, tables.initialiser)
    const greatest = kernel!.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    expect(greatest).toBeLessThanOrEqual(0.1)
    expect(greatest).toBeGreaterThan(0.0999)
  })
})

describe('a finding that is added', () => {
  const [record] = examples('A finding') as [FindingRecord]

  const half = runRecord({ testClassCounts: [50, 30, 20] }, [0.5, 0.9])
  const below = runRecord({ testClassCounts: [49, 31, 20] }, [0.5, 0.9])

  it('is found from its threshold on, and not just below it', () => {
    const codes = (run: typeof half) =>
      findingsOf(run, [], [record, ...FINDINGS]).map(({ code }) => code)
    expect(codes(half)).toEqual(['none-found', 'uneven-classes'])
    expect(codes(below)).toEqual(['none-found'])
  })

  it('is the main cause where it is grave, and says its sentence with the end of the run', () => {
    const grave: FindingRecord = { ...record, severity: 'warn' }
    expect(sentenceFor(half, [half], [grave, ...FINDINGS])).toBe(
      'At least half of the test images are of one class; the last test accuracy is 90.0 %.'
    )
  })
})

describe('a figure that is added', () => {
  const [make] = examples('A figure') as [(dataset: Dataset) => Figure]
  const classNames = ['shirt', 'boot']
  const figure = make({ classNames, splits: { train: { classCounts: [3, 5] } } } as never)

  it('becomes a picture, an SVG, a CSV and a table', () => {
    const files = figureFiles(figure)
    expect(files.map(({ name }) => name)).toEqual(
      ['png', 'svg', 'csv'].map((type) => `class-sizes.${type}`)
    )
    expect([...files[0]!.bytes.subarray(1, 4)]).toEqual([...Buffer.from('PNG')])
    expect(figureCsv(figure)).toContain('steps,images,0.5,1.5,5,,,,')
    expect(figureTables(figure)[0]?.rows[1]).toEqual(['0.5', '1.5', '5'])
  })
})

describe('a mark that is added', () => {
  const helpers = { bisectCenter, colourOf, datasetOf, pointsOf }
  const [record] = examples('A mark of a figure', helpers) as [MarkRecord]
  const marks = ['a', 'b'].map((label, i) => {
    const y = [1 + i, 3]
    return { kind: 'crosses', label, colour: { role: 'bad' }, x: [0, 4], y } as never
  })
  const axis = { label: 'x', scale: 'linear', format: 'number' } as const
  const words = { title: 't', subtitle: '', definition: '', summary: '' }
  const figure: Figure = { id: 'f', ...words, x: axis, y: { ...axis, label: 'y' }, marks }

  beforeAll(() => {
    Object.assign(MARKS, { crosses: record })
  })
  afterAll(() => {
    Reflect.deleteProperty(MARKS, 'crosses')
  })

  it('is drawn where it is, on axes that hold it, and named in the legend', () => {
    const canvas = createCanvas(300, 200)
    const chart = new Chart(canvas as never, chartConfiguration(figure, 'light', { pixelRatio: 1 }))
    const { x, y } = chart.scales
    expect([x!.min, x!.max]).toEqual([0, 4])
    const at = [Math.round(x!.getPixelForValue(4)) - 1, Math.round(y!.getPixelForValue(3))] as const
    const { data } = canvas.getContext('2d').getImageData(at[0] - 3, at[1] - 3, 7, 7)
    expect(data.some((part) => part > 0)).toBe(true)
    expect(legendMarks(figure)).toHaveLength(2)
    const items = itemsAt(chart, x!.getPixelForValue(3.9), chart.chartArea.top + 5)
    const dataset = chart.data.datasets[0] as unknown as MarkDataset
    expect(toldOf(figure, dataset, { dataIndex: items[0]!.index }, true)).toEqual({
      title: 'x: 4',
      line: 'a: 3'
    })
    chart.destroy()
  })

  it('is in the CSV and in the table', () => {
    expect(figureCsv(figure)).toContain('crosses,b,0,,2,,,,')
    expect(figureTables(figure)[1]).toMatchObject({ label: 'b', head: ['x', 'y'] })
  })
})

describe('a format that is added', () => {
  const helpers = { labelsFrom, nameOf, RANK, sourcesOf }
  const [, readPgm] = examples('A format', { ...helpers, readPgm: undefined })
  const [record] = examples('A format', { ...helpers, readPgm })
  const formats = [...FORMATS, record as Format]
  const pictures = Buffer.concat([Buffer.from('P5 2 1 255\n'), Buffer.from([1, 2, 3, 4])])
  const path = (name: string): string => join(folder, name)
  let folder: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'normscope-format-'))
    writeFileSync(path('squares.pgm'), pictures)
    writeFileSync(path('labels.csv'), 'label\n1\n0\n')
    writeFileSync(path('noise.bin'), Buffer.from([1, 2, 3, 0]))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const opened = (name: string, labelsPath?: string): Promise<Dataset> =>
    openDataset(path(name), { formats, labelsPath, store: { folder: path('store') } })

  it('is opened, with its labels, on the one way that every path takes', async () => {
    const dataset = await opened('squares.pgm', path('labels.csv'))
    expect(dataset).toMatchObject({ name: 'squares', format: 'pgm', width: 2, height: 1 })
    expect([...(await readRows(dataset, 'train', 0, 2))]).toEqual([1, 2, 3, 4])
    expect([...(await readLabels(dataset, 'train'))]).toEqual([1, 0])
    expect((await opened('squares.pgm')).warnings.join()).toContain('give a labels file')
  })

  it('is in the help, in the error that lists formats and in the dialog', async () => {
    expect(pathHelp(formats).body).toContain('a folder of images or PGM')
    const facts = await opened('noise.bin').catch(errorFacts)
    expect(facts).toMatchObject({ code: 'unknown-format', expected: listOfFormats(formats) })
    expect(dialogFilters(formats)).toContainEqual({ name: 'PGM', extensions: ['pgm', 'gz'] })
  })
})

it('the read-me names every format', () => {
  const readme = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8')
  expect(readme).toContain(listOfFormats(FORMATS))
})

describe('a command that is added', () => {
  const [added] = examples('A command', { number, openFor }) as [Command]
  const folder = mkdtempSync(join(tmpdir(), 'normscope-command-'))

  /** What the program prints, with the command among the others. */
  async function printed(...argv: string[]): Promise<{ code: number; text: string }> {
    const lines: string[] = []
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'))
    vi.spyOn(console, 'info').mockImplementation((line: string) => void lines.push(line))
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((line) => lines.push(String(line)) > 0)
    }
    try {
      const { signal } = new AbortController()
      const options = { commands: [...COMMANDS, added], signal, programFolder: folder }
      return { code: await runProgram(argv, options), text: lines.join('') }
    } finally {
      vi.restoreAllMocks()
      vi.unstubAllEnvs()
    }
  }

  // 2 x 2 images; image i has class i % 3
  const images = writeSmallImages(join(folder, 'images'), 11, 3)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('is in the help, with its option and example', async () => {
    expect((await printed('--help')).text).toContain(added.description)
    const { text } = await printed('classes', '--help')
    expect(text).toContain('--at-least <count>')
    expect(text).toContain(added.example)
  })
  it('prints for people and for programs', async () => {
    expect(await printed('classes', images)).toEqual({ code: 0, text: '0: 4\n1: 4\n2: 3\n' })
    const { text } = await printed('classes', images, '--at-least', '4', '--json')
    expect(JSON.parse(text)).toEqual({
      classes: [
        { name: '0', images: 4 },
        { name: '1', images: 4 }
      ]
    })
  })
  it('refuses a wrong value as every command does', async () => {
    const { code, text } = await printed('classes', images, '--at-least', '-1')
    expect([code, text.includes('--at-least expects')]).toEqual([2, true])
  })
})
