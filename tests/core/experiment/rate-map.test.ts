import { describe, expect, it } from 'vitest'
import { newConfigs } from '../../../src/core/experiment/kind'
import { cellConfig, gridOf } from '../../../src/core/experiment/kinds/rate-map/ask'
import type { Ask } from '../../../src/core/experiment/kinds/rate-map/ask'
import { predictedPower } from '../../../src/core/experiment/kinds/rate-map/axes'
import { RATE_MAP } from '../../../src/core/experiment/kinds/rate-map/rate-map'
import { powerOf, ridgeOf } from '../../../src/core/experiment/kinds/rate-map/ridge'
import { parseLayers } from '../../../src/core/network/layers/text'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunConfig } from '../../../src/core/network/config'
import { equivalent } from '../../../src/core/network/equivalent'
import type { ExperimentFacts } from '../../../src/core/study/experiment'
import type { RunRecord } from '../../../src/core/study/run'
import { runRecord } from '../../renderer/fixtures/runs'

const facts: ExperimentFacts = {
  ...{ features: 784, classes: 10, trainCount: 6000, testCount: 100 },
  inputs: [{ choice: { id: 'unit' }, mean: 0.3, std: 0.3, affine: { scale: 1 / 255, offset: 0 } }]
}
const ask: Ask = {
  config: { ...TUTORIAL_CONFIG, epochs: 1, limit: 6000 },
  ...{ axis: 'rate', rest: 'stay', points: 7, seeds: [0, 1, 2] }
}
const of = (id: 'sgd' | 'adam' | 'adamw', factor = 0): RunConfig => ({
  ...TUTORIAL_CONFIG,
  optimiser: { ...TUTORIAL_CONFIG.optimiser, id },
  weightDecay: { kind: 'l2', factor }
})

describe('the ridge of a column', () => {
  const column = (...accuracies: (number | undefined)[]) =>
    ridgeOf(accuracies.map((accuracy, at) => ({ value: 4 ** at, accuracy })))

  it('is the best value, and the middle of those within a point of it', () => {
    expect(column(0.2, 0.8, 0.3)).toEqual({
      ...{ middle: 4, open: false },
      best: { value: 4, accuracy: 0.8 }
    })
    // 4 and 16: their geometric middle
    expect(column(0.2, 0.8, 0.795, 0.3)).toMatchObject({ middle: 8, open: false })
    // beyond a gap is not about the best
    expect(column(0.1, 0.8, 0.5, 0.8, 0.1)).toMatchObject({ middle: 4 })
  })

  it('is open at the end of what was tried, and not there where nothing finished', () => {
    expect(column(0.8, 0.3)).toMatchObject({ open: true })
    expect(column(undefined, 0.8, 0.3)).toMatchObject({ middle: 4, open: false })
    expect(column(undefined, undefined)).toBeUndefined()
  })
})

describe('the power of the scale', () => {
  it('is the slope in logarithms', () => {
    const points = [1, 2, 4, 8].map((x) => ({ x, y: 5 / x ** 2 }))
    expect(powerOf(points)).toBeCloseTo(-2, 12)
    // least squares by hand: logs (0, 0), (1, 0), (2, 3) have slope 3 / 2
    const uneven = [1, 2, 4].map((x, at) => ({ x, y: [1, 1, 8][at]! }))
    expect(powerOf(uneven)).toBeCloseTo(1.5, 12)
    expect(powerOf(points.slice(2))).toBeUndefined()
  })

  it('is predicted by the optimiser: -1 for Adam, -2 for SGD; 2 for an L2 penalty', () => {
    expect(predictedPower(of('adam'), 'rate', 'stay')).toBe(-1)
    expect(predictedPower(of('sgd'), 'rate', 'stay')).toBe(-2)
    expect(predictedPower(of('sgd'), 'init', 'stay')).toBe(-1)
    expect(predictedPower(of('sgd'), 'decay', 'stay')).toBe(2)
    expect(predictedPower(of('adamw'), 'decay', 'stay')).toBe(1)
  })
})

describe('the predicted power where a normalisation takes the scale away', () => {
  const withLayers = (text: string) => ({ ...of('adam'), layers: parseLayers(text) })

  it.each(['bn,dense-8', 'dense-8,bn', 'dense-8,ln', 'conv3x3-4/nobias,bn', 'residual-4,gap'])(
    'is 0 in %s: the loss is the same function of the weights at any scale',
    (text) => {
      for (const axis of ['rate', 'init', 'decay'] as const) {
        expect(predictedPower(withLayers(text), axis, 'stay')).toBe(0)
      }
    }
  )

  it('is that of the first layer where an activation stands between, and of a convolution', () => {
    expect(predictedPower(withLayers('dense-8,relu,bn'), 'rate', 'stay')).toBe(-1)
    expect(predictedPower(withLayers('conv3x3-4'), 'rate', 'stay')).toBe(-1)
  })

  it('where the rest moves along is that of the first layer, unless its input is normalised', () => {
    expect(predictedPower(withLayers('dense-8,bn'), 'rate', 'move')).toBe(-1)
    expect(predictedPower(withLayers('bn,dense-8'), 'rate', 'move')).toBe(0)
  })
})

describe('the grid', () => {
  it('has scales of a factor 4 about 1, and the values that are predicted for them', () => {
    const { scales, values, base } = gridOf(ask)
    expect(scales).toEqual([1 / 16, 1 / 4, 1, 4, 16, 64, 256])
    expect(base).toBe(0.001)
    expect(values.map((value) => value / 0.001)).toEqual(
      [1 / 256, 1 / 64, 1 / 16, 1 / 4, 1, 4, 16].map((value) => expect.closeTo(value, 6) as number)
    )
  })

  it('where the rest moves, a cell on the predicted line is the equivalent run', () => {
    const moving: Ask = { ...ask, rest: 'move' }
    expect(cellConfig(moving, 16, 0.001 / 16, 0)).toEqual(
      equivalent(ask.config, { scale: 16, offset: 0 })
    )
    const init: Ask = { ...moving, axis: 'init' }
    expect(cellConfig(init, 16, 1 / 16, 0)).toEqual(
      equivalent(ask.config, { scale: 16, offset: 0 })
    )
    const decay: Ask = { ...moving, axis: 'decay', config: of('sgd', 0.01) }
    expect(cellConfig(decay, 4, 0.16, 0)).toEqual(equivalent(decay.config, { scale: 4, offset: 0 }))
  })

  it('where it stays, only the input and the setting differ', () => {
    expect(cellConfig(ask, 4, 0.5, 2)).toEqual({
      ...ask.config,
      ...{ input: { scale: 4, offset: 0 }, seed: 2 },
      optimiser: { ...ask.config.optimiser, learningRate: 0.5 }
    })
  })
})

/** Runs whose accuracy falls with the distance of the rate from the best at their scale, in factors. */
function trained(
  asked: Ask,
  best: (scale: number) => number,
  most: (config: RunConfig) => number | undefined = () => 0.8
): RunRecord[] {
  return newConfigs(RATE_MAP.plan(asked, facts, []), []).map((config, at) => {
    const scale = config.choice.id === 'raw' ? 255 : config.input.scale
    const off = Math.abs(Math.log(config.optimiser.learningRate / best(scale)))
    const peak = most(config)
    const status = peak === undefined ? 'diverged' : 'finished'
    // seeds differ by a tenth of a point
    const accuracy = Math.max(0.1, (peak ?? 0) - 0.05 * off) + 0.001 * config.seed
    return runRecord({ id: `${at}`, config, status }, [0.1, accuracy])
  })
}

describe('the map of learning rate and input scale', () => {
  it('plans each cell once, and stored values at the same rates', () => {
    const planned = RATE_MAP.plan(ask, facts, [])
    expect(planned).toHaveLength(3 * (49 + 7))
    expect(planned.filter(({ choice }) => choice.id === 'raw')).toHaveLength(21)
    const raw = { ...ask, config: { ...ask.config, choice: { id: 'raw' } as const } }
    expect(RATE_MAP.plan(raw, facts, [])).toHaveLength(3 * 49)
    expect(RATE_MAP.plan({ ...ask, rest: 'move' }, facts, [])).toHaveLength(3 * 49)
  })

  it('finds that the best rate goes as predicted, and what it alone gives', () => {
    const runs = trained(ask, (scale) => 0.001 / scale)
    const { sentence, data, notes, figures } = RATE_MAP.outcome(ask, facts, runs)
    const { measuredPower } = data as { measuredPower: { mean: number; bySeed: number[] } }
    expect(measuredPower.mean).toBeCloseTo(-1, 6)
    expect(measuredPower.bySeed).toHaveLength(3)
    expect(sentence).toContain('varies as scale^(−1 ± 0); the prediction is scale^−1.')
    // raw at .001 is off by 255: .8 - .05 ln 255 = 52.3 %; at .001 / 256 by 255 / 256: 79.98 %
    expect(sentence).toContain('the stored values at 52.4 % ± 0.1 points, 3 seeds')
    expect(sentence).toContain('99.9 % of the gain of 27.7 points, no difference seen')
    expect(notes[0]).toContain('168 runs of 6,000 images and 1 epoch each')
    const [cells, predicted, best, stored] = figures[0]!.marks
    if (cells?.kind !== 'cells' || predicted?.kind !== 'line') throw new Error('other marks')
    expect(cells.values).toHaveLength(49)
    expect(cells.xEdges[0]).toBeCloseTo(1 / 32, 9)
    expect(Array.from(predicted.y).at(-1)).toBeCloseTo(0.001 / 256, 12)
    expect(best).toMatchObject({ kind: 'line', points: true })
    expect(stored).toMatchObject({ kind: 'rule', axis: 'x', at: 255 })
  })

  it('finds that it does not, and that another rate gives nothing', () => {
    const runs = trained(
      ask,
      () => 0.001,
      ({ choice }) => (choice.id === 'raw' ? 0.7 : 0.8)
    )
    const { sentence } = RATE_MAP.outcome(ask, facts, runs)
    expect(sentence).toContain(
      'scale^(0 ± 0); the prediction is scale^−1, which it does not follow'
    )
    expect(sentence).toContain(
      '0 % of the gain of 10.0 points, 10.0 points below the best of [0, 1]'
    )
  })

  it('tells of stored values that diverge at the rate that the choice has', () => {
    const runs = trained(
      ask,
      (scale) => 0.001 / scale,
      ({ choice, optimiser }) =>
        choice.id === 'raw' && optimiser.learningRate > 1e-4 ? undefined : 0.8
    )
    const { sentence } = RATE_MAP.outcome(ask, facts, runs)
    expect(sentence).toContain('the stored values nowhere: none of their runs finished')
    expect(sentence).toContain('alone gives 80.1 % ± 0.1 points, 3 seeds: no difference seen')
  })

  it('claims no share of a gain where some of the raw runs did not finish', () => {
    const runs = trained(
      ask,
      (scale) => 0.001 / scale,
      ({ choice, optimiser, seed }) =>
        choice.id === 'raw' && optimiser.learningRate > 1e-4 && seed > 0 ? undefined : 0.8
    )
    const { sentence } = RATE_MAP.outcome(ask, facts, runs)
    expect(sentence).toContain(
      'the stored values at 52.3 %, one seed (2 of 3 runs did not finish).'
    )
    expect(sentence).not.toContain('of the gain')
  })

  it('sees no gain where seeds spread as far', () => {
    const runs = trained(ask, (scale) => (scale === 255 ? 0.001 : 0.001 / scale))
    expect(RATE_MAP.outcome(ask, facts, runs).sentence).toContain('no gain is seen')
  })

  it('claims nothing of runs that have not ended, and says that few seeds may be chance', () => {
    const one = { ...ask, seeds: [0] }
    const { sentence, figures, notes } = RATE_MAP.outcome(one, facts, [])
    expect(sentence).toBe('No run has finished.')
    expect(figures).toEqual([])
    expect(notes).toContain('56 of 56 runs have not ended.')
    expect(notes.join(' ')).toContain('fewer than 3 seeds')
    const some = trained(one, (scale) => 0.001 / scale).slice(0, 20)
    expect(RATE_MAP.outcome(one, facts, some).sentence).toContain(
      'The comparison with stored values has not ended.'
    )
  })

  it('does not decide with few seeds whether the best rate follows the prediction', () => {
    const one = { ...ask, seeds: [0] }
    const { sentence } = RATE_MAP.outcome(
      one,
      facts,
      trained(one, () => 0.001)
    )
    expect(sentence).toContain('with one seed it is not decided whether it follows that')
    expect(sentence).not.toContain('does not follow')
  })

  it('has no best rate at a scale at which nothing was learned, and says so where none is', () => {
    // chance is 10 % of 10,000 images
    const runs = trained(
      ask,
      (scale) => 0.001 / scale,
      ({ input }) => (input.scale > 1 ? 0 : 0.8)
    )
    const { data } = RATE_MAP.outcome(ask, facts, runs)
    const { ridge } = data as { ridge: { scale: number; best?: object }[] }
    expect(ridge.filter(({ best }) => best).map(({ scale }) => scale)).toEqual([1 / 16, 1 / 4, 1])
    const none = trained(
      ask,
      () => 0.001,
      () => 0
    )
    expect(RATE_MAP.outcome(ask, facts, none).sentence).toMatch(/^Nothing is said: no network/)
  })
})
