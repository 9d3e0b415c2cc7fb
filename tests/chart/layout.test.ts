import { describe, expect, it } from 'vitest'
import { binOf } from '../../src/chart/marks/steps'
import { spread } from '../../src/chart/words'
import { boundsOf, decadeTicks, linearTicks, percentTicks } from '../../src/chart/scales'
import type { Figure, Mark } from '../../src/core/figure/figure'

const figure = (marks: Mark[], own: Partial<Figure> = {}): Figure => ({
  id: 'f',
  title: 'Title',
  subtitle: 'Subtitle',
  definition: 'Definition',
  summary: 'Summary',
  x: { label: 'x', scale: 'linear', format: 'number' },
  y: { label: 'y', scale: 'linear', format: 'count' },
  marks,
  ...own
})
const steps = (heights: number[]): Mark => ({
  kind: 'steps',
  label: 'a',
  colour: { choice: 'raw' },
  fill: true,
  edges: heights.concat(0).map((_, i) => i),
  heights
})

describe('labels at line ends', () => {
  it('stay where they are when they are far apart', () => {
    expect(spread([10, 50, 90], 13, 0, 100)).toEqual([10, 50, 90])
  })
  it('are moved apart evenly, in their order, when they would collide', () => {
    expect(spread([50, 48], 13, 0, 100)).toEqual([55.5, 42.5])
  })
  it('stay inside the plot', () => {
    expect(spread([1, 2, 3], 13, 0, 100)).toEqual([0, 13, 26])
    expect(spread([99, 100], 13, 0, 100)).toEqual([87, 100])
  })
  it('push neighbours along when a block grows into them', () => {
    const places = spread([20, 22, 34], 13, 0, 100)
    const sorted = [...places].sort((a, b) => a - b)
    expect(sorted[1]! - sorted[0]!).toBeGreaterThan(12.999)
    expect(sorted[2]! - sorted[1]!).toBeGreaterThan(12.999)
  })
})

describe('axes', () => {
  it('begin a histogram of counts at 0', () => {
    expect(boundsOf(figure([steps([5, 10])]), 'y').min).toBe(0)
  })
  it('begin a log axis at a whole decade below the smallest positive count', () => {
    const y = { label: 'n', scale: 'log', format: 'count' } as const
    const { min, max } = boundsOf(figure([steps([0, 180_000, 23_000_000])], { y }), 'y')
    expect(min).toBe(10_000)
    expect(max).toBeGreaterThan(23_000_000)
  })
  it('have ticks at decades only', () => {
    expect(decadeTicks({ min: 1e4, max: 4e7 })).toEqual([1e4, 1e5, 1e6, 1e7])
    expect(decadeTicks({ min: 1, max: 1e12 }).length).toBeLessThanOrEqual(7)
  })
  it('have ticks at 1, 2 and 5 where a decade would be alone', () => {
    expect(decadeTicks({ min: 2, max: 50 })).toEqual([2, 5, 10, 20, 50])
  })
  it('keep the bounds that the figure gives', () => {
    const y = { label: 'y', scale: 'linear', format: 'percent', min: 0, max: 1 } as const
    expect(boundsOf(figure([steps([0.2, 0.4])], { y }), 'y')).toEqual({ min: 0, max: 1 })
  })
  it('end at the edges of cells', () => {
    const cells: Mark = {
      kind: 'cells',
      label: 'images',
      xEdges: [0, 4, 8],
      yEdges: [-1, 1],
      values: [1, NaN],
      colours: 'viridis',
      domain: [0, 1],
      format: 'count'
    }
    expect(boundsOf(figure([cells]), 'x')).toEqual({ min: 0, max: 8 })
  })
  it('are never empty, also for one value and for none', () => {
    const one: Mark = { kind: 'points', label: 'p', colour: { class: 0 }, x: [3], y: [0] }
    for (const marks of [[one], []]) {
      const { min, max } = boundsOf(figure(marks), 'x')
      expect(max).toBeGreaterThan(min)
    }
  })
  it('have round ticks, as many as there is room for', () => {
    expect(linearTicks({ min: 0, max: 255 }, 220, 40)).toEqual([0, 50, 100, 150, 200, 250])
    expect(linearTicks({ min: 0, max: 1 }, 220, 40)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
    expect(linearTicks({ min: -6, max: 6 }, 220, 40)).toEqual([-5, 0, 5])
    expect(linearTicks({ min: -0.81, max: 2.02 }, 220, 80)).toEqual([0, 2])
  })
  it('have whole numbers only where whole numbers are meant', () => {
    expect(linearTicks({ min: 0, max: 3 }, 400, 30, true)).toEqual([0, 1, 2, 3])
    expect(linearTicks({ min: 0, max: 3 }, 400, 30)).toContain(0.5)
  })
  it('have fewer ticks of percent where there is little room', () => {
    expect(percentTicks(250)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
    expect(percentTicks(120)).toEqual([0, 0.5, 1])
  })
})

describe('the bin under the pointer', () => {
  const edges = [0, 1, 2, 4]
  it('is the one whose lower edge is not above the value', () => {
    expect([0, 0.5, 1, 3.9, 4].map((value) => binOf(edges, value))).toEqual([0, 0, 1, 2, 2])
  })
  it('is none beside the histogram', () => {
    expect([binOf(edges, -0.1), binOf(edges, 4.1), binOf([], 1)]).toEqual([-1, -1, -1])
  })
})
