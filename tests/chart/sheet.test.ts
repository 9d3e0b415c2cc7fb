import { createCanvas } from '@napi-rs/canvas'
import { Chart } from 'chart.js'
import { describe, expect, it } from 'vitest'
import { chartConfiguration } from '../../src/chart/configuration'
import { sheetCsv } from '../../src/chart/figure-numbers'
import { itemsAt, toldOf } from '../../src/chart/interaction'
import type { MarkDataset } from '../../src/chart/marks/record'
import { layoutSheet } from '../../src/chart/sheet'
import { saturationFigure, saturationSheet } from '../../src/core/figure/activations'
import type { Figure } from '../../src/core/figure/figure'
import { activationOf } from '../../src/core/network/activations'

/** Two units: the first is never saturated, the second always; epochs 0 to `reached` of 5. */
function map(choice: 'raw' | 'unit' | 'standardised', id: 'tanh' | 'sigmoid', reached = 0): Figure {
  const epochs = Array.from({ length: reached + 1 }, (_, epoch) => ({ epoch, saturation: [0, 1] }))
  const layer = { of: 'the hidden layer', unit: 'unit' } as const
  const options = { probe: '100 images', lastEpoch: 5, trained: reached > 0, layer }
  return saturationFigure({ id: choice }, activationOf(id), epochs, options)
}
const rows = (['tanh', 'sigmoid'] as const).map((id) =>
  (['raw', 'unit', 'standardised'] as const).map((choice) => map(choice, id))
)

function drawn(figure: Figure) {
  const canvas = createCanvas(300, 170)
  const context = canvas.getContext('2d')
  const chart = new Chart(
    context as unknown as CanvasRenderingContext2D,
    chartConfiguration(figure, 'light', { pixelRatio: 1, panel: true })
  )
  const { left, width, top, height } = chart.chartArea
  /** at a share of the width and height of the plot */
  const place = (x: number, y: number) => [left + x * width, top + y * height] as const
  return {
    chart,
    colour: (x: number, y: number): number[] => {
      const [px, py] = place(x, y).map(Math.round) as [number, number]
      return [...context.getImageData(px, py, 1, 1).data.slice(0, 3)]
    },
    told: (x: number, y: number) => {
      const [item] = itemsAt(chart, ...place(x, y))
      if (!item) return undefined
      const dataset = chart.data.datasets[item.datasetIndex] as unknown as MarkDataset
      return toldOf(figure, dataset, { dataIndex: item.index, element: item.element }, true)
    }
  }
}

describe('the map of saturation', () => {
  it('colours 100 % yellow, 0 % dark blue and leaves epochs to come grey, the most saturated first', () => {
    const { colour } = drawn(map('raw', 'tanh'))
    // ends of cividis (Nunez, Anderton & Renslow 2018), within 3 as d3 fits it by polynomials
    colour(0.25, 0.08).forEach((part, i) =>
      expect(Math.abs(part - [253, 234, 69][i]!)).toBeLessThan(4)
    )
    colour(0.75, 0.08).forEach((part, i) =>
      expect(Math.abs(part - [0, 32, 81][i]!)).toBeLessThan(4)
    )
    expect(colour(0.25, 0.9)).toEqual([239, 239, 236])
  })

  it('tells the unit, the epoch and the share, and where nothing is reached yet', () => {
    const trained = drawn(map('raw', 'tanh', 2))
    // the second of six rows
    expect(trained.told(0.25, 0.25)).toEqual({
      title: 'unit, most saturated first: 1\nepoch: 1',
      line: 'images saturated: 100.00 %'
    })
    expect(trained.told(0.25, 0.9)).toEqual({
      title: 'unit, most saturated first: 1\nepoch: 3 to 5',
      line: 'not reached'
    })
    expect(drawn(map('raw', 'tanh')).told(0.75, 0.9)?.line).toBe('not trained yet')
  })

  it('keeps a row for every planned epoch, and for those beyond the plan', () => {
    expect(map('raw', 'tanh').y).toMatchObject({ min: -0.5, max: 5.5, reverse: true })
    expect(map('raw', 'tanh', 7).y.max).toBe(7.5)
  })

  it('gives every map a plot of the same height', () => {
    const heights = layoutSheet({ rows }, 940).panels.map(({ figure, width, height, options }) => {
      const context = createCanvas(width, height).getContext('2d')
      const shown = { pixelRatio: 1, ...options }
      const configuration = chartConfiguration(figure, 'light', shown)
      return new Chart(context as unknown as CanvasRenderingContext2D, configuration).chartArea
        .height
    })
    expect(heights.length).toBe(6)
    for (const height of heights) expect(Math.abs(height - heights[0]!)).toBeLessThan(1)
  })

  it('writes every cell that has a value to one CSV', () => {
    const lines = sheetCsv(saturationSheet(rows, '')!).trimEnd().split('\r\n')
    // 2 activations x 3 choices x 1 epoch x 2 units, and the head
    expect(lines).toHaveLength(2 * 3 * 2 + 1)
    expect(lines[1]).toBe('"tanh, As stored",cells,images saturated,0.5,1.5,-0.5,0.5,1,,')
  })
})

describe('a sheet', () => {
  it('puts three columns side by side at 938 pixels and into two blocks at 500', () => {
    const wide = layoutSheet({ rows }, 938)
    expect(new Set(wide.panels.map(({ y }) => y)).size).toBe(2)
    expect(wide.panels.every(({ x, width }) => x + width <= 938)).toBe(true)
    const narrow = layoutSheet({ rows }, 500)
    expect(new Set(narrow.panels.map(({ y }) => y)).size).toBe(4)
    expect(narrow.height).toBeGreaterThan(wide.height)
  })

  it('has one colour scale, and each axis title once a row or column', () => {
    const { panels } = layoutSheet({ rows }, 938)
    expect(panels.filter(({ options }) => options.colourBar)).toHaveLength(1)
    expect(panels.filter(({ options }) => options.axisTitles?.y)).toHaveLength(2)
    expect(panels.filter(({ options }) => options.axisTitles?.x)).toHaveLength(3)
  })

  it('is none without figures', () => {
    expect(saturationSheet([[], []], '')).toBeUndefined()
    expect(layoutSheet({ rows: [] }, 938).panels).toEqual([])
  })
})
