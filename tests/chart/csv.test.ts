import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { figureCsv } from '../../src/chart/figure-numbers'
import type { Figure, Mark } from '../../src/core/figure/figure'

const INK = { role: 'ink' } as const
const FIGURE: Figure = {
  id: 'test',
  title: 'Test',
  subtitle: '',
  definition: '',
  summary: '',
  x: { label: 'value (bytes)', scale: 'linear', format: 'number' },
  y: { label: 'pixels, "all"', scale: 'linear', format: 'count' },
  marks: []
}

function rowsOf(...marks: Mark[]): Record<string, string>[] {
  return parse(figureCsv({ ...FIGURE, marks }), { columns: true, record_delimiter: '\r\n' })
}

describe('the CSV of a figure', () => {
  it('has a header with labels and units, quoted as RFC 4180 has it', () => {
    expect(figureCsv(FIGURE)).toBe(
      'mark,label,value (bytes),value (bytes) (to),"pixels, ""all""","pixels, ""all"" (to)",value,low,high\r\n'
    )
  })

  it('has a row for each bin, with the exact count beside a height that is not', () => {
    const rows = rowsOf({
      kind: 'steps',
      label: 'a, b',
      colour: INK,
      fill: true,
      edges: Float64Array.of(0, 1 / 3, 1),
      heights: [0.5, 2],
      counts: [0, 2]
    })
    expect(rows).toHaveLength(2)
    expect(rows[0]).toEqual({
      mark: 'steps',
      label: 'a, b',
      'value (bytes)': '0',
      'value (bytes) (to)': '0.3333333333333333',
      'pixels, "all"': '0.5',
      'pixels, "all" (to)': '',
      value: '0',
      low: '',
      high: ''
    })
  })

  it('says where a line was measured as not a number, and has the ends of its band', () => {
    const rows = rowsOf({
      kind: 'line',
      label: 'l',
      colour: INK,
      x: [1, 2],
      y: [0.1, NaN],
      band: { low: [0, 0.5], high: [1, 2] }
    })
    expect(rows.map((row) => [row['pixels, "all"'], row.low, row.high])).toEqual([
      ['0.1', '0', '1'],
      ['NaN', '0.5', '2']
    ])
  })

  it('has the four edges and the value of each cell', () => {
    const rows = rowsOf({
      kind: 'cells',
      label: 'c',
      xEdges: [0, 1, 2],
      yEdges: [10, 20],
      values: [5, NaN],
      colours: 'viridis',
      domain: [1, 5],
      format: 'count'
    })
    expect(rows.map((row) => Object.values(row).slice(2, 7))).toEqual([
      ['0', '1', '10', '20', '5'],
      ['1', '2', '10', '20', '']
    ])
  })

  it('has points, rules and spans', () => {
    const rows = rowsOf(
      { kind: 'points', label: 'p', colour: INK, x: [1], y: [2] },
      { kind: 'rule', axis: 'x', at: 3, colour: INK },
      { kind: 'rule', axis: 'y', at: 4, colour: INK },
      { kind: 'span', from: null, to: 6, colour: INK }
    )
    expect(rows.map((row) => Object.values(row).slice(2, 5))).toEqual([
      ['1', '', '2'],
      ['3', '', ''],
      ['', '', '4'],
      ['', '6', '']
    ])
  })
})
