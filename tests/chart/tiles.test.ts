import { describe, expect, it } from 'vitest'
import { figureCsv, figureTables } from '../../src/chart/figure-numbers'
import { TILES } from '../../src/chart/marks/tiles'
import { figureSvg } from '../../src/chart/svg/figure-svg'
import type { Figure, Mark } from '../../src/core/figure/figure'

/** Two rows of two pictures of 1 x 2; the last one is not there. */
const mark: Extract<Mark, { kind: 'tiles' }> = {
  kind: 'tiles',
  label: 'weight',
  ...{ columns: 2, rows: 2, height: 1, width: 2 },
  values: [1, -1, 0.5, 0, 40, 20, NaN, NaN],
  notes: ['mean 0', '', '', ''],
  colours: 'diverging',
  domain: [-1, 1],
  rowDomains: [
    [-1, 1],
    [-40, 40]
  ],
  format: 'number'
}
const figure: Figure = {
  ...{ id: 'tiles', title: 'Weights', subtitle: '', definition: '', summary: '' },
  x: { label: 'unit', scale: 'linear', format: 'integer', names: ['1', '2'] },
  y: {
    label: 'row',
    scale: 'linear',
    format: 'integer',
    names: ['before', 'after'],
    reverse: true
  },
  marks: [mark]
}
/** the axes are pixels: a picture has 100 x 100, from -50 to 50 around its number */
const place = (x: number, y: number) => ({
  pixel: { x: x * 100, y: y * 100 },
  value: { x, y },
  shown: { min: 0, max: 1 },
  toPixel: (atX: number, atY: number) => ({ x: atX * 100, y: atY * 100 })
})

describe('small pictures', () => {
  it('tell the pixel under the pointer, and nothing where there is no picture', () => {
    expect(TILES.itemAt!(mark, place(0.2, 0))).toBe(1)
    expect(TILES.itemAt!(mark, place(-0.2, 1))).toBe(4)
    expect(TILES.itemAt!(mark, place(1, 1))).toBe(-1)
    expect(TILES.itemAt!(mark, place(2, 0))).toBe(-1)
    expect(TILES.tell!(mark, 1, figure, true)).toEqual({
      title: 'unit 1\nbefore\nmean 0',
      line: 'row 0, column 1: weight −1'
    })
  })

  it('have a row of CSV for each pixel', () => {
    expect(figureCsv(figure).split('\r\n').slice(0, 4)).toEqual([
      'mark,label,unit,unit (to),row,row (to),value,low,high,pixel row,pixel column',
      'tiles,weight,1,,before,,1,,,0,0',
      'tiles,weight,1,,before,,-1,,,0,1',
      'tiles,weight,2,,before,,0.5,,,0,0'
    ])
    expect(figureCsv(figure).trim().split('\r\n')).toHaveLength(1 + 6)
  })

  it('have a row of the table for each picture', () => {
    const [table] = figureTables(figure)
    expect(table!.head).toEqual(['row', 'unit', 'least', 'mean', 'greatest'])
    expect(table!.rows).toEqual([
      ['before', '1', '−1', '0', '1'],
      ['before', '2', '0', '0.25', '0.5'],
      ['after', '1', '20', '30', '40']
    ])
  })

  it('are drawn each row on its own scale, whose ends the bar names', () => {
    const svg = figureSvg(figure, 'light')
    // 1 of 1 and 40 of 40 are the red end, -1 of 1 the blue one, 0 the middle
    const fills = (colour: string): number => svg.split(`fill="${colour}"`).length - 1
    expect(fills('rgb(103, 0, 31)') || fills('#67001f')).toBeGreaterThanOrEqual(2)
    expect(svg).toContain('−max')
  })
})
