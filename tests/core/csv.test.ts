import { parse } from 'csv-parse/sync'
import { expect, it } from 'vitest'
import { csvText } from '../../src/core/csv'

it('a CSV reader gives back what was written, whatever is in a cell', () => {
  const rows = [
    ['name', 'a "quoted" word', 'a, b'],
    ['two\nlines', 'two\r\nlines', 'a\rb'],
    ['', ' spaces ', 'é − ∞']
  ]
  expect(parse(csvText(rows), { record_delimiter: '\r\n' })).toEqual(rows)
})

it('writes numbers in full, and nothing where there is none', () => {
  expect(csvText([[0.1 + 0.2, -1e-7, 60000, undefined, NaN, Infinity]])).toBe(
    '0.30000000000000004,-1e-7,60000,,,Infinity\r\n'
  )
})
