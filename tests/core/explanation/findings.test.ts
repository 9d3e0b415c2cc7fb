import { describe, expect, it } from 'vitest'
import {
  evidenceText,
  findingOf,
  FINDINGS,
  findingsOf,
  sentenceFor,
  toldFindings
} from '../../../src/core/explanation/finding'
import type { FindingCode } from '../../../src/core/explanation/finding'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunConfig } from '../../../src/core/network/config'
import type { InputSummary } from '../../../src/core/preprocessing/input-summary'
import { parseLayers } from '../../../src/core/network/layers/text'
import { configSchema } from '../../../src/core/study/config-schema'
import { NETWORK } from '../../../src/core/network/tables'
import { encodeWrong } from '../../../src/core/study/predictions'
import type { EpochRecord, LayerRecord, RunRecord } from '../../../src/core/study/run'
import { epochRecord, runRecord } from '../../renderer/fixtures/runs'

/** Fashion-MNIST divided by 255: mean and std as NumPy gives them. */
const UNIT: InputSummary = {
  features: 784,
  mean: 0.286,
  std: 0.353,
  secondMoment: 0.286 ** 2 + 0.353 ** 2,
  constantFeatures: 0,
  featureStd: { median: 0.3, max: 0.45 },
  featureRange: { median: 1, max: 1 },
  effectiveBySecondMoment: 600,
  effectiveByVariance: 644,
  stored: { type: 'uint8', min: 0, max: 255, mean: [72.94], std: [90.02] },
  test: { shift: 0.003, spread: 0.997 }
}

const given = (mean: number, std: number, own: Partial<InputSummary> = {}): InputSummary => ({
  ...UNIT,
  ...{ mean, std, secondMoment: mean ** 2 + std ** 2 },
  ...own
})

/** A hidden layer whose pre-activations have a std, and a share of saturated unit-samples. */
const layer = (std: number, saturated = 0): LayerRecord => ({
  units: 4,
  saturation: [saturated, saturated, saturated, saturated],
  preactivation: { mean: 0, std, min: -3 * std, max: 3 * std, counts: [1] }
})

type Epoch = Partial<EpochRecord>
interface Own extends Partial<Omit<RunRecord, 'config' | 'epochs'>> {
  config?: Partial<RunConfig>
}

/** A run of 60,000 images; the epochs as they are given, epoch 0 first. */
const run = (epochs: readonly Epoch[], own: Own = {}): RunRecord => ({
  ...runRecord({ inputSummary: UNIT, ...own }),
  epochs: epochs.map((epoch, at) => epochRecord(at, { layers: [layer(0.6)], ...epoch }))
})

/** Learns from a loss of 2.4 to 0.4 and 85 % in three epochs. */
const LEARNS: readonly Epoch[] = [
  { trainLoss: 2.4, testLoss: 2.4, trainAccuracy: 0.1, testAccuracy: 0.1 },
  { trainLoss: 0.6, testLoss: 0.55, trainAccuracy: 0.8, testAccuracy: 0.81 },
  { trainLoss: 0.45, testLoss: 0.5, trainAccuracy: 0.85, testAccuracy: 0.84 },
  { trainLoss: 0.4, testLoss: 0.49, trainAccuracy: 0.87, testAccuracy: 0.85 }
]
const learns = (last: Epoch = {}, own: Own = {}, start: Epoch = {}): RunRecord =>
  run(
    LEARNS.map((epoch, at) => ({ ...epoch, ...(at === 3 && last), ...(at === 0 && start) })),
    own
  )

const codes = (record: RunRecord, all: readonly RunRecord[] = []): FindingCode[] =>
  findingsOf(record, all).map(({ code }) => code)

const evenConfusion = (right: number): number[][] =>
  Array.from({ length: 10 }, (_, row) =>
    Array.from({ length: 10 }, (_, column) => (row === column ? right : (1000 - right) / 9))
  )

/** Each wrong image taken for the next class. */
const nextConfusion = (right: number): number[][] =>
  Array.from({ length: 10 }, (_, row) =>
    Array.from({ length: 10 }, (_, column) =>
      row === column ? right : column === (row + 1) % 10 ? 1000 - right : 0
    )
  )

const custom = (centre: number[], divisor: number[]): Own['config'] => ({
  choice: { id: 'custom', centre, divisor }
})

/** With these layers. */
const withLayers = (text: string, config: Partial<RunConfig> = {}): Own => {
  const layers = parseLayers(text)
  return { config: { layers, initFactors: layers.map(() => 1), ...config } }
}

/** Of 900 training images, so many right at the end. */
const rightAtRest = (share: number): Own => ({
  trainCount: 900,
  wrongTraining: encodeWrong(
    new Int32Array(900),
    Int32Array.from({ length: 900 }, (_, at) => (at < Math.round(900 * share) ? 0 : 1))
  )
})

/** Each with a run that has the finding, and one just below its threshold. */
const CASES: readonly [code: FindingCode, has: RunRecord, below: RunRecord][] = [
  [
    'clipped-loss-trap',
    learns({ trappedFraction: 0.5 }, { config: { loss: 'clipped' } }),
    learns({ trappedFraction: 0.499, learnedFraction: 0.5 }, { config: { loss: 'clipped' } })
  ],
  [
    'wrong-constants',
    learns({}, { config: custom([0.286], [0.353]) }),
    learns({}, { config: custom([72.94], [90.02]) })
  ],
  [
    'train-test-mismatch',
    learns(
      { testAccuracy: 0.769 },
      { inputSummary: { ...UNIT, test: { shift: 0.75, spread: 1 } } }
    ),
    learns(
      { testAccuracy: 0.769 },
      { inputSummary: { ...UNIT, test: { shift: 0.74, spread: 1.9 } } }
    )
  ],
  [
    'batch-too-small',
    // three values a batch; 87 % right in its steps, 97 % at its end
    learns({}, { ...withLayers('dense-8,bn', { batch: 3 }), ...rightAtRest(0.98) }),
    learns({}, { ...withLayers('dense-8,bn', { batch: 4 }), ...rightAtRest(0.98) })
  ],
  [
    'moving-moments-unsettled',
    // 87 % right in its steps, on 900 images in batches of 32: 87 steps
    learns({}, { ...withLayers('dense-8,bn'), ...rightAtRest(0.76) }),
    learns({}, { ...withLayers('dense-8,bn'), ...rightAtRest(0.78) })
  ],
  [
    'initial-weights-too-large',
    learns({}, { config: { initFactors: [10, 1] } }, { layers: [layer(5.1)] }),
    learns({}, { config: { initFactors: [8, 1] } }, { layers: [layer(5)] })
  ],
  [
    'initial-weights-too-small',
    run([{ ...LEARNS[0], layers: [layer(0.0199)] }, { trainLoss: 2.28 }, ...LEARNS.slice(2)], {
      config: { initFactors: [0.03, 1] }
    }),
    // it recovered within the first epoch
    run([{ ...LEARNS[0], layers: [layer(0.0199)] }, { trainLoss: 2.27 }, ...LEARNS.slice(2)], {
      config: { initFactors: [0.03, 1] }
    })
  ],
  [
    'scale-differs-between-pixels',
    learns(
      {},
      { inputSummary: { ...UNIT, effectiveByVariance: 313, featureRange: { median: 1, max: 10 } } }
    ),
    learns(
      {},
      { inputSummary: { ...UNIT, effectiveByVariance: 314, featureRange: { median: 1, max: 10 } } }
    )
  ],
  [
    'not-centred',
    // mean² of mean² + std²: 75 % where the mean is sqrt(3) stds
    learns({}, { inputSummary: given(0.3 * 1.7321, 0.3) }),
    learns({}, { inputSummary: given(0.3 * 1.732, 0.3) })
  ],
  [
    'learning-rate-too-large',
    run([LEARNS[0]!, { ...LEARNS[1], trainLoss: 2.41 }, ...LEARNS.slice(2)]),
    run([LEARNS[0]!, { ...LEARNS[1], trainLoss: 2.4 }, ...LEARNS.slice(2)])
  ],
  [
    'learning-rate-too-small',
    run([
      { ...LEARNS[0], trainLoss: 2.5 },
      { trainLoss: 2.3, testAccuracy: 0.2 },
      { trainLoss: 1.76, testAccuracy: 0.24, layers: [layer(0.659)] }
    ]),
    run([
      { ...LEARNS[0], trainLoss: 2.5 },
      { trainLoss: 2.3, testAccuracy: 0.2 },
      { trainLoss: 1.76, testAccuracy: 0.24, layers: [layer(0.661)] }
    ])
  ],
  [
    'inputs-too-small',
    run([{ ...LEARNS[0], layers: [layer(0.01)] }, { trainLoss: 2.4 }, ...LEARNS.slice(2)], {
      inputSummary: given(0.005, 0.005)
    }),
    run([{ ...LEARNS[0], layers: [layer(0.02)] }, { trainLoss: 2.4 }, ...LEARNS.slice(2)], {
      inputSummary: given(0.01, 0.01)
    })
  ],
  [
    'diverged',
    { ...learns({}, {}, { layers: [layer(150)] }), status: 'diverged' },
    learns({}, {}, { layers: [layer(150)] })
  ],
  [
    'saturated-units',
    learns(
      { layers: [layer(9, 0.7)] },
      { config: { activation: 'tanh' } },
      { layers: [layer(4, 0.7)] }
    ),
    // as standardised tanh: saturated at the end alone, at 86 %
    learns(
      { layers: [layer(9, 0.81)] },
      { config: { activation: 'tanh' } },
      { layers: [layer(4, 0.69)] }
    )
  ],
  ['dead-units', learns({ deadUnitFraction: 0.25 }), learns({ deadUnitFraction: 0.249 })],
  [
    'inputs-too-large',
    learns({}, { inputSummary: given(73, 90) }, { layers: [layer(8.1)] }),
    learns({}, { inputSummary: given(73, 90) }, { layers: [layer(8)] })
  ],
  [
    'collapsed-to-one-class',
    learns(
      {},
      {
        confusion: [
          [700, 0],
          [100, 200]
        ]
      }
    ),
    learns(
      {},
      {
        confusion: [
          [701, 0],
          [98, 201]
        ]
      }
    )
  ],
  [
    'label-noise-suspected',
    // it was right on 84 % of the test images before, and settles on 78 % in training
    learns(
      { trainAccuracy: 0.78, testAccuracy: 0.7, trainLoss: 0.44 },
      { confusion: evenConfusion(700) }
    ),
    learns(
      { trainAccuracy: 0.78, testAccuracy: 0.7, trainLoss: 0.44 },
      { confusion: nextConfusion(700) }
    )
  ],
  [
    'label-noise-suspected',
    // 84 % of the test images right before the last epoch
    learns({ trainAccuracy: 0.739 }),
    learns({ trainAccuracy: 0.741 })
  ],
  [
    'overfitting',
    learns({ trainAccuracy: 0.951, testLoss: 0.551 }),
    learns({ trainAccuracy: 0.951, testLoss: 0.549 })
  ],
  [
    'overfitting',
    learns({ trainAccuracy: 0.99, testAccuracy: 0.789 }),
    learns({ trainAccuracy: 0.99, testAccuracy: 0.791 })
  ],
  ['too-few-epochs', learns({ testAccuracy: 0.8901 }), learns({ testAccuracy: 0.889 })],
  [
    'too-few-epochs',
    run([LEARNS[0]!, { ...LEARNS[1], trainAccuracy: 0.7 }], { trainCount: 400 }),
    run([LEARNS[0]!, { ...LEARNS[1], trainAccuracy: 0.711 }], { trainCount: 400 })
  ],
  // 10 % and a twentieth of the rest: 14.5 %
  [
    'at-chance',
    run([LEARNS[0]!, { ...LEARNS[1], trainAccuracy: 0.14, testAccuracy: 0.144 }]),
    run([LEARNS[0]!, { ...LEARNS[1], trainAccuracy: 0.14, testAccuracy: 0.146 }])
  ],
  [
    'constant-pixels',
    learns({}, { inputSummary: { ...UNIT, constantFeatures: 79 } }),
    learns({}, { inputSummary: { ...UNIT, constantFeatures: 78 } })
  ]
]

describe.each(CASES)('%s', (code, has, below) => {
  it('is found from its threshold on, with numbers that are defined', () => {
    const found = findingsOf(has).find((one) => one.code === code)
    expect(found).toBeDefined()
    if (code !== 'diverged') expect(found!.evidence.length).toBeGreaterThan(0)
    for (const { name, definition, value } of found!.evidence) {
      expect(name).not.toBe('')
      expect(definition).not.toBe('')
      expect(value).toBeTypeOf('number')
    }
  })

  it('is not found just below its threshold', () => {
    expect(codes(below)).not.toContain(code)
  })

  it('has a threshold with its source, and a remedy with its test', () => {
    const { thresholds, remedy } = FINDINGS.find((one) => one.code === code)!
    if (code !== 'diverged') expect(thresholds.length).toBeGreaterThan(0)
    for (const { source } of thresholds) {
      expect(source).toMatch(/bench\/findings|our convention|\d{4}/)
    }
    expect(remedy?.words).toMatch(/\.$/)
    expect(remedy?.test).toMatch(/\.$/)
  })

  it('has a remedy that is another run that can be trained, where it has one', () => {
    const { config } = findingsOf(has).find((one) => one.code === code)!.remedy!
    if (!config) return
    expect(config).not.toEqual(has.config)
    expect(configSchema(NETWORK).safeParse(config).success).toBe(true)
  })
})

describe('the findings of a run', () => {
  it('have a case each', () => {
    const tested = new Set<string>(CASES.map(([code]) => code))
    expect(FINDINGS.map(({ code }) => code).filter((code) => !tested.has(code))).toEqual([
      'none-found'
    ])
  })

  it('are none for a healthy run, and say no more than that', () => {
    expect(codes(learns())).toEqual(['none-found'])
    expect(findingOf(learns())!.definition).toContain('no proof')
    expect(findingOf(learns())!.severity).toBe('good')
  })

  it('are none at all for a run that did not finish', () => {
    for (const status of ['queued', 'running', 'paused', 'cancelled', 'failed'] as const) {
      const record = learns({ deadUnitFraction: 0.9 })
      expect(codes({ ...record, status })).toEqual([])
    }
  })

  it('name the cause before the symptom', () => {
    const large = learns(
      { deadUnitFraction: 0.9 },
      { config: { initFactors: [300, 1] } },
      { layers: [layer(180)] }
    )
    expect(codes(large)).toEqual(['initial-weights-too-large', 'dead-units'])
  })

  it('lists a note after what is grave, and after none where nothing is', () => {
    const constant = { inputSummary: { ...UNIT, constantFeatures: 400 } }
    expect(codes(learns({}, constant))).toEqual(['none-found', 'constant-pixels'])
    expect(codes(learns({ deadUnitFraction: 0.9 }, constant))).toEqual([
      'dead-units',
      'constant-pixels'
    ])
  })

  it('say since which epoch', () => {
    const record = run([
      LEARNS[0]!,
      { ...LEARNS[1], deadUnitFraction: 0.8 },
      { ...LEARNS[2], deadUnitFraction: 0.1 },
      { ...LEARNS[3], deadUnitFraction: 0.9 }
    ])
    expect(findingOf(record)).toMatchObject({ code: 'dead-units', since: 3 })
  })

  it('speak of bytes only where the pixels are bytes', () => {
    const stored = { ...UNIT.stored, type: 'float32' as const, max: 1, mean: [0.286], std: [0.353] }
    const floats = learns(
      {},
      { config: custom([72.94], [90.02]), inputSummary: { ...UNIT, stored } }
    )
    expect(codes(floats)).toContain('wrong-constants')
    expect(findingOf(floats)!.what).not.toMatch(/byte/)
    const bytes = learns({}, { config: custom([0.286], [0.353]) })
    expect(findingOf(bytes)!.what).toContain('bytes from 0 to 255')
    // nothing else speaks of them
    for (const [, has] of CASES) {
      if (findingOf(has)!.code !== 'wrong-constants')
        expect(findingOf(has)!.what).not.toMatch(/255|byte|raw/)
    }
  })

  it('do not call constants wrong that standardise or rescale', () => {
    for (const [centre, divisor] of [
      [0, 255],
      [127.5, 127.5],
      [72.94, 90.02],
      [0.449 * 255, 0.226 * 255]
    ] as const) {
      expect(codes(learns({}, { config: custom([centre], [divisor]) }))).toEqual(['none-found'])
    }
  })

  it('divide wrong constants by what is missing', () => {
    const record = learns({}, { config: custom([0.286], [0.353]) })
    const { choice } = findingOf(record)!.remedy!.config!
    expect(choice).toMatchObject({ id: 'custom' })
    const { centre, divisor } = choice as { centre: number[]; divisor: number[] } & typeof choice
    expect(centre[0]).toBeCloseTo(0.286 * 255, 9)
    expect(divisor[0]).toBeCloseTo(0.353 * 255, 9)
  })

  it('leave a raw input alone whose weights and rate make up for it', () => {
    const config = {
      choice: { id: 'raw' } as const,
      initFactors: [1 / 255, 1],
      stepFactors: [1 / 255, 1]
    }
    expect(codes(learns({}, { config, inputSummary: given(73, 90) }))).toEqual(['none-found'])
  })

  it('predict the start of a network without hidden layers', () => {
    const config = { layers: [], initFactors: [1], stepFactors: [1] }
    const record = learns({ layers: [] }, { config, inputSummary: given(73, 90) }, { layers: [] })
    const [found] = findingsOf(record)
    expect(found!.code).toBe('inputs-too-large')
    // sqrt(784 x 2 / (784 + 10) x (73² + 90²))
    expect(found!.evidence[0]!.value).toBeCloseTo(
      Math.sqrt((784 * 2 * (73 ** 2 + 90 ** 2)) / 794),
      6
    )
  })

  it('claims nothing of the input for a record of an older version', () => {
    const old = learns({}, { inputSummary: undefined }, { layers: [layer(150)] })
    expect(codes(old)).toEqual(['none-found'])
  })

  it('tells a program code, severity, sentence and evidence', () => {
    const [told] = toldFindings(learns({ deadUnitFraction: 0.953 }))
    expect(told).toMatchObject({ code: 'dead-units', severity: 'warn', since: 3 })
    expect(told!.sentence).toBe(
      '95.3 % of the hidden units output 0 for every training image and contribute nothing; the last test accuracy is 85.0 %.'
    )
    expect(told!.evidence.map(({ value }) => value)).toEqual([0.953])
  })
})

describe('a network that has seen nearly one class', () => {
  /** Of 100 test images, 10 of class 1 and so many taken for it; so many of 100 training images of it. */
  const one = (taken: number, seen: number): RunRecord => {
    const confusion = [
      [30, taken - 10, 60 - (taken - 10)],
      [0, 10, 0]
    ]
    return learns(
      {},
      { confusion: [...confusion, [0, 0, 0]], trainClassCounts: [100 - seen, seen, 0] }
    )
  }

  it('has collapsed to it where it is the most named, for twice as many images or more', () => {
    const found = findingOf(one(60, 80))!
    expect(found.code).toBe('collapsed-to-one-class')
    expect(found.what).toContain('80.0 % of the training images')
    expect(codes(one(60, 79))).not.toContain('collapsed-to-one-class')
  })

  it('has not where it names the class as often as it occurs', () => {
    const lopsided = {
      confusion: [
        [30, 10],
        [10, 50]
      ],
      trainClassCounts: [10, 90]
    }
    expect(codes(learns({}, lopsided))).not.toContain('collapsed-to-one-class')
  })
})

/** A layer of so many units with so many of them dead. */
const dying = (units: number, dead: number): LayerRecord => ({
  ...layer(0.6),
  units,
  deadUnitFraction: dead / units
})

describe('dead units', () => {
  const severity = (record: RunRecord, all: readonly RunRecord[] = []): string | undefined =>
    findingsOf(record, all).find(({ code }) => code === 'dead-units')?.severity
  const withDead = (units: number, dead: number, last: Epoch = {}): RunRecord =>
    learns({ deadUnitFraction: dead / units, layers: [dying(units, dead)], ...last })

  it('are a note where enough others are left, and no cause', () => {
    const record = withDead(64, 20)
    expect(codes(record)).toEqual(['none-found', 'dead-units'])
    expect(severity(record)).toBe('note')
    expect(findingsOf(record)[1]!.what).toBe(
      '31.3 % of the hidden units output 0 for every training image and contribute nothing, at no cost that can be seen'
    )
  })

  it('cost where three quarters of a layer are dead and no more are left than classes', () => {
    expect(severity(withDead(40, 30))).toBe('warn')
    // 11 are left for 10 classes
    expect(severity(withDead(44, 33))).toBe('note')
    // a layer that is narrow by itself
    expect(severity(withDead(8, 5))).toBe('note')
  })

  it('cost nothing in a network that fits its training images', () => {
    expect(severity(withDead(40, 30, { trainAccuracy: 0.95, testAccuracy: 0.9 }))).toBe('note')
    expect(severity(withDead(40, 30, { trainAccuracy: 0.949 }))).toBe('warn')
  })

  it('cost where a run with fewer of them is better by three points', () => {
    const record = withDead(64, 20)
    const beside = (testAccuracy: number, config: Partial<RunConfig>): RunRecord => ({
      ...learns({ testAccuracy, deadUnitFraction: 0.1 }, { config }),
      id: 'beside'
    })
    const leaky = { activation: 'leaky-relu' } as const
    expect(severity(record, [beside(0.88, leaky)])).toBe('warn')
    expect(findingOf(record, [beside(0.88, leaky)])!.beside).toBe(
      'a run with fewer of them is 3.0 points better'
    )
    expect(severity(record, [beside(0.879, leaky)])).toBe('note')
    // another network
    expect(severity(record, [beside(0.9, { ...leaky, batch: 64 })])).toBe('note')
  })
})

describe('a large input', () => {
  const large = { inputSummary: given(73, 90) }

  it('is named before what became of the units', () => {
    const dead = learns({ deadUnitFraction: 0.5, layers: [dying(64, 32)] }, large, {
      layers: [layer(40)]
    })
    expect(codes(dead)).toEqual(['inputs-too-large', 'dead-units'])
    const saturated = learns(
      { layers: [layer(150, 0.99)] },
      { ...large, config: { activation: 'tanh' } },
      { layers: [layer(150, 0.99)] }
    )
    expect(codes(saturated)).toEqual(['inputs-too-large', 'saturated-units'])
  })

  it('is named before the divergence, which its sentence tells', () => {
    const record = {
      ...learns({}, large, { layers: [layer(150)] }),
      status: 'diverged' as const,
      divergence: { epoch: 1, step: 40, reason: 'The loss is not a number.' }
    }
    expect(codes(record)).toEqual(['inputs-too-large', 'diverged'])
    expect(sentenceFor(record, [])).toMatch(
      /start with a std of 150; training diverged in epoch 1\.$/
    )
  })
})

describe('a learning rate of many times the usual', () => {
  // the loss falls from 2.4 to 2: nothing rose above its start
  const held = (learningRate: number, trainLoss: number, own: Own = {}): RunRecord =>
    learns(
      { trainLoss, trainAccuracy: 0.12, testAccuracy: 0.12, deadUnitFraction: 0.99 },
      { config: { optimiser: { ...TUTORIAL_CONFIG.optimiser, learningRate } }, ...own }
    )

  it('is the cause where the loss hardly falls, before the units that it killed', () => {
    expect(codes(held(0.01, 1.2)).slice(0, 2)).toEqual(['learning-rate-too-large', 'dead-units'])
    expect(findingOf(held(0.01, 1.2))!.what).toBe(
      'The learning rate of 0.01 is too large here: it is 10 times the usual one, and in 5,625 steps the loss fell by only 50.0 % of its start'
    )
  })

  it('is not, where it falls, where the rate is not so large, and of few steps', () => {
    expect(codes(held(0.01, 1.19))).not.toContain('learning-rate-too-large')
    expect(codes(held(0.0099, 1.2))).not.toContain('learning-rate-too-large')
    // three epochs of 49 steps
    expect(codes(held(0.01, 1.2, { trainCount: 49 * 32 }))).not.toContain('learning-rate-too-large')
  })
})

describe('units that died on the way', () => {
  const start: Epoch = { trainLoss: 200, layers: [layer(148)] }
  const trace = { fraction: [0.5, 1], loss: [20_000, 2.3], accuracy: [0.1, 0.1] }
  const dead: Epoch = { trainLoss: 1500, trainAccuracy: 0.1, deadUnitFraction: 0.97, trace }

  it('are named with how far the loss had risen, after the inputs that made it rise', () => {
    const [cause, found] = findingsOf(run([start, dead], { inputSummary: given(73, 90) }))
    expect(cause!.code).toBe('inputs-too-large')
    expect(found!.code).toBe('dead-units')
    expect(found!.what).toContain('after the loss had risen to 100 times its start')
    expect(found!.evidence.map(({ value }) => value)).toEqual([0.97, 100])
  })

  it('come after a divergence that goes on', () => {
    // a spread of 7: neither ordinary nor large enough to be named
    const record = run([{ ...start, layers: [layer(7)] }, dead], { inputSummary: given(73, 90) })
    expect(codes({ ...record, status: 'diverged' }).slice(0, 2)).toEqual(['diverged', 'dead-units'])
  })
})

describe('evidence', () => {
  it('tells a difference of two shares in points, with its sign, and a share in per cent', () => {
    const of = (value: number, format: 'points' | 'percent'): string =>
      evidenceText({ name: 'gap, last epoch', definition: '', value, format })
    expect(of(0.253, 'points')).toBe('gap, last epoch 25.3 points')
    expect(of(-0.012, 'points')).toBe('gap, last epoch −1.2 points')
    expect(of(0.253, 'percent')).toBe('gap, last epoch 25.30 %')
    const overfitted = findingOf(learns({ trainAccuracy: 0.99, testAccuracy: 0.78 }))!
    expect(evidenceText(overfitted.evidence[0]!)).toBe('gap, last epoch 21.0 points')
  })
})

describe('a learning rate that is too large', () => {
  const parts = (most: number): Epoch => ({
    ...LEARNS[1],
    trace: { fraction: [0.5, 1], loss: [most, 0.4], accuracy: [0.2, 0.8] }
  })

  it('shows in a part of the first epoch, from half above the start on', () => {
    expect(codes(run([LEARNS[0]!, parts(3.6), ...LEARNS.slice(2)]))).toEqual([
      'learning-rate-too-large'
    ])
    expect(codes(run([LEARNS[0]!, parts(3.59), ...LEARNS.slice(2)]))).toEqual(['none-found'])
  })

  it('is named as the cause of a divergence from an ordinary start', () => {
    const record = { ...learns(), status: 'diverged' as const }
    expect(codes(record)).toEqual(['learning-rate-too-large', 'diverged'])
  })
})

describe('test images unlike the training images', () => {
  const of = (shift: number, spread: number, testAccuracy: number): RunRecord =>
    learns({ testAccuracy }, { inputSummary: { ...UNIT, test: { shift, spread } } })

  it('are named whatever they cost where they are far off', () => {
    expect(codes(of(1.5, 1, 0.85))).toContain('train-test-mismatch')
    expect(codes(of(0, 1 / 4, 0.85))).toContain('train-test-mismatch')
    expect(codes(of(1.49, 3.9, 0.85))).not.toContain('train-test-mismatch')
  })

  it('say nothing of the start of training', () => {
    const record = learns(
      {},
      { inputSummary: { ...UNIT, test: { shift: 200, spread: 255 } } },
      { layers: [layer(150)] }
    )
    expect(codes(record)).toEqual(['train-test-mismatch'])
  })
})

describe('saturated units', () => {
  const tanh = { config: { ...TUTORIAL_CONFIG, activation: 'tanh' } as Partial<RunConfig> }
  const other = (accuracy: number, start: number): RunRecord => ({
    ...learns(
      { testAccuracy: accuracy, layers: [layer(2, 0.3)] },
      { config: { ...tanh.config, choice: { id: 'standardised' } }, id: 'other' },
      { layers: [layer(1.3, start)] }
    )
  })
  const half = learns({ layers: [layer(9, 0.6)] }, tanh, { layers: [layer(3, 0.5)] })

  it('are named where a run that started unsaturated is better by 3 points', () => {
    expect(codes(half, [half, other(0.88, 0.1)])).toContain('saturated-units')
    expect(codes(half, [half, other(0.879, 0.1)])).not.toContain('saturated-units')
    expect(codes(half, [half, other(0.9, 0.25)])).not.toContain('saturated-units')
    expect(codes(half)).toEqual(['none-found'])
  })

  it('tell what the other run gains', () => {
    const [found] = findingsOf(half, [half, other(0.9, 0.1)])
    expect(found!.beside).toBe('a run that started unsaturated is 5.0 points better')
  })

  it('bound the gradient that passes by the share that is saturated', () => {
    const record = learns({ layers: [layer(600, 0.999)] }, tanh, { layers: [layer(4, 0.98)] })
    const passes = findingOf(record)!.evidence.find(({ name }) => name.startsWith('gradient'))
    // 2 % at most 1, 98 % at most 5 %
    expect(passes!.value).toBeCloseTo(0.02 + 0.98 * 0.05, 12)
  })

  it('are no matter of rectified units', () => {
    const relu = learns({ layers: [layer(9, 0.99)] }, {}, { layers: [layer(4, 0.99)] })
    expect(codes(relu)).toEqual(['none-found'])
  })
})

describe('an input that is not centred', () => {
  const of = (accuracy: number) => {
    const right = { trainAccuracy: accuracy, testAccuracy: accuracy }
    const epochs = LEARNS.map((epoch, at) => ({ ...epoch, ...(at > 0 && right) }))
    return findingsOf(run(epochs, { inputSummary: given(0.6, 0.3) }))
  }

  it('is a note where next to nothing is wrong: it has cost nothing that could be seen', () => {
    expect(of(0.981)[0]!.code).toBe('none-found')
    expect(of(0.981).find(({ code }) => code === 'not-centred')!.severity).toBe('note')
    expect(of(0.979)[0]).toMatchObject({ code: 'not-centred', severity: 'warn' })
  })
})
