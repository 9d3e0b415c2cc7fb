import { csvText } from '../csv'
import type { CsvCell } from '../csv'
import type { Figure, Mark } from './figure'

/**
 * The figure's numbers as CSV (RFC 4180): one header with the axes' labels and units, then a block
 * of rows a mark, in long form. Numbers in full; an absent or undefined number is an empty cell.
 */
export function figureCsv(figure: Figure): string {
  const { x, y } = figure
  const header: CsvCell[] = [
    'mark',
    'label',
    x.label,
    `${x.label} (to)`,
    y.label,
    `${y.label} (to)`,
    'value',
    'low',
    'high'
  ]
  return csvText([header, ...figure.marks.flatMap(rowsOf)])
}

function rowsOf(mark: Mark): CsvCell[][] {
  const start: CsvCell[] = [mark.kind, mark.label]
  switch (mark.kind) {
    case 'steps':
      // the count says it exactly where the height was scaled or lifted to be seen
      return Array.from(mark.heights, (height, i) => [
        ...start,
        mark.edges[i],
        mark.edges[i + 1],
        height,
        undefined,
        mark.counts?.[i],
        undefined,
        undefined
      ])
    case 'line':
      return Array.from(mark.x, (at, i) => [
        ...start,
        at,
        undefined,
        mark.y[i],
        undefined,
        undefined,
        mark.band?.low[i],
        mark.band?.high[i]
      ])
    case 'points':
      return Array.from(mark.x, (at, i) => [...start, at, undefined, mark.y[i], ...blank(4)])
    case 'cells':
      return cellRows(mark, start)
    case 'rule':
      return mark.axis === 'x'
        ? [[...start, mark.at, ...blank(6)]]
        : [[...start, ...blank(2), mark.at, ...blank(4)]]
    case 'span':
      return [[...start, mark.from ?? undefined, mark.to ?? undefined, ...blank(5)]]
    default:
      return unknownMark(mark)
  }
}

function cellRows(mark: Extract<Mark, { kind: 'cells' }>, start: CsvCell[]): CsvCell[][] {
  const columns = mark.xEdges.length - 1
  return Array.from(mark.values, (value, i) => {
    const column = i % columns
    const row = Math.floor(i / columns)
    return [
      ...start,
      mark.xEdges[column],
      mark.xEdges[column + 1],
      mark.yEdges[row],
      mark.yEdges[row + 1],
      value,
      ...blank(2)
    ]
  })
}

function blank(count: number): undefined[] {
  return Array.from({ length: count }, () => undefined)
}

function unknownMark(mark: never): never {
  throw new Error(`Unknown mark: ${JSON.stringify(mark)}`)
}
