import { describe, expect, it } from 'vitest'
import type { Figure, Mark } from '../../../src/core/figure/figure'
import { histogramFigure, histogramFigures, overlayFigure } from '../../../src/core/figure/pixels'
import { imageHistogramFigure, imageMomentsFigure } from '../../../src/core/figure/pixels'
import type { ChoiceDistribution } from '../../../src/core/figure/pixels'
import { listText, numberText } from '../../../src/core/figure/words'
import { fit } from '../../../src/core/preprocessing/fit'
import type { ChoiceId } from '../../../src/core/preprocessing/preprocessing'
import { distribution } from '../../../src/core/preprocessing/distribution'
import { imageMoments } from '../../../src/core/statistics/moments'
import { addImages, createSummary } from '../../../src/core/statistics/summary'
import { specOf } from '../statistics/reference'

const PIXELS = Uint8Array.of(0, 0, 0, 100, 0, 50, 150, 200, 255, 0, 0, 145)
const summary = createSummary({ height: 2, width: 2, channels: 1, dtype: 'uint8' })
addImages(summary, PIXELS, 3)

function chosen(id: ChoiceId, bins?: number): ChoiceDistribution {
  const fitted = fit(specOf(id), summary)
  return { fitted, distribution: distribution(fitted, summary, { bins })! }
}

function markOf<K extends Mark['kind']>(figure: Figure, kind: K): Extract<Mark, { kind: K }> {
  return figure.marks.find((mark) => mark.kind === kind) as Extract<Mark, { kind: K }>
}

describe('the histogram of a choice', () => {
  it('has its bins, its mean as a line and one std about it as ground', () => {
    const figure = histogramFigure(chosen('raw', 3), { split: 'train', logCount: false })
    // sum 900 of 12 values
    const rule = markOf(figure, 'rule')
    expect(rule.at).toBe(75)
    expect(rule.label).toBe('mean 75')
    const steps = markOf(figure, 'steps')
    expect(Array.from(steps.edges)).toEqual([0, 85, 170, 255])
    expect(Array.from(steps.heights)).toEqual([7, 3, 2])
    const span = markOf(figure, 'span')
    const std = Math.sqrt(
      (100 ** 2 + 50 ** 2 + 150 ** 2 + 200 ** 2 + 255 ** 2 + 145 ** 2) / 12 - 75 ** 2
    )
    expect(span.from).toBe(0) // 75 - 86 lies outside the plot
    expect(span.to).toBeCloseTo(75 + std, 10)
    expect(figure.subtitle).toBe(`mean 75, std ${numberText(std)}, 50.0 % at minimum`)
    expect(figure.y).toMatchObject({ scale: 'linear', min: 0 })
  })

  it('draws empty bins at the foot of a logarithmic axis and keeps their counts', () => {
    const figure = histogramFigure(chosen('raw', 5), { split: 'train', logCount: true })
    const steps = markOf(figure, 'steps')
    // 0 x 6 and 50; 100; 145, 150; 200; 255
    expect(Array.from(steps.counts!)).toEqual([7, 1, 2, 1, 1])
    const sparse = histogramFigure(chosen('raw', 17), { split: 'train', logCount: true })
    expect(sparse.y).toMatchObject({ scale: 'log', min: 0.5 })
    expect(Math.min(...Array.from(markOf(sparse, 'steps').heights))).toBe(0.5)
    expect(Math.min(...Array.from(markOf(sparse, 'steps').counts!))).toBe(0)
  })

  it('has the same x axis as the others when they share one', () => {
    const choices = [chosen('raw'), chosen('symmetric')]
    const free = histogramFigures(choices, { split: 'train', logCount: false, sharedAxis: false })
    expect(free.map(({ x }) => [x.min, x.max])).toEqual([
      [0, 255],
      [-1, 1]
    ])
    const shared = histogramFigures(choices, { split: 'train', logCount: false, sharedAxis: true })
    expect(shared.map(({ x }) => [x.min, x.max])).toEqual([
      [-1, 255],
      [-1, 255]
    ])
  })

  it('says its formula with constants, its split and its facts in words', () => {
    const figure = histogramFigure(chosen('unit'), { split: 'test', logCount: false })
    expect(figure.definition).toContain('x / 255')
    expect(figure.summary).toMatch(
      /^Rescaled to \[0, 1\], test split: values from 0 to 1, mean 0\.2941/
    )
  })
})

describe('the overlay', () => {
  it('has one step line a choice over the range of all', () => {
    const choices = [chosen('raw'), chosen('unit'), chosen('centred')]
    const figure = overlayFigure(choices, { split: 'all', logCount: true })
    expect(figure.marks.map((mark) => mark.label)).toEqual([
      'As stored',
      'Rescaled to [0, 1]',
      'Centred, whole set'
    ])
    expect([figure.x.min, figure.x.max]).toEqual([-75, 255])
    // the narrowest choice reaches to 1
    expect(figure.x).toMatchObject({ scale: 'symlog', linearWithin: 0.1 })
    expect(figure.summary).toBe(
      'As stored from 0 to 255, Rescaled to [0, 1] from 0 to 1 and Centred, whole set from −75 to 180.'
    )
  })

  it('has the axis that is asked for', () => {
    const choices = [chosen('raw'), chosen('unit')]
    const of = (axis: 'linear' | 'own') =>
      overlayFigure(choices, { split: 'all', logCount: true, axis }).x
    expect(of('linear')).toMatchObject({ scale: 'linear', min: 0, max: 255 })
    expect(of('own').scale).toBe('own')
    expect(of('own').min).toBeUndefined()
  })

  it('can be of no choice at all', () => {
    const figure = overlayFigure([], { split: 'train', logCount: true })
    expect(figure.marks).toEqual([])
    expect(figure.summary).toBe('No choice is shown.')
  })
})

describe('the density of image means and stds', () => {
  const fitted = fit({ id: 'raw' }, summary)
  const options = { split: 'train', fitted, dtype: 'uint8', cells: 2 } as const

  it('counts each image in one cell and leaves the others empty', () => {
    // means 25, 100, 100; stds 43.3, 79.1, 107.3
    const figure = imageMomentsFigure(imageMoments(summary), options)
    const cells = markOf(figure, 'cells')
    expect(Array.from(cells.xEdges)).toEqual([25, 62.5, 100])
    expect(Array.from(cells.values)).toEqual([1, NaN, NaN, 2])
    expect(cells.domain).toEqual([1, 2])
    expect(figure.x.label).toBe('mean of an image (bytes)')
    expect(figure.summary).toBe('3 images: means from 25 to 100, stds from 43.3 to 107.3.')
  })

  it('can show one class on the axes of all', () => {
    const only = { labels: [0, 1, 0], label: 1, name: 'Trouser' }
    const figure = imageMomentsFigure(imageMoments(summary), { ...options, only })
    expect(Array.from(markOf(figure, 'cells').values)).toEqual([NaN, NaN, NaN, 1])
    expect(figure.subtitle).toBe('1 image of Trouser, training split, as stored')
  })

  it('can be of no image', () => {
    const none = { mean: new Float64Array(), std: new Float64Array() }
    const figure = imageMomentsFigure({ ...none, min: none.mean, max: none.mean }, options)
    expect(figure.summary).toBe('No image is shown.')
  })
})

describe('the histogram of one image', () => {
  it("stands beside that of the set's average image", () => {
    const figure = imageHistogramFigure(PIXELS.subarray(4, 8), summary)
    const [average, image] = figure.marks as Extract<Mark, { kind: 'steps' }>[]
    expect(Array.from(image!.heights).reduce((sum, height) => sum + height)).toBe(4)
    expect(Array.from(average!.heights).reduce((sum, height) => sum + height)).toBeCloseTo(4, 12)
    expect(average!.heights[0]).toBe(2) // 6 zeros in 3 images
    expect(image!.heights[0]).toBe(1)
    expect([figure.x.min, figure.x.max]).toEqual([0, 255])
  })
})

describe('numbers in words', () => {
  it('have four digits or whole numbers, separated thousands and a true minus sign', () => {
    expect([72.94035, 0.28604, 1e-17, -0.8102, 12345.6, 255].map(numberText)).toEqual([
      '72.94',
      '0.286',
      '0',
      '−0.8102',
      '12,346',
      '255'
    ])
    expect(listText(['a'])).toBe('a')
    expect(listText(['a', 'b', 'c'])).toBe('a, b and c')
  })
})
