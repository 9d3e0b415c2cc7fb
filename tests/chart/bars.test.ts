import { createCanvas } from '@napi-rs/canvas'
import { Chart } from 'chart.js'
import { describe, expect, it } from 'vitest'
import { chartConfiguration } from '../../src/chart/configuration'
import { figureCsv, figureTables } from '../../src/chart/figure-numbers'
import { itemsAt, toldOf } from '../../src/chart/interaction'
import type { MarkDataset } from '../../src/chart/marks/record'
import type { Figure } from '../../src/core/figure/figure'

const FIGURE: Figure = {
  id: 'f',
  title: 'Shares',
  subtitle: '',
  definition: 'Definition',
  summary: 'Summary',
  x: { label: 'accuracy', scale: 'linear', format: 'percent', min: 0, max: 1 },
  y: {
    label: 'switch',
    scale: 'linear',
    format: 'integer',
    names: ['loss', 'weights'],
    min: -0.5,
    max: 1.5,
    reverse: true
  },
  marks: [
    {
      kind: 'bars',
      label: 'share',
      colour: { role: 'accent' },
      rows: [0, 1],
      from: [0.1, 0.5],
      to: [0.5, 0.4],
      band: { low: [0.2, 0.35], high: [0.9, 0.45] },
      words: ['+40.0', '−10.0']
    }
  ]
}

/** Draws in Node, with every text and where it begins. */
function drawn(figure: Figure) {
  const canvas = createCanvas(400, 300)
  const context = canvas.getContext('2d')
  const texts = new Map<string, { x: number; y: number }>()
  const write = context.fillText.bind(context)
  context.fillText = (text: string, x: number, y: number) => {
    texts.set(text, { x, y })
    write(text, x, y)
  }
  const chart = new Chart(
    context as unknown as CanvasRenderingContext2D,
    chartConfiguration(figure, 'light', { pixelRatio: 1 })
  )
  const colour = (x: number, y: number): string =>
    [...context.getImageData(Math.round(x), Math.round(y), 1, 1).data].join()
  return { chart, texts, colour }
}

describe('bars', () => {
  it('lie between their two values, in their row', () => {
    const { chart, colour } = drawn(FIGURE)
    const { x, y } = chart.scales as Record<'x' | 'y', NonNullable<typeof chart.scales.x>>
    // beside the whisker, which lies in the middle
    const at = (value: number, row: number): string =>
      colour(x.getPixelForValue(value), y.getPixelForValue(row) + 10)
    const ground = at(0.05, 0)
    expect(at(0.3, 0)).not.toBe(ground)
    expect(at(0.55, 0)).toBe(ground)
    expect(at(0.45, 1)).toBe(at(0.3, 0))
    expect(at(0.3, 1)).toBe(ground)
  })

  it('have a whisker from the lowest to the highest', () => {
    const { chart, colour } = drawn(FIGURE)
    const { x, y } = chart.scales as Record<'x' | 'y', NonNullable<typeof chart.scales.x>>
    const at = (value: number): string => colour(x.getPixelForValue(value), y.getPixelForValue(0))
    expect(at(0.7)).not.toBe(at(0.97))
  })

  it('are named at the axis, and their words stand behind bar and whisker', () => {
    const { chart, texts } = drawn(FIGURE)
    const { x, y } = chart.scales
    expect(texts.get('loss')!.x).toBeLessThan(chart.chartArea.left)
    expect(texts.get('+40.0')!.x).toBeGreaterThan(x!.getPixelForValue(0.9))
    expect(texts.get('+40.0')!.y).toBeCloseTo(y!.getPixelForValue(0), 0)
    expect(texts.get('+40.0')!.y).toBeLessThan(texts.get('−10.0')!.y)
  })

  it('have long names in lines that stand within the picture', () => {
    const name = 'First-layer learning rate ÷ 255, as the tutorial has it'
    const own = { ...FIGURE, y: { ...FIGURE.y, names: [name, 'weights'] } }
    const canvas = createCanvas(320, 220)
    const context = canvas.getContext('2d')
    const written: { text: string; left: number }[] = []
    const write = context.fillText.bind(context)
    context.fillText = (text: string, x: number, y: number) => {
      const { width } = context.measureText(text)
      const left = x - (context.textAlign === 'right' ? width : 0)
      written.push({ text, left: left + context.getTransform().e })
      write(text, x, y)
    }
    new Chart(
      context as unknown as CanvasRenderingContext2D,
      chartConfiguration(own, 'light', { pixelRatio: 1 })
    )
    const lines = written.filter(({ text }) => text && name.includes(text))
    expect(lines.map(({ text }) => text).join(' ')).toBe(name)
    expect(lines.length).toBeGreaterThan(1)
    expect(lines.some(({ text }) => text.includes('rate ÷ 255,'))).toBe(true)
    for (const { left } of lines) expect(left).toBeGreaterThanOrEqual(0)
  })

  it('have words that no level passes through', () => {
    const bare = drawn(FIGURE)
    const begin = bare.texts.get('+40.0')!
    const through = begin.x + 10
    const at = bare.chart.scales.x!.getValueForPixel(through)!
    const level = { kind: 'rule', axis: 'x', at, colour: { role: 'bad' } } as const
    const { colour } = drawn({ ...FIGURE, marks: [...FIGURE.marks, level] })
    const line = colour(through, begin.y - 10)
    expect(line).not.toBe(bare.colour(through, begin.y - 10))
    const height = Array.from({ length: 9 }, (_, i) => colour(through, begin.y - 4 + i))
    expect(height).not.toContain(line)
  })

  it('tell name, length and range of the row under the pointer', () => {
    const { chart } = drawn(FIGURE)
    const [item] = itemsAt(
      chart,
      chart.scales.x!.getPixelForValue(0.02),
      chart.scales.y!.getPixelForValue(1)
    )
    const dataset = chart.data.datasets[item!.datasetIndex] as unknown as MarkDataset
    const told = toldOf(FIGURE, dataset, { dataIndex: item!.index, element: item!.element }, true)
    expect(told).toEqual({ title: 'weights', line: 'share: −10.00 % (35.00 % to 45.00 %)' })
  })

  it('have names in the CSV and in the table', () => {
    const [, first] = figureCsv(FIGURE).split('\r\n')
    expect(first).toBe('bars,share,0.1,0.5,loss,,0.4,0.2,0.9')
    const [table] = figureTables(FIGURE)
    expect(table!.head).toEqual(['switch', 'from', 'to', 'share', 'lowest', 'highest'])
    expect(table!.rows[0]).toEqual(['loss', '10.00 %', '50.00 %', '40.00 %', '20.00 %', '90.00 %'])
  })
})
