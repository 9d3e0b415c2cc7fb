import { createCanvas } from '@napi-rs/canvas'
import { Chart } from 'chart.js'
import type { TooltipItem } from 'chart.js'
import { describe, expect, it } from 'vitest'
import { chartConfiguration } from '../../src/chart/configuration'
import { figureCsv } from '../../src/chart/figure-numbers'
import { overlayFigure } from '../../src/core/figure/pixels'
import type { ChoiceDistribution } from '../../src/core/figure/pixels'
import type { Mark } from '../../src/core/figure/figure'
import { distribution } from '../../src/core/preprocessing/distribution'
import { fit } from '../../src/core/preprocessing/fit'
import { addImages, createSummary } from '../../src/core/statistics/summary'

const summary = createSummary({ height: 2, width: 2, channels: 1, dtype: 'uint8' })
addImages(summary, Uint8Array.of(0, 0, 0, 100, 0, 50, 150, 200, 255, 0, 0, 145), 3)

function chosen(id: 'raw' | 'unit' | 'standardised'): ChoiceDistribution {
  const fitted = fit({ id }, summary)
  return { fitted, distribution: distribution(fitted, summary, {})! }
}
const CHOICES = [chosen('raw'), chosen('unit'), chosen('standardised')]

function drawn(axis?: 'linear' | 'symlog' | 'own', window?: Record<string, [number, number]>) {
  const figure = overlayFigure(CHOICES, { split: 'train', logCount: true, ...(axis && { axis }) })
  const context = createCanvas(1000, 400).getContext('2d')
  const chart = new Chart(
    context as unknown as CanvasRenderingContext2D,
    chartConfiguration(figure, 'light', { pixelRatio: 1, ...(window && { window }) })
  )
  const shares = figure.marks.map((mark, i) => {
    const scale = chart.getDatasetMeta(i).xScale!
    const { edges } = mark as Extract<Mark, { kind: 'steps' }>
    const [from, to] = [edges[0]!, edges[edges.length - 1]!].map((v) => scale.getPixelForValue(v))
    return (to! - from!) / (chart.chartArea.right - chart.chartArea.left)
  })
  return { figure, chart, shares }
}
const tickValues = (chart: Chart, id: string): number[] =>
  chart.scales[id]!.ticks.map(({ value }) => value)

/** What the pointer is told above a pixel of the plot. */
function tooltipAt(chart: Chart, x: number): { title: string; lines: string[] } {
  const event = { x, y: chart.chartArea.top + 20 }
  const items = chart.getElementsAtEventForMode(event as unknown as Event, 'figure', {}, false)
  const found = items.map(({ datasetIndex, index }) => ({
    dataset: chart.data.datasets[datasetIndex],
    dataIndex: index
  })) as unknown as TooltipItem<'line'>[]
  const { title, label } = chart.options.plugins!.tooltip!.callbacks!
  const context = undefined as never
  return {
    title: String(title!.call(context, found)),
    lines: found.map((item) => String(label!.call(context, item)))
  }
}

describe('overlaid histograms', () => {
  it('give each choice at least a fifth of the plot', () => {
    expect(Math.min(...drawn().shares)).toBeGreaterThan(0.2)
  })

  it('have round ticks apart from each other on a symlog axis, to either side of 0', () => {
    const { figure, chart } = drawn()
    // the narrowest choice reaches to 1: linear within a tenth of that
    expect(figure.x).toMatchObject({ scale: 'symlog', linearWithin: 0.1 })
    expect(figure.x.label).toContain('linear within ±0.1, logarithmic beyond')
    expect(tickValues(chart, 'x')).toEqual([-0.1, 0, 0.1, 1, 10, 100])
    expect(chart.scales.x!.ticks.map(({ label }) => label)).toEqual([
      '−0.1',
      '0',
      '0.1',
      '1',
      '10',
      '100'
    ])
    // one power of ten is as wide as another, and as the linear part on each side of 0
    const at = [-0.1, 0, 0.1, 1, 10, 100].map((v) => chart.scales.x!.getPixelForValue(v))
    const widths = at.slice(1).map((pixel, i) => pixel - at[i]!)
    widths.forEach((width) => expect(width).toBeCloseTo(widths[0]!, 6))
    for (const v of [-0.8, -0.05, 0.03, 7, 200]) {
      const { x } = chart.scales
      expect(x!.getValueForPixel(x!.getPixelForValue(v))).toBeCloseTo(v, 9)
    }
  })

  it('have finer ticks in a part of the symlog axis', () => {
    expect(tickValues(drawn('symlog', { x: [3, 80] }).chart, 'x')).toEqual([5, 10, 20, 50])
    // all of it linear: equal steps
    const ticks = tickValues(drawn('symlog', { x: [-0.02, 0.02] }).chart, 'x')
    expect([ticks[0], ticks.at(-1)]).toEqual([-0.02, 0.02])
    const step = 0.04 / (ticks.length - 1)
    ticks.forEach((value, i) => expect(value).toBeCloseTo(-0.02 + i * step, 9))
    expect(ticks.length).toBeGreaterThan(4)
  })

  it('fill the plot each, with an axis in their own colour, where each has its own range', () => {
    const { chart, shares } = drawn('own')
    shares.forEach((share) => expect(share).toBeCloseTo(1, 9))
    expect(Object.keys(chart.scales).sort()).toEqual(['x', 'x0', 'x1', 'x2', 'y'])
    expect([chart.scales.x0!.min, chart.scales.x0!.max]).toEqual([0, 255])
    expect([chart.scales.x1!.min, chart.scales.x1!.max]).toEqual([0, 1])
    expect((chart.scales.x1!.options as { ticks?: { color?: unknown } }).ticks!.color).toBe(
      '#0072b2'
    )
    const tops = [0, 1, 2].map((i) => chart.scales[`x${i}`]!.top)
    expect(tops[0]).toBeLessThan(tops[1]!)
    expect(tops[1]).toBeLessThan(tops[2]!)
    expect(chart.scales.x!.top).toBeGreaterThanOrEqual(chart.scales.x2!.bottom)
  })

  it('tell the bin of each choice under the pointer with its true values', () => {
    const { chart } = drawn('own')
    const { left, right } = chart.chartArea
    const { lines } = tooltipAt(chart, (left + right) / 2 + 0.5)
    // 64 bins from 0 to 255 and from 0 to 1: the first of the upper half, 255 / 64 wide, is empty
    expect(lines[0]).toBe('As stored: 0 from 127.5 to 131.484')
    expect(lines[1]).toBe('Rescaled to [0, 1]: 0 from 0.5 to 0.515625')

    const shared = drawn('symlog').chart
    const at = shared.scales.x!.getPixelForValue(100)
    expect(tooltipAt(shared, at).lines).toEqual(['As stored: 1 from 99.6094 to 103.594'])
  })

  it('write the same numbers to the CSV on whatever axis', () => {
    const rows = (['linear', 'symlog', 'own'] as const).map((axis) =>
      figureCsv(drawn(axis).figure).split('\r\n').slice(1).join('\n')
    )
    expect(rows[1]).toBe(rows[0])
    expect(rows[2]).toBe(rows[0])
  })
})
