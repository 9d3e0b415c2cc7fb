import { describe, expect, it } from 'vitest'
import { TUTORIAL_CONFIG } from '../../../src/core/network/config'
import type { RunConfig } from '../../../src/core/network/config'
import { smoothed } from '../../../src/core/figure/smoothing'
import { trainingFigure } from '../../../src/core/figure/training'
import type { Mark } from '../../../src/core/figure/figure'
import { epochRecord, runRecord } from '../../renderer/fixtures/runs'

const lines = (marks: readonly Mark[] | undefined) =>
  (marks ?? []).filter((mark): mark is Extract<Mark, { kind: 'line' }> => mark.kind === 'line')

const accuracy = { measure: 'accuracy', split: 'test' } as const
const zero = { measure: 'zero-gradient', split: 'train' } as const

describe('the curves of training', () => {
  it('are absent before anything was measured', () => {
    expect(trainingFigure([], accuracy)).toBeUndefined()
    expect(trainingFigure([runRecord({ status: 'queued' }, [])], accuracy)).toBeUndefined()
  })
  it('show the mean of the seeds with lowest and highest', () => {
    const figure = trainingFigure(
      [
        runRecord({ id: 'a', config: { seed: 0 } }, [0.1, 0.8]),
        runRecord({ id: 'b', config: { seed: 1 } }, [0.3, 0.6])
      ],
      accuracy
    )
    const [line] = lines(figure?.marks)
    expect(Array.from(line!.x)).toEqual([0, 1])
    expect(line!.y[0]).toBeCloseTo(0.2, 12)
    expect(line!.y[1]).toBeCloseTo(0.7, 12)
    expect(Array.from(line!.band!.low)).toEqual([0.1, 0.6])
    expect(Array.from(line!.band!.high)).toEqual([0.3, 0.8])
    expect(figure?.subtitle).toBe('line: mean of 2 seeds, band: lowest to highest')
  })
  it('have no band for one seed', () => {
    const figure = trainingFigure([runRecord()], accuracy)
    expect(lines(figure?.marks)[0]?.band).toBeUndefined()
    expect(figure?.subtitle).toBe('one seed')
  })
  it('of gradient norms are the first layer’s, or those of the layer that is chosen', () => {
    const run = runRecord({}, [])
    const record = epochRecord(0, { gradientNorms: [3, 2, 1] })
    const norms = { measure: 'gradient-norm', split: 'train' } as const
    const figureOf = (options: object) =>
      trainingFigure([{ ...run, epochs: [record] }], { ...norms, ...options })
    const first = figureOf({})
    expect(first?.title).toBe('Gradient norm of the first layer by epoch')
    expect(lines(first?.marks)[0]?.y[0]).toBe(3)
    const second = figureOf({ layer: { at: 1, name: 'Dense 2' } })
    expect(second?.title).toBe('Gradient norm of Dense 2 by epoch')
    expect(second?.definition).toContain('weights and biases of Dense 2:')
    expect(lines(second?.marks)[0]?.y[0]).toBe(2)
  })
  it('are dashed under the clipped loss', () => {
    const figure = trainingFigure([runRecord({ config: { loss: 'clipped' } })], accuracy)
    expect(lines(figure?.marks)[0]?.dash).toBe('dashed')
  })
  it('are dotted under the clipped loss of 2018', () => {
    const figure = trainingFigure([runRecord({ config: { loss: 'clipped-2018' } })], accuracy)
    expect(lines(figure?.marks)[0]?.dash).toBe('dotted')
  })
  it('of samples without gradient show those that are wrong and those that are right apart', () => {
    const parts = { zeroGradientFraction: 0.75, trappedFraction: 0.25, learnedFraction: 0.5 }
    const epochs = [0, 1].map((epoch) => epochRecord(epoch, parts))
    const figure = trainingFigure([runRecord({ epochs })], zero)
    expect(
      lines(figure?.marks).map(({ label, dash, y }) => [label, dash, y[y.length - 1]])
    ).toEqual([
      ['[0, 1]: wrong', 'solid', 0.25],
      ['[0, 1]: right', 'dotted', 0.5]
    ])
    expect(figure?.subtitle).toContain('solid: wrong, dotted: right')
  })
  it('of samples without gradient of older records show the sum, and say so', () => {
    const old = runRecord({}, [0.1, 0.8], { zeroGradientFraction: 0.75 })
    expect(lines(trainingFigure([old], zero)?.marks)).toMatchObject([
      { label: '[0, 1]: wrong or right, recorded together' }
    ])
  })
  it('of the loss say that the weight penalty is not in it', () => {
    const figure = trainingFigure([runRecord()], { measure: 'loss', split: 'train' })
    expect(figure?.definition).toContain('without the weight penalty')
    expect(figure?.y.label).toBe('cross-entropy (nats)')
    const label = (id: 'adam' | 'adamw') =>
      trainingFigure(
        [
          runRecord({
            config: {
              optimiser: { ...TUTORIAL_CONFIG.optimiser, id },
              weightDecay: { kind: 'l2', factor: 0.01 }
            }
          })
        ],
        { measure: 'loss', split: 'train' }
      )?.y.label
    expect(label('adam')).toBe('cross-entropy (nats), without the weight penalty')
    // its decay is no penalty
    expect(label('adamw')).toBe('cross-entropy (nats)')
  })
  it('draw and name the chance level of the runs shown', () => {
    const two = runRecord({
      testClassCounts: [390, 234, 5],
      config: { output: 'sigmoid', classes: [0, 1] }
    })
    const rules = (figure = trainingFigure([two], accuracy)) =>
      figure?.marks.filter(({ kind }) => kind === 'rule')
    expect(rules()).toMatchObject([{ at: 0.625, label: 'chance, 62.5 %' }])
    expect(rules(trainingFigure([runRecord()], accuracy))).toMatchObject([
      { at: 0.1, label: 'chance, 10 %' }
    ])
    const loss = trainingFigure([two], { measure: 'loss', split: 'test' })
    expect(rules(loss)).toEqual([])
  })
  it('have a chance line for each task, which says whose it is', () => {
    const records = [
      runRecord({ id: 'all' }),
      runRecord({ id: 'two', config: { classes: [0, 6] } }),
      runRecord({ id: 'other two', config: { classes: [2, 4] } }),
      // nothing is drawn of it yet
      runRecord({ id: 'waits', status: 'queued', testClassCounts: [1, 9] }, [])
    ]
    const figure = trainingFigure(records, accuracy)
    expect(figure?.marks.filter(({ kind }) => kind === 'rule')).toMatchObject([
      { at: 0.1, label: 'chance of all classes, 10 %' },
      { at: 0.5, label: 'chance of classes 0 and 6, classes 2 and 4, 50 %' }
    ])
    expect(lines(figure?.marks).map(({ label }) => label)).toEqual([
      '[0, 1], all classes',
      '[0, 1], classes 0 and 6',
      '[0, 1], classes 2 and 4'
    ])
  })
  it('reach to the last epoch asked for, so that a live picture keeps still', () => {
    const figure = trainingFigure([runRecord({ config: { epochs: 7 } })], accuracy)
    expect(figure?.x.max).toBe(7)
  })
  it('go on within an epoch for what is measured while training', () => {
    const record = runRecord({ status: 'running', config: { epochs: 3 } }, [0.1, 0.8])
    const progress = {
      epoch: 2,
      step: 500,
      stepsPerEpoch: 1000,
      fraction: 0.5,
      imagesPerSecond: 1,
      trainLoss: 0.4,
      trainAccuracy: 0.82,
      zeroGradientFraction: 0.01
    }
    const at = (split: 'train' | 'test') =>
      lines(
        trainingFigure([record], { measure: 'accuracy', split, progress: () => progress })?.marks
      )[0]
    expect(Array.from(at('train')!.x)).toEqual([0, 1, 1.5])
    expect(at('train')!.y[2]).toBe(0.82)
    expect(Array.from(at('test')!.x)).toEqual([0, 1])
  })
  it('keep what was measured as not a number, and say so', () => {
    const figure = trainingFigure([runRecord({}, [0.1, 0.5], { testLoss: NaN })], {
      measure: 'loss',
      split: 'test'
    })
    expect(Array.from(lines(figure?.marks)[0]!.x)).toEqual([0, 1])
    expect(Array.from(lines(figure?.marks)[0]!.y)).toEqual([1, NaN])
    expect(figure?.summary).toContain('[0, 1] not a number')
  })
  it('keep an infinite loss, which was measured', () => {
    const figure = trainingFigure([runRecord({}, [0.1, 0.5], { testLoss: Infinity })], {
      measure: 'loss',
      split: 'test'
    })
    expect(Array.from(lines(figure?.marks)[0]!.y)).toEqual([1, Infinity])
    expect(figure?.summary).toContain('[0, 1] ∞')
  })
  it('are told in words with their ends', () => {
    expect(trainingFigure([runRecord({}, [0.1, 0.8473])], accuracy)?.summary).toBe(
      'Test accuracy by epoch, at the end: [0, 1] 84.7 %.'
    )
  })
})

describe('curves that share a choice', () => {
  const drawn = (configs: readonly Partial<RunConfig>[]) =>
    lines(
      trainingFigure(
        configs.map((config, at) => runRecord({ id: `${at}`, config })),
        accuracy
      )?.marks
    )

  it('differ by dash and by marker, and their labels say by what they differ', () => {
    const drawnLines = drawn([{ activation: 'relu' }, { activation: 'tanh' }, { batch: 64 }])
    expect(drawnLines.map(({ dash, marker }) => [dash, marker])).toEqual([
      ['solid', 'circle'],
      ['dashed', 'square'],
      ['dotted', 'triangle']
    ])
    expect(drawnLines.map(({ points }) => points)).toEqual([true, true, true])
    expect(new Set(drawnLines.map(({ label }) => label)).size).toBe(3)
  })
  it('keep the dash of their loss where that tells them apart', () => {
    const found = drawn([{ loss: 'clipped' }, { loss: 'exact' }])
    expect(found.map(({ dash, marker }) => [dash, marker])).toEqual([
      ['dashed', 'circle'],
      ['solid', 'square']
    ])
  })
  it('are named in the legend where their names would not fit at their ends', () => {
    const seven = Array.from({ length: 7 }, (_, at) => ({ batch: 8 + at }))
    expect(drawn(seven.slice(1)).every(({ directLabel }) => directLabel)).toBe(true)
    expect(drawn(seven).some(({ directLabel }) => directLabel)).toBe(false)
  })
})

describe('curves within an epoch', () => {
  const trace = { fraction: [0.5, 1], loss: [2, 1], accuracy: [0.3, 0.6] }
  const traced = runRecord({ trainCount: 320, config: { batch: 32, epochs: 1 } }, [0.1, 0.8], {
    trace
  })

  it('show in training the means over the parts of an epoch that was traced', () => {
    const [line] = lines(trainingFigure([traced], { measure: 'loss', split: 'train' })?.marks)
    expect([line?.x, line?.y]).toEqual([
      [0, 0.5, 1],
      [1, 2, 1]
    ])
    const [test] = lines(trainingFigure([traced], accuracy)?.marks)
    expect(test?.x).toEqual([0, 1])
  })
  it('are drawn along steps: 320 images in batches of 32 are 10 an epoch', () => {
    const figure = trainingFigure([traced], { measure: 'loss', split: 'train', along: 'step' })
    expect(lines(figure?.marks)[0]?.x).toEqual([0, 5, 10])
    expect(figure?.x).toMatchObject({ label: 'step', max: 10 })
    expect(figure?.title).toBe('Training loss by step')
  })
  it('are smoothed by an exponential moving average whose factor is said', () => {
    const figure = trainingFigure([traced], { measure: 'loss', split: 'train', smoothing: 0.5 })
    // 1, then (1 / 2 + 2) / (1 / 2 + 1), then (1 / 4 + 2 / 2 + 1) / (1 / 4 + 1 / 2 + 1)
    const expected = [1, 5 / 3, 9 / 7]
    Array.from(lines(figure?.marks)[0]?.y ?? []).forEach((y, at) =>
      expect(y).toBeCloseTo(expected[at]!, 12)
    )
    expect(figure?.subtitle).toContain('factor 0.5')
  })
  it('begin the average anew after a value that is no number', () => {
    expect(smoothed([4, NaN, 2, 0], 0.5)).toEqual([4, NaN, 2, 2 / 3])
  })
  it('do not cling to the first value where there are few', () => {
    // weights .81, .9, 1: untrained, then 80 % twice
    expect(smoothed([0.1, 0.8, 0.8], 0.9).at(-1)).toBeCloseTo((0.081 + 0.72 + 0.8) / 2.71, 12)
  })
})
