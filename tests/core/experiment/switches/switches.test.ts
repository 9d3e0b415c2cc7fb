import { parseLayers } from '../../../../src/core/network/layers/text'
import { dense } from '../../../../src/core/network/layers/layers'
import { describe, expect, it } from 'vitest'
import { checkedAsk } from '../../../../src/core/experiment/kinds'
import { configKey } from '../../../../src/core/experiment/kind'
import type { ExperimentFacts } from '../../../../src/core/experiment/kind'
import { SWITCHES } from '../../../../src/core/experiment/kinds/switches/switches'
import { TUTORIAL_CONFIG } from '../../../../src/core/network/config'
import type { RunConfig } from '../../../../src/core/network/config'
import type { RunRecord } from '../../../../src/core/study/run'
import { runRecord } from '../../../renderer/fixtures/runs'

/** Fashion-MNIST: mean and std of its bytes */
const [MEAN, STD] = [72.94035223214286, 90.02118235130526]

const FACTS: ExperimentFacts = {
  ...{ features: 784, classes: 10, trainCount: 60000, testCount: 10000 },
  inputs: [
    { choice: { id: 'raw' }, mean: MEAN, std: STD, affine: { scale: 1, offset: 0 } },
    {
      choice: { id: 'unit' },
      mean: MEAN / 255,
      std: STD / 255,
      affine: { scale: 1 / 255, offset: 0 }
    },
    {
      choice: { id: 'standardised' },
      mean: 0,
      std: 1,
      affine: { scale: 1 / STD, offset: -MEAN / STD }
    },
    { choice: { id: 'standardised-per-pixel' }, mean: 0, std: 0.9 },
    { choice: { id: 'per-image' }, mean: 0, std: 1 }
  ]
}

interface Own extends Partial<Omit<RunConfig, 'choice' | 'optimiser'>> {
  readonly optimiser?: Partial<RunConfig['optimiser']>
}

const config = (
  id: 'raw' | 'unit' | 'standardised' | 'standardised-per-pixel' | 'per-image',
  { optimiser, ...own }: Own = {}
): RunConfig => ({
  ...TUTORIAL_CONFIG,
  ...own,
  choice: { id },
  optimiser: { ...TUTORIAL_CONFIG.optimiser, ...optimiser }
})

const ask = (from: RunConfig, to: RunConfig, seeds = [0]) => ({ from, to, seeds })
const planOf = (from: RunConfig, to: RunConfig, seeds?: number[]) =>
  SWITCHES.plan(ask(from, to, seeds), FACTS, [])

interface Data {
  readonly switches: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  readonly cells: readonly {
    readonly on: readonly string[]
    readonly accuracyBySeed: readonly (number | undefined)[]
    readonly accuracy?: number
  }[]
  readonly gap?: number
  readonly shapley?: Readonly<Record<string, number>>
  readonly spread?: Readonly<Record<string, number>>
  readonly range?: Readonly<Record<string, readonly [number, number]>>
}

const dataOf = (from: RunConfig, to: RunConfig): Data =>
  SWITCHES.outcome(ask(from, to), FACTS, []).data as Data

const RAW = config('raw', { loss: 'clipped' })
const UNIT = config('unit', { loss: 'exact' })

describe('the switches between two settings', () => {
  it('of raw bytes and x / 255 are the first layer’s weights and its learning rate', () => {
    const { switches, labels } = dataOf(config('raw'), config('unit'))
    expect(switches).toEqual(['first-layer weights', 'first-layer learning rate'])
    expect(Object.values(labels)).toEqual([
      'First-layer weights ÷ 255',
      'First-layer learning rate ÷ 255'
    ])
  })
  it('put the loss first where it differs too', () => {
    expect(dataOf(RAW, UNIT).switches).toEqual([
      'loss',
      'first-layer weights',
      'first-layer learning rate'
    ])
  })
  it('have centring where the mean moves beyond what the scale does', () => {
    const { switches, labels } = dataOf(config('raw'), config('standardised'))
    expect(switches).toEqual(['centring', 'first-layer weights', 'first-layer learning rate'])
    expect(Object.values(labels)).toEqual([
      'Input − 72.94',
      'First-layer weights ÷ 90.02',
      'First-layer learning rate ÷ 90.02'
    ])
  })
  it('name the scale of each pixel apart from scale and centre of all', () => {
    const { switches } = dataOf(config('unit'), config('standardised-per-pixel'))
    expect(switches).toEqual([
      'per-pixel scale',
      'centring',
      'first-layer weights',
      'first-layer learning rate'
    ])
  })
  it('have a choice for each image as one switch, by its name', () => {
    const { switches, labels } = dataOf(config('standardised'), config('per-image'))
    expect(switches).toEqual(['choice'])
    expect(labels.choice).toBe('Standardised, each image')
  })
  it('name batch normalisation where that is all in which the networks differ', () => {
    const [plain, normalised] = ['conv3x3-4,dense-8', 'conv3x3-4/nobias,bn,dense-8'].map((text) =>
      config('unit', { layers: parseLayers(text) })
    ) as [RunConfig, RunConfig]
    const { switches, labels } = dataOf(plain, normalised)
    expect(switches).toEqual(['batch normalisation'])
    expect(labels['batch normalisation']).toContain('Batch normalisation (')
    expect(dataOf(normalised, plain).labels['batch normalisation']).toBe('No batch normalisation')
    expect(planOf(plain, normalised).at(-1)!.layers).toEqual(normalised.layers)
    const layerNorm = config('unit', { layers: parseLayers('conv3x3-4,ln,dense-8') })
    expect(dataOf(plain, layerNorm).switches).toEqual(['layer normalisation'])
    // one kind in place of the other is another network
    expect(dataOf(normalised, layerNorm).switches).toEqual(['network'])
  })
  it.each(['bn,dense-8', 'residual-4,gap'])(
    'leave the first layer of %s alone, which cannot make up for the input’s scale',
    (text) => {
      const own = { layers: parseLayers(text) }
      const [from, to] = [config('raw', own), config('unit', own)]
      expect(dataOf(from, to).switches).toEqual(['choice'])
      expect(planOf(from, to).map(({ initFactors }) => initFactors[0])).toEqual([1, 1])
      const { notes } = SWITCHES.outcome(ask(from, to), FACTS, [])
      expect(notes.join(' ')).toContain('the choice is one switch')
    }
  )
  it('square the rate’s factor for SGD', () => {
    const sgd = { optimiser: { id: 'sgd', learningRate: 0.01 } } as const
    expect(dataOf(config('raw', sgd), config('unit', sgd)).labels).toMatchObject({
      'first-layer learning rate': 'First-layer learning rate ÷ 65,025'
    })
  })
  it('have an L2 penalty of the first layer, which the scale of the input changes', () => {
    const l2 = { weightDecay: { kind: 'l2', factor: 1e-4 } } as const
    expect(dataOf(config('raw', l2), config('unit', l2)).labels).toMatchObject({
      'first-layer weight decay': 'First-layer weight decay × 65,025'
    })
    const decoupled = { weightDecay: { kind: 'decoupled', factor: 1e-4 } } as const
    expect(dataOf(config('raw', decoupled), config('unit', decoupled)).switches).toEqual([
      'first-layer weights',
      'first-layer learning rate'
    ])
  })
  it('take an optimiser with its learning rate, and of one optimiser rate and parameters apart', () => {
    const sgd = config('unit', { optimiser: { id: 'sgd', learningRate: 0.01 } })
    expect(dataOf(config('unit'), sgd).labels).toEqual({ optimiser: 'SGD, learning rate 0.01' })
    const other = config('unit', {
      optimiser: { learningRate: 0.01, epsilon: 1e-8, momentum: 0.5 }
    })
    expect(dataOf(config('unit'), other).labels).toEqual({
      'learning rate': 'Learning rate 0.01',
      'optimiser parameters': 'Epsilon 1e-8'
    })
  })
  it('have activation, weight decay, network, initialiser, batch, epochs and images each for itself', () => {
    const to = config('unit', {
      ...{ activation: 'tanh', initialiser: 'he-normal', batch: 64, epochs: 5, limit: 1000 },
      weightDecay: { kind: 'l2', factor: 0.01 },
      layers: [dense(64), dense(32)],
      ...{ initFactors: [1, 1, 1], stepFactors: [1, 1, 1] },
      ...{ epsilonFactors: [1, 1, 1], decayFactors: [1, 1, 1] }
    })
    expect(Object.values(dataOf(config('unit'), to).labels)).toEqual([
      'L2 penalty 0.01',
      'Tanh',
      '64-32 units',
      'He normal',
      'Batch size 64',
      '5 epochs',
      '1,000 images'
    ])
  })
  it('are none where only parameters differ that neither setting heeds', () => {
    const to = config('unit', { optimiser: { momentum: 0.5 }, initialStd: 0.1, probeImages: 10 })
    const { sentence } = SWITCHES.outcome(ask(config('unit'), to), FACTS, [])
    expect(sentence).toContain('the same training')
    expect(planOf(config('unit'), to)).toEqual([])
  })
  it('compare settings of one task only', () => {
    const to = config('unit', { classes: [0, 1] })
    expect(() => checkedAsk(SWITCHES, ask(config('unit'), to))).toThrow('two tasks')
  })
})

/** Two inputs of a scaled and shifted choice are one: the product with the first layer is the same. */
function productOf({ input, initFactors }: RunConfig, line: { scale: number; offset: number }) {
  const scale = initFactors[0]! * input.scale
  return { scale: scale * line.scale, offset: scale * line.offset + initFactors[0]! * input.offset }
}

describe('the plan', () => {
  it('trains the first setting as it is, all combinations of it, and the second one beside them', () => {
    const configs = planOf(RAW, UNIT, [0, 1])
    expect(configs).toHaveLength(2 * 9)
    expect(configKey(configs[0]!)).toBe(configKey(RAW))
    expect(configKey(configs[8]!)).toBe(configKey(UNIT))
    expect(configs.slice(9).every(({ seed }) => seed === 1)).toBe(true)
    for (const { choice } of configs.slice(0, 8)) expect(choice.id).toBe('raw')
    // Adam: kernel / 255, rate / 255, epsilon x 255
    const last = configs[7]!
    expect(last.loss).toBe('exact')
    expect(last.initFactors).toEqual([1 / 255, 1])
    expect(last.stepFactors).toEqual([1 / 255, 1])
    expect(last.epsilonFactors[0]).toBeCloseTo(255, 10)
    expect(last.epsilonFactors[1]).toBe(1)
  })
  it('with all switches on gives the first layer what the second setting gives it', () => {
    for (const to of ['unit', 'standardised'] as const) {
      const configs = planOf(config('raw'), config(to))
      const on = productOf(configs.at(-2)!, { scale: 1, offset: 0 })
      const { affine } = FACTS.inputs.find(({ choice }) => choice.id === to)!
      expect(on.scale).toBeCloseTo(affine!.scale, 12)
      expect(on.offset).toBeCloseTo(affine!.offset, 12)
    }
  })
  it('with the scale of each pixel alone keeps mean and spread of the first setting’s input', () => {
    const configs = planOf(config('unit'), config('standardised-per-pixel'))
    const alone = configs.find(
      ({ choice, initFactors, stepFactors, input }) =>
        choice.id === 'standardised-per-pixel' &&
        initFactors[0] === 1 &&
        stepFactors[0] === 1 &&
        input.offset !== 0
    )!
    // of mean 0 and std .9 before
    expect(alone.input.scale * 0.9).toBeCloseTo(STD / 255, 12)
    expect(alone.input.offset).toBeCloseTo(MEAN / 255, 12)
    const all = configs.at(-2)!
    expect(all.input.offset).toBeCloseTo(0, 12)
    expect(all.input.scale * all.initFactors[0]!).toBeCloseTo(1, 12)
  })
  it('is the second setting itself where nothing of the input differs: no run more', () => {
    const sgd = config('unit', { optimiser: { id: 'sgd', learningRate: 0.01 } })
    const configs = planOf(config('unit'), sgd)
    expect(configs.map(configKey)).toEqual([config('unit'), sgd].map(configKey))
  })
  it('scales the rate by the power of the optimiser that each combination has', () => {
    const sgd = config('unit', { optimiser: { id: 'sgd', learningRate: 0.01 } })
    const configs = planOf(config('raw'), sgd)
    const rates = configs
      .slice(0, 8)
      .filter(({ stepFactors }) => stepFactors[0] !== 1)
      .map(({ optimiser, stepFactors }) => [optimiser.id, stepFactors[0]! * 255])
    expect(new Set(rates.map(([id]) => id))).toEqual(new Set(['adam', 'sgd']))
    for (const [id, rate] of rates) expect(rate).toBeCloseTo(id === 'adam' ? 1 : 1 / 255, 12)
  })
  it('leaves decoupled decay as it acts: its product with the rate stays', () => {
    const adamw = {
      optimiser: { id: 'adamw' },
      weightDecay: { kind: 'decoupled', factor: 0.004 }
    } as const
    for (const { stepFactors, decayFactors } of planOf(
      config('raw', adamw),
      config('unit', adamw)
    )) {
      expect(stepFactors[0]! * decayFactors[0]!).toBeCloseTo(1, 12)
    }
  })
  it('says where mean and std were taken of some images', () => {
    const inputs = FACTS.inputs.map((input) => ({ ...input, sampledImages: 10000 }))
    const notesOf = (to: RunConfig): string =>
      SWITCHES.outcome(ask(config('unit'), to), { ...FACTS, inputs }, []).notes.join(' ')
    expect(notesOf(config('per-image'))).toContain('of 10,000 training images')
    // one is the other shifted and scaled, whatever mean and std are
    expect(notesOf(config('raw'))).not.toContain('10,000')
  })
  it('of six switches trains a fraction of 16, each alone and all but each', () => {
    const to = config('unit', { activation: 'tanh', batch: 64, epochs: 5, loss: 'exact' })
    const { switches } = dataOf(RAW, to)
    expect(switches).toHaveLength(6)
    expect(planOf(RAW, to)).toHaveLength(16 + 2 * 6 + 1)
    const { notes } = SWITCHES.outcome(ask(RAW, to), FACTS, [])
    expect(notes.join(' ')).toContain('28 are trained: a fraction of resolution IV with 16')
  })
})

/** Runs of a plan with accuracies in its order. */
function trained(
  configs: readonly RunConfig[],
  accuracies: readonly number[],
  own: (at: number) => Partial<RunRecord> = () => ({})
): RunRecord[] {
  return configs.map((of, at) =>
    runRecord({ id: `${at}`, ...own(at), config: of }, [0.1, accuracies[at]!])
  )
}

/** NumPy's accuracies of two seeds (SCIENCE.md), and of x / 255 itself, in the order of the plan */
const SEEDS = [
  [0.195, 0.511, 0.276, 0.859, 0.745, 0.774, 0.799, 0.86, 0.86],
  [0.1, 0.372, 0.1, 0.847, 0.749, 0.778, 0.791, 0.866, 0.863]
]

describe('six switches', () => {
  it('have what each changes first and last beside its share', () => {
    const to = config('unit', { activation: 'tanh', batch: 64, epochs: 5, loss: 'exact' })
    const seeds = [0, 1, 2]
    const plan = planOf(RAW, to, seeds)
    const each = plan.length / seeds.length
    // the loss alone adds .1, and with the batch size .4 more: first .1, last .5, share .3
    const accuracyOf = (of: RunConfig): number =>
      0.2 + (of.loss === 'exact' ? 0.1 + (of.batch === 64 ? 0.4 : 0) : 0)
    const runs = trained(plan, plan.map(accuracyOf))
    const { sentence, tables, figures, data } = SWITCHES.outcome(ask(RAW, to, seeds), FACTS, runs)
    expect(each).toBe(29)
    expect(sentence).toContain(
      'by estimate, the largest share, 30.0 points (10.0 switched first, 50.0 last), comes from the loss'
    )
    expect(tables[0]!.columns.map(({ title }) => title).slice(3)).toEqual([
      'Switched first',
      'Switched last'
    ])
    expect(tables[0]!.rows[0]!.slice(1)).toEqual(['30.0', '0.0', '10.0', '50.0'])
    const bars = figures[1]!.marks.find(({ kind }) => kind === 'bars')
    expect(bars).toMatchObject({ band: { low: [expect.closeTo(0.1, 12), 0, 0, 0, 0, 0] } })
    const { firstAndLast } = data as {
      readonly firstAndLast: Readonly<Record<string, readonly number[]>>
    }
    expect(firstAndLast.batch).toEqual([0, expect.closeTo(0.4, 12)])
  })
})

describe('what the combinations say', () => {
  const configs = planOf(RAW, UNIT, [0, 1])
  const outcome = SWITCHES.outcome(ask(RAW, UNIT, [0, 1]), FACTS, trained(configs, SEEDS.flat()))
  const data = outcome.data as Data

  it('is the Shapley share of each switch, mean over seeds, with spread and range over orders', () => {
    // by hand from the table, seed 0: loss (2 (.745 - .195) + (.774 - .511) + (.799 - .276) + 2 (.860 - .859)) / 6
    const bySeed = [
      [1.888 / 6, 0.736 / 6, 1.366 / 6],
      [2.433 / 6, 0.693 / 6, 1.47 / 6]
    ]
    const names = ['loss', 'first-layer weights', 'first-layer learning rate']
    names.forEach((name, at) => {
      const [a, b] = [bySeed[0]![at]!, bySeed[1]![at]!]
      expect(data.shapley![name]).toBeCloseTo((a + b) / 2, 12)
      // of two values: their distance / sqrt 2
      expect(data.spread![name]).toBeCloseTo(Math.abs(a - b) / Math.SQRT2, 12)
    })
    // means of both seeds: .747 - .1475 = .5995 first, .863 - .853 = .01 last, .795 - .188 = .607 after the weights
    expect(data.range!.loss![0]).toBeCloseTo(0.01, 12)
    expect(data.range!.loss![1]).toBeCloseTo(0.607, 12)
  })
  it('sums to the gap exactly', () => {
    const total = Object.values(data.shapley!).reduce((sum, share) => sum + share, 0)
    expect(data.gap).toBeCloseTo(0.7155, 12)
    expect(Math.abs(total - data.gap!)).toBeLessThan(1e-12)
  })
  it('has the combinations with their accuracy by seed', () => {
    expect(data.cells).toHaveLength(8)
    expect(data.cells[1]).toEqual({
      on: ['first-layer learning rate'],
      accuracyBySeed: [0.511, 0.372],
      accuracy: 0.4415
    })
  })
  it('is one sentence, which names the largest share and the range, and says what two seeds are', () => {
    expect(outcome.sentence).toBe(
      'Accuracy rises by 71.5 points, from 14.8 % (as stored, clipped loss) to 86.3 % ([0, 1], exact loss): the largest share, 36.0 points (1.0 to 60.7 depending on the order of switching), comes from the loss, then 23.6 (2.9 to 66.5) from the first layer’s learning rate and 11.9 (4.0 to 41.1) from the first layer’s initial weights; with 2 seeds, this may be chance.'
    )
  })
  it('is drawn from one setting to the other, and with its range', () => {
    const [waterfall, ranges] = outcome.figures
    expect(waterfall!.title).toBe('Why 14.8 % becomes 86.3 %')
    const [, shares] = waterfall!.marks
    const mark = shares as Extract<typeof shares, { kind: 'bars' }>
    expect(Array.from(mark.from)[0]).toBeCloseTo(0.1475, 12)
    expect(Array.from(mark.to).at(-1)).toBeCloseTo(0.863, 12)
    expect(waterfall!.y.names).toHaveLength(5)
    expect(ranges!.y.names![0]).toBe('Exact loss')
  })
  it('checks the identity by the second setting itself', () => {
    expect(outcome.notes.join(' ')).toContain('the largest difference on a seed is 0.3 points')
    expect(outcome.tables[1]!.rows).toHaveLength(9)
    expect(outcome.tables[1]!.rows[1]).toEqual(['–', '–', '✓', '44.1 %', '51.1 %', '37.2 %'])
  })
})

describe('what is not claimed', () => {
  const three = [0, 1, 2]
  const sgd = config('unit', { optimiser: { id: 'sgd', learningRate: 0.01 } })
  const outcomeOf = (
    accuracies: readonly number[],
    own?: (at: number) => Partial<RunRecord>,
    to = sgd
  ) => {
    const seeds = three.slice(0, accuracies.length / 2)
    const runs = trained(planOf(config('unit'), to, seeds), accuracies, own)
    return SWITCHES.outcome(ask(config('unit'), to, seeds), FACTS, runs)
  }

  it('is a gap that is smaller than its spread over seeds', () => {
    // gaps .02, -.01, .01: mean .0067, std .0153
    const { sentence } = outcomeOf([0.8, 0.82, 0.81, 0.8, 0.8, 0.81])
    expect(sentence).toContain('No difference is seen')
    expect(sentence).not.toContain('chance')
  })
  it('is a spread over one seed', () => {
    const { sentence } = outcomeOf([0.8, 0.8])
    expect(sentence).toContain('No difference is seen')
    expect(sentence).not.toContain('spread')
    expect(sentence).toContain('with one seed, this may be chance')
  })
  it('is a share that is smaller than its spread', () => {
    const to = config('unit', { activation: 'tanh', batch: 64 })
    const seeds = planOf(config('unit'), to, three)
    // the activation adds .1 every time, the batch .01, -.01 and .005
    const accuracies = [0.01, -0.01, 0.005].flatMap((batch) => [0.7, 0.7 + batch, 0.8, 0.8 + batch])
    const runs = trained(seeds, accuracies)
    const { sentence } = SWITCHES.outcome(ask(config('unit'), to, three), FACTS, runs)
    expect(sentence).toMatch(/the largest share, 10.0 points .* comes from the activation;/)
    expect(sentence).toContain('no difference is seen for the batch size')
  })
  it('is an order of two shares that the seeds do not tell apart', () => {
    const to = config('unit', { activation: 'tanh', batch: 64 })
    // shares .1 and .09, .1 and .12, .1 and .1: differences .01, -.02, 0
    const accuracies = [0.09, 0.12, 0.1].flatMap((batch) => [0.5, 0.5 + batch, 0.6, 0.6 + batch])
    const runs = trained(planOf(config('unit'), to, three), accuracies)
    const { sentence } = SWITCHES.outcome(ask(config('unit'), to, three), FACTS, runs)
    expect(sentence).toContain('which the seeds do not tell apart')
  })
  it('is anything before all runs have finished', () => {
    const { sentence, figures, data } = outcomeOf([0.8, 0.5], (at) =>
      at === 0 ? {} : { status: 'running' }
    )
    expect(sentence).toBe('1 of 2 runs have finished; nothing is said before all have.')
    expect(figures).toEqual([])
    expect((data as Data).shapley).toBeUndefined()
  })
  it('is anything where a run failed or was cancelled', () => {
    const { sentence } = outcomeOf([0.8, 0.5], (at) => (at === 0 ? {} : { status: 'failed' }))
    expect(sentence).toContain('1 of 2 runs failed or was cancelled; nothing is said')
  })
  it('counts a diverged run with chance where its weights were no longer numbers, and says so', () => {
    const diverged = {
      status: 'diverged',
      divergence: { epoch: 2, step: 9, reason: 'NaN' }
    } as const
    const { data, notes } = outcomeOf([0.8, 0.5], (at) => (at === 0 ? {} : diverged))
    expect((data as Data).cells[1]!.accuracy).toBeCloseTo(0.1, 12)
    expect((data as Data).cells[1]).toMatchObject({ diverged: [0] })
    expect(notes[0]).toContain('1 run diverged')
    // the loss was too large at the end of the epoch that was measured
    const measured = {
      status: 'diverged',
      divergence: { epoch: 1, step: 9, reason: '10x' }
    } as const
    const other = outcomeOf([0.8, 0.5], (at) => (at === 0 ? {} : measured))
    expect((other.data as Data).cells[1]!.accuracy).toBe(0.5)
  })
})
