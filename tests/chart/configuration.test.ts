import { createCanvas } from '@napi-rs/canvas'
import { Chart } from 'chart.js'
import { describe, expect, it } from 'vitest'
import { chartConfiguration, legendMarks } from '../../src/chart/configuration'
import type { ChartOptions } from '../../src/chart/options'
import { figureCsv, figureTables } from '../../src/chart/figure-numbers'
import { itemsAt } from '../../src/chart/interaction'
import type { Figure, Mark } from '../../src/core/figure/figure'

const figure = (marks: Mark[], own: Partial<Figure> = {}): Figure => ({
  id: 'f',
  title: 'Title',
  subtitle: 'Subtitle',
  definition: 'Definition',
  summary: 'Summary',
  x: { label: 'x', scale: 'linear', format: 'number' },
  y: { label: 'y', scale: 'linear', format: 'number' },
  marks,
  ...own
})

/** Draws in Node, as the command line does. */
function draw(of: Figure, options: ChartOptions = {}, theme: 'light' | 'dark' = 'light') {
  const canvas = createCanvas(400, 300)
  const context = canvas.getContext('2d')
  const chart = new Chart(
    context as unknown as CanvasRenderingContext2D,
    chartConfiguration(of, theme, { pixelRatio: 1, ...options })
  )
  const at = (x: number, y: number): number[] => [
    ...context.getImageData(Math.round(x), Math.round(y), 1, 1).data
  ]
  return { chart, at, image: () => context.getImageData(0, 0, 400, 300).data }
}

const line = (own: Partial<Extract<Mark, { kind: 'line' }>> = {}): Mark => ({
  kind: 'line',
  label: 'raw',
  colour: { choice: 'raw' },
  x: [0, 1, 2],
  y: [1, 3, 2],
  ...own
})

/** Every text that is written, with the middle of its height. */
function textsOf(of: Figure): {
  chart: Chart
  texts: Map<string, { x: number; y: number; top: number }>
} {
  const canvas = createCanvas(400, 300)
  const context = canvas.getContext('2d')
  const texts = new Map<string, { x: number; y: number; top: number }>()
  const write = context.fillText.bind(context)
  context.fillText = (text: string, x: number, y: number) => {
    const baseline = context.textBaseline
    const top = baseline === 'top' ? y : baseline === 'middle' ? y - 6 : y - 11
    texts.set(text, { x, y, top })
    write(text, x, y)
  }
  const chart = new Chart(
    context as unknown as CanvasRenderingContext2D,
    chartConfiguration(of, 'light', { pixelRatio: 1 })
  )
  return { chart, texts }
}

const rule = (axis: 'x' | 'y', at: number, label: string): Mark => ({
  kind: 'rule',
  axis,
  at,
  label,
  colour: { role: 'muted' }
})

describe('the words of rules', () => {
  it('stand above a histogram that is full to its top', () => {
    const full: Mark = {
      kind: 'steps',
      label: 'unit',
      colour: { choice: 'unit' },
      fill: true,
      edges: [0, 1, 2],
      heights: [4, 4]
    }
    const y = { label: 'n', scale: 'linear', format: 'count', min: 0, max: 4 } as const
    const { chart, texts } = textsOf(figure([full, rule('x', 1, 'mean 1')], { y }))
    const { top } = texts.get('mean 1')!
    expect(top).toBeGreaterThanOrEqual(0)
    expect(top + 11).toBeLessThanOrEqual(chart.scales.y!.getPixelForValue(4))
  })
  it('do not run into one another where two levels are close', () => {
    const levels = [rule('y', 1.5, 'first level'), rule('y', 1.55, 'second level')]
    const { texts } = textsOf(figure([line(), ...levels]))
    const [a, b] = ['first level', 'second level'].map((text) => texts.get(text)!.top)
    expect(Math.abs(a! - b!)).toBeGreaterThanOrEqual(11)
  })
})

describe('the words of a level', () => {
  const along = (y: number[]): Mark => line({ x: y.map((_, i) => i), y })
  const y = { label: 'y', scale: 'linear', format: 'number', min: 0, max: 1 } as const
  /** side and height of the words relative to their level */
  const placed = (marks: Mark[]) => {
    const { chart, texts } = textsOf(figure([...marks, rule('y', 0.5, 'chance')], { y }))
    const { x, y: middle } = texts.get('chance')!
    const level = chart.scales.y!.getPixelForValue(0.5)
    return [x < 200 ? 'left' : 'right', middle > level ? 'under' : 'over']
  }
  it('stand under its left end where no line is', () => {
    expect(placed([along([0.9, 0.9])])).toEqual(['left', 'under'])
  })
  it('stand over it where a line passes under it', () => {
    expect(placed([along([0.45, 0.45, 0.45, 0.45])])).toEqual(['left', 'over'])
  })
  it('stand at its right end where lines begin at its left', () => {
    const rising = [
      along([0.4, 0.9, 0.9, 0.9]),
      along([0.45, 0.9, 0.9, 0.9]),
      along([0.6, 0.45, 0.9, 0.9])
    ]
    expect(placed(rising)).toEqual(['right', 'under'])
  })
  it('have no upright level through them', () => {
    const words = `a${' '.repeat(12)}b`
    const level = rule('y', 0.5, words)
    const bare = figure([along([0.9, 0.9]), level], { y })
    const { chart, texts } = textsOf(bare)
    const begin = texts.get(words)!
    const through = Math.round(begin.x) + 20
    const upright = { ...rule('x', chart.scales.x!.getValueForPixel(through)!, ''), label: '' }
    const { at } = draw({ ...bare, marks: [...bare.marks, upright] })
    const colours = (middle: number): string[] =>
      Array.from({ length: 9 }, (_, i) => at(through, middle - 4 + i).join())
    const [passed] = colours(begin.y + 30)
    expect(passed).not.toBe(
      draw(bare)
        .at(through, begin.y + 26)
        .join()
    )
    expect(colours(begin.y)).not.toContain(passed)
  })
})

describe('a value without bounds', () => {
  it('lets the line leave the plot, on a canvas and in numbers that a file can hold', () => {
    const { chart } = draw(figure([line({ y: [1, 2, Infinity] })]))
    const [, before, last] = chart.getDatasetMeta(0).data.map(({ y }) => y)
    expect(Number.isFinite(last)).toBe(true)
    expect(last).toBeLessThan(chart.chartArea.top)
    expect(before).toBeGreaterThanOrEqual(chart.chartArea.top)
  })
})

describe('a figure drawn without a document', () => {
  it('fills the bins of a histogram up to their heights and not above', () => {
    const { chart, at } = draw(
      figure([
        {
          kind: 'steps',
          label: 'unit',
          colour: { choice: 'unit' },
          fill: true,
          edges: [0, 1, 2],
          heights: [4, 2]
        }
      ])
    )
    const { x, y } = chart.scales
    const inside = at(x!.getPixelForValue(1.5), y!.getPixelForValue(1))
    const above = at(x!.getPixelForValue(1.5), y!.getPixelForValue(2.7))
    expect(inside[3]).toBeGreaterThan(40)
    expect(inside[2]).toBeGreaterThan(inside[0]!)
    expect(above[3]).toBe(0)
  })

  it('draws an empty bin of a log histogram as empty', () => {
    const { chart, at } = draw(
      figure(
        [
          {
            kind: 'steps',
            label: 'raw',
            colour: { choice: 'raw' },
            fill: true,
            edges: [0, 1, 2, 3],
            heights: [1000, 0, 1000]
          }
        ],
        { y: { label: 'n', scale: 'log', format: 'count' } }
      )
    )
    const { x, y } = chart.scales
    const middle = (y!.top + y!.bottom) / 2 + 5
    expect(at(x!.getPixelForValue(0.5), middle)[3]).toBeGreaterThan(40)
    expect(at(x!.getPixelForValue(1.5), middle)[3]).toBe(0)
  })

  it('breaks a line at NaN', () => {
    const { chart, at } = draw(figure([line({ x: [0, 1, 2, 3], y: [1, 1, NaN, 2] })]))
    const { x, y } = chart.scales
    expect(at(x!.getPixelForValue(0.5), y!.getPixelForValue(1))[3]).toBeGreaterThan(200)
    expect(at(x!.getPixelForValue(2.5), y!.getPixelForValue(1.75))[3]).toBe(0)
  })

  it('lets a line leave a log axis at 0, and rest on no height', () => {
    const of = figure([line({ x: [0, 1, 2, 3], y: [100, 0, 0, 10] })], {
      y: { label: 'y', scale: 'log', format: 'number' }
    })
    const { chart, at } = draw(of)
    const { x, y } = chart.scales
    expect(y!.min).toBeGreaterThan(0)
    // what lies at the foot is the pale grid line, not the grey of the choice
    expect(at(x!.getPixelForValue(1.5), y!.bottom - 1)[0]).toBeGreaterThan(200)
    expect(at(x!.getPixelForValue(1.5), y!.bottom - 4)[3]).toBe(0)
  })

  it('lays a band between lowest and highest', () => {
    const { chart, at } = draw(figure([line({ band: { low: [0, 0, 0], high: [4, 4, 4] } })]))
    const { x, y } = chart.scales
    const ground = at(x!.getPixelForValue(1.5), y!.getPixelForValue(3.7))[3]!
    expect(ground).toBeGreaterThan(20)
    expect(ground).toBeLessThan(100)
  })

  it('colours each cell by its value, with the first row at the bottom', () => {
    const cells: Mark = {
      kind: 'cells',
      label: 'share',
      xEdges: [0, 1, 2],
      yEdges: [0, 1, 2],
      values: [0, 1, NaN, 0.5],
      colours: 'grey',
      domain: [0, 1],
      format: 'percent'
    }
    const { chart, at } = draw(figure([cells]))
    const { x, y } = chart.scales
    const cell = (column: number, row: number) =>
      at(x!.getPixelForValue(column + 0.5), y!.getPixelForValue(row + 0.5))
    expect(cell(0, 0)).toEqual([0, 0, 0, 255])
    expect(cell(1, 0)).toEqual([255, 255, 255, 255])
    expect(cell(0, 1)[3]).toBe(0)
    expect(cell(1, 1).slice(0, 3)).toEqual([128, 128, 128])
    const down = draw(
      figure([cells], { y: { label: 'y', scale: 'linear', format: 'number', reverse: true } })
    )
    const first = down.at(
      down.chart.scales.x!.getPixelForValue(0.5),
      down.chart.scales.y!.getPixelForValue(0.5)
    )
    expect(first).toEqual([0, 0, 0, 255])
    expect(down.chart.scales.y!.getPixelForValue(0.5)).toBeLessThan(
      down.chart.scales.y!.getPixelForValue(1.5)
    )
  })

  it('lays a span behind the marks, to the edge where it has no end', () => {
    const { chart, at } = draw(
      figure([{ kind: 'span', from: 1, to: null, colour: { role: 'bad' } }, line()])
    )
    const { x, y } = chart.scales
    expect(at(x!.getPixelForValue(0.5), y!.getPixelForValue(2.9))[3]).toBe(0)
    expect(at(x!.getPixelForValue(1.98), y!.getPixelForValue(2.9))[3]).toBeGreaterThan(8)
  })

  it('draws a rule across the plot', () => {
    const rule: Mark = { kind: 'rule', axis: 'y', at: 2.5, colour: { role: 'ink' } }
    const { chart, at } = draw(figure([rule, line()]))
    const { x, y } = chart.scales
    expect(at(x!.getPixelForValue(1.9), y!.getPixelForValue(2.5))[3]).toBeGreaterThan(100)
  })

  it('leaves out what the legend switched off', () => {
    const of = figure([line()])
    const { chart, at } = draw(of, { hidden: new Set(['raw']) })
    const { x, y } = chart.scales
    expect(at(x!.getPixelForValue(0.9), y!.getPixelForValue(2.8))[3]).toBe(0)
    const { at: shown } = draw(of)
    expect(shown(x!.getPixelForValue(0.9), y!.getPixelForValue(2.8))[3]).toBeGreaterThan(100)
  })

  it('gives a file a ground, and the window none', () => {
    expect(draw(figure([line()]), { standalone: true }).at(1, 1)).toEqual([255, 255, 255, 255])
    expect(draw(figure([line()]), { standalone: true }, 'dark').at(1, 1)).toEqual([28, 29, 32, 255])
    expect(draw(figure([line()])).at(1, 1)[3]).toBe(0)
  })

  it('draws 60,000 points', () => {
    const x = Float64Array.from({ length: 60000 }, (_, i) => i % 251)
    const y = Float64Array.from({ length: 60000 }, (_, i) => (i * 7) % 241)
    const { image } = draw(figure([{ kind: 'points', label: 'p', colour: { class: 0 }, x, y }]))
    expect(image().some((value) => value > 0)).toBe(true)
  })
})

describe('the legend', () => {
  it('names marks only where there are several and none is labelled at its end', () => {
    expect(legendMarks(figure([line()]))).toEqual([])
    expect(legendMarks(figure([line(), line({ label: 'unit' })]))).toHaveLength(2)
    expect(
      legendMarks(figure([line({ directLabel: true }), line({ label: 'unit', directLabel: true })]))
    ).toEqual([])
  })
})

describe('a value that was measured as not a number', () => {
  it('is told by the tooltip, the table and the CSV', () => {
    const mark = line({ y: [1, NaN, 2] })
    const of = figure([mark])
    const { callbacks } = chartConfiguration(of, 'light').options!.plugins!.tooltip!
    const item = { dataset: { mark, before: 0 }, dataIndex: 1 } as never
    expect(callbacks!.label!.call({} as never, item)).toBe('raw: not a number')
    expect(figureTables(of)[0]!.rows[1]).toEqual(['1', 'not a number'])
    expect(figureCsv(of).split('\r\n')[2]).toBe('line,raw,1,,NaN,,,,')
  })
  it('has its place under the pointer', () => {
    const { chart } = draw(figure([line({ y: [1, NaN, 2] })]))
    const x = chart.scales.x!.getPixelForValue(1)
    expect(itemsAt(chart, x, chart.chartArea.top + 5).map(({ index }) => index)).toEqual([1])
  })
})

describe('the tooltip', () => {
  it('says the bin and its exact count', () => {
    const mark: Mark = {
      kind: 'steps',
      label: 'As stored',
      colour: { choice: 'raw' },
      fill: true,
      edges: [0, 8, 16],
      heights: [23615142, 7],
      counts: [23615142, 7]
    }
    const of = figure([mark], { y: { label: 'pixels', scale: 'linear', format: 'count' } })
    const { callbacks } = chartConfiguration(of, 'light').options!.plugins!.tooltip!
    const item = { dataset: { mark, before: 1 }, dataIndex: 1 } as never
    expect(callbacks!.title!.call({} as never, [item])).toBe('x: 0 to 8')
    expect(callbacks!.label!.call({} as never, item)).toContain('As stored: 23,615,142')
  })
})
