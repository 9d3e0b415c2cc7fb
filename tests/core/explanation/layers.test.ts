import { describe, expect, it } from 'vitest'
import { findingsOf } from '../../../src/core/explanation/finding'
import type { Finding } from '../../../src/core/explanation/finding'
import { startScale } from '../../../src/core/explanation/start-scale'
import type { RunConfig } from '../../../src/core/network/config'
import { factorCount } from '../../../src/core/network/layers/plan'
import { parseLayers } from '../../../src/core/network/layers/text'
import type { InputSummary } from '../../../src/core/preprocessing/input-summary'
import { encodeWrong } from '../../../src/core/study/predictions'
import type { EpochRecord, LayerRecord, RunRecord } from '../../../src/core/study/run'
import { epochRecord, runRecord } from '../../renderer/fixtures/runs'

/** Fashion-MNIST as it is stored. */
const STORED: InputSummary = {
  features: 784,
  shape: [28, 28, 1],
  mean: 73,
  std: 90,
  channelStd: [90],
  secondMoment: 73 ** 2 + 90 ** 2,
  constantFeatures: 0,
  featureStd: { median: 76, max: 115 },
  featureRange: { median: 255, max: 255 },
  effectiveBySecondMoment: 600,
  effectiveByVariance: 644,
  stored: { type: 'uint8', min: 0, max: 255, mean: [73], std: [90] },
  test: { shift: 0.003, spread: 0.997 }
}

const layer = (std: number, own: Partial<LayerRecord> = {}): LayerRecord => ({
  units: 4,
  saturation: [0, 0, 0, 0],
  preactivation: { mean: 0, std, min: -3 * std, max: 3 * std, counts: [1] },
  ...own
})

interface Own {
  readonly config?: Partial<RunConfig>
  readonly input?: InputSummary
  readonly layers?: readonly LayerRecord[]
  readonly start?: readonly LayerRecord[]
  readonly last?: Partial<EpochRecord>
  readonly record?: Partial<Omit<RunRecord, 'config'>>
}

/** Learns in three epochs to 87 % in training and 85 % on test images. */
function run(text: string, own: Own = {}): RunRecord {
  const layers = parseLayers(text)
  const ones = Array<number>(factorCount(layers)).fill(1)
  const factors = { initFactors: ones, stepFactors: ones, epsilonFactors: ones, decayFactors: ones }
  const end = { trainLoss: 0.4, testLoss: 0.49, trainAccuracy: 0.87, testAccuracy: 0.85 }
  const epochs: readonly Partial<EpochRecord>[] = [
    { trainLoss: 2.4, testLoss: 2.4, trainAccuracy: 0.1, testAccuracy: 0.1 },
    { trainLoss: 0.6, testLoss: 0.55, trainAccuracy: 0.8, testAccuracy: 0.81 },
    { trainLoss: 0.45, testLoss: 0.5, trainAccuracy: 0.85, testAccuracy: 0.84 },
    { ...end, layers: own.layers ?? [], ...own.last }
  ]
  return {
    ...runRecord({
      inputSummary: own.input ?? STORED,
      ...own.record,
      config: { layers, ...factors, ...own.config }
    }),
    epochs: epochs.map((epoch, at) =>
      epochRecord(at, { layers: at === 0 ? (own.start ?? own.layers ?? []) : [], ...epoch })
    )
  }
}

const codes = (record: RunRecord): string[] => findingsOf(record).map(({ code }) => code)
const main = (record: RunRecord): Finding => findingsOf(record)[0]!

/** Of 1000 training images, so many right at the end. */
const atRest = (right: number): Partial<Omit<RunRecord, 'config'>> => ({
  trainCount: 1000,
  wrongTraining: encodeWrong(
    new Int32Array(1000),
    Int32Array.from({ length: 1000 }, (_, at) => (at < right ? 0 : 1))
  )
})

describe('the spread of the first layer before training', () => {
  const unit = { ...STORED, secondMoment: 4, shape: [4, 4, 2] as const, features: 32 }
  const glorot = Math.sqrt(2 / (9 * 2 + 9 * 5))

  it('is predicted for a convolution from the values that its windows see, not the zeros around the image', () => {
    // of 3 x 3 windows at 4 places a row, two miss one column: 10 / 4 columns and as many rows
    const padded = run('conv3x3-5', { input: unit })
    expect(startScale(padded, undefined)!.predicted).toBeCloseTo(
      glorot * Math.sqrt(2 * 2.5 * 2.5 * 4),
      12
    )
    const valid = run('conv3x3-5/valid', { input: unit })
    expect(startScale(valid, undefined)!.predicted).toBeCloseTo(glorot * Math.sqrt(18 * 4), 12)
  })

  it('is not predicted behind a pooling, whose values are not counted', () => {
    const pooled = run('pool2,conv3x3-5', { input: unit, start: [layer(3)] })
    expect(startScale(pooled, pooled.epochs[0])).toEqual({ sigma: 3, inputNormalised: false })
  })

  it('behind a batch normalisation is what that leaves of it in training', () => {
    const small = run('dense-8,bn', { start: [layer(0.01)] })
    // s / sqrt(s² + epsilon)
    expect(startScale(small, small.epochs[0])!.sigma).toBeCloseTo(
      0.01 / Math.sqrt(0.0001 + 0.001),
      12
    )
    const large = run('dense-8,bn', { start: [layer(158)] })
    expect(startScale(large, large.epochs[0])!.sigma).toBeCloseTo(1, 6)
  })

  it('behind a normalisation of the input is that of inputs of mean square 1', () => {
    // before training the moving moments are 0 and 1, and the probe images pass as they are
    const first = run('bn,dense-8', { start: [layer(158)] })
    const { predicted, rms, sigma } = startScale(first, first.epochs[0])!
    expect(rms).toBeCloseTo(1, 6)
    expect(predicted).toBeCloseTo(Math.sqrt((784 * 2) / (784 + 8)), 6)
    expect(sigma).toBe(predicted)
  })
})

describe('inputs of stored size', () => {
  it('are named before a convolution', () => {
    const found = main(run('conv5x5-6,flatten', { layers: [layer(40)] }))
    expect(found.code).toBe('inputs-too-large')
  })

  it.each([
    'bn,dense-8',
    'bn,conv3x3-4',
    'flatten,bn,dense-8',
    'dense-8,bn',
    'conv3x3-4/nobias,bn'
  ])('are not blamed in %s, where a batch normalisation takes their size away', (text) => {
    expect(codes(run(text, { layers: [layer(158)] }))).toEqual(['none-found'])
  })

  it('are blamed where the normalisation comes after an activation', () => {
    const late = run('dense-8,relu,bn', { layers: [layer(158)] })
    expect(codes(late)).toEqual(['inputs-too-large'])
  })
})

describe('an input that is not centred', () => {
  const shifted = { ...STORED, mean: 10, std: 1, channelStd: [1], secondMoment: 101 }

  it('is named before a convolution, and not where a batch normalisation takes the mean away', () => {
    expect(codes(run('conv3x3-4', { input: shifted, layers: [layer(3)] }))).toEqual(['not-centred'])
    expect(codes(run('conv3x3-4,bn', { input: shifted, layers: [layer(3)] }))).toEqual([
      'none-found'
    ])
    expect(codes(run('bn,dense-8', { input: shifted, layers: [layer(3)] }))).toEqual(['none-found'])
  })
})

describe('dropout', () => {
  const config = 'dense-8,dropout-0.8'
  const lower = { trainAccuracy: 0.6, testAccuracy: 0.85 }

  it('that lowers the accuracy in training is taken for no noise in the labels', () => {
    const input = { ...STORED, mean: 0.3, std: 0.35, secondMoment: 0.21 }
    const found = run(config, { input, last: lower, record: atRest(860), layers: [layer(0.6)] })
    expect(codes(found)).toEqual(['none-found'])
    // the same in a network without it
    const plain = run('dense-8', { input, last: lower, layers: [layer(0.6)] })
    expect(codes(plain)).toEqual(['label-noise-suspected'])
  })

  it('hides no overfitting: the network is asked without it', () => {
    const input = { ...STORED, mean: 0.3, std: 0.35, secondMoment: 0.21 }
    const own = { input, last: { ...lower, testAccuracy: 0.7 }, layers: [layer(0.6)] }
    expect(codes(run(config, { ...own, record: atRest(950) }))).toEqual(['overfitting'])
    expect(codes(run(config, { ...own, record: atRest(780) }))).not.toContain('overfitting')
  })
})

describe('moving moments that have not settled', () => {
  it('are the main cause, before the symptoms of a test with them', () => {
    const confusion = [
      [500, 0],
      [500, 0]
    ]
    const found = run('conv3x3-4/nobias,bn', {
      last: { testAccuracy: 0.1, testLoss: 5, deadUnitFraction: 0.8 },
      record: { ...atRest(110), confusion },
      layers: [layer(0.6)]
    })
    expect(codes(found)[0]).toBe('moving-moments-unsettled')
    // dead and overfitted are what it looks like at rest
    expect(codes(found)).not.toContain('overfitting')
    expect(codes(found)).not.toContain('dead-units')
    expect(main(found).remedy!.config!.layers).toEqual(parseLayers('conv3x3-4/nobias,bn/m0.9'))
  })

  it('of a residual block are mended by more epochs', () => {
    const found = run('residual-4,gap', { last: { testAccuracy: 0.1 }, record: atRest(110) })
    const { epochs, layers } = main(found).remedy!.config!
    expect(epochs).toBe(4 * found.config.epochs)
    expect(layers).toEqual(found.config.layers)
  })
})

describe('dead units behind a batch normalisation of the input', () => {
  it('blame no network that does well without them', () => {
    const layers = [
      layer(1, { name: 'Convolution', units: 16, deadUnitFraction: 0 }),
      layer(1, { name: 'Dense', units: 64, deadUnitFraction: 25 / 64 })
    ]
    const last = { trainAccuracy: 0.91, testAccuracy: 0.868, deadUnitFraction: 25 / 80 }
    const record = run('bn,conv3x3-16,pool2,dense-64', { layers, last })
    expect(codes(record)).toEqual(['none-found', 'dead-units'])
    // it normalises its input itself: to standardise that is no remedy
    const { choice, activation } = findingsOf(record)[1]!.remedy!.config!
    expect([choice, activation]).toEqual([record.config.choice, 'leaky-relu'])
  })
})

describe('units of one layer', () => {
  it('that are dead are named by their layer, though they are few of all', () => {
    const layers = [
      layer(40, { name: 'Convolution 1', deadUnitFraction: 5 / 6 }),
      layer(40, { name: 'Dense 1', deadUnitFraction: 0 })
    ]
    const found = findingsOf(
      run('conv5x5-6,flatten,dense-84', { layers, last: { deadUnitFraction: 5 / 90 } })
    )
    expect(found.map(({ code }) => code)).toEqual(['inputs-too-large', 'dead-units'])
    expect(found[1]!.what).toContain('83.3 % of the outputs of Convolution 1 are 0')
  })

  it('get leaky ReLU where their own ReLU is written', () => {
    const config = { choice: { id: 'standardised' } as const }
    const record = run('dense-8,relu,dense-8,linear', {
      ...{ config, layers: [layer(0.6)], last: { deadUnitFraction: 0.5 } }
    })
    const found = findingsOf(record).find(({ code }) => code === 'dead-units')!
    expect(found.remedy!.config!.layers.map(({ activation }) => activation)).toEqual([
      'leaky-relu',
      'linear'
    ])
  })

  it('that are saturated are named by their layer, by its own activation', () => {
    const saturated = layer(40, {
      name: 'Convolution 2',
      activation: 'tanh',
      saturation: [0.9, 0.9, 0.9, 0.9]
    })
    const layers = [layer(40, { name: 'Convolution 1', activation: 'relu' }), saturated]
    const found = findingsOf(run('conv3x3-4,conv3x3-4,tanh', { layers })).find(
      ({ code }) => code === 'saturated-units'
    )
    expect(found!.what).toContain('90.0 % of the pre-activations of Convolution 2')
  })
})
