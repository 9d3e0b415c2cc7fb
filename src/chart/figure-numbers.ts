import { csvText } from '../core/csv'
import type { CsvCell } from '../core/csv'
import type { Axis, Figure, FigureSheet } from '../core/figure/figure'
import { recordOf } from './marks/marks'

/**
 * The figure's numbers as CSV: one header with the axes' labels and units, then a block of rows a
 * mark, in long form.
 */
export function figureCsv(figure: Figure): string {
  return csvText([headerOf(figure), ...rowsOf(figure)])
}

/** The numbers of all figures of a sheet, whose axes are alike, each row with its figure's name. */
export function sheetCsv({ rows }: FigureSheet): string {
  const figures = rows.flat()
  const [first] = figures
  const header = first ? [['figure', ...headerOf(first)]] : []
  return csvText([
    ...header,
    ...figures.flatMap((figure) => rowsOf(figure).map((row) => [figure.title, ...row]))
  ])
}

function headerOf({ x, y, marks }: Figure): CsvCell[] {
  const places = [x.label, `${x.label} (to)`, y.label, `${y.label} (to)`]
  const pixels = marks.some(({ kind }) => kind === 'tiles') ? ['pixel row', 'pixel column'] : []
  return ['mark', 'label', ...places, 'value', 'low', 'high', ...pixels]
}

function rowsOf(figure: Figure): CsvCell[][] {
  return figure.marks.flatMap((mark) =>
    Array.from(recordOf(mark).csv(mark), (row) => [
      mark.kind,
      mark.label,
      ...placeOf(figure.x, row.x, row.xTo),
      ...placeOf(figure.y, row.y, row.yTo),
      row.value,
      row.low,
      row.high,
      ...(mark.kind === 'tiles' ? [row.pixelRow, row.pixelColumn] : [])
    ])
  )
}

/** A value or an interval of an axis; of rows of names, the one that stands there. */
function placeOf({ names }: Axis, from: CsvCell, to: CsvCell): CsvCell[] {
  const name = names?.[to === undefined ? Number(from) : (Number(from) + Number(to)) / 2]
  return name === undefined ? [from, to] : [name, undefined]
}

/** Rows of a figure's data table; the rest is in the CSV. */
const MAX_ROWS = 200

interface FigureTable {
  readonly label: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** rows that are not shown */
  readonly left: number
}

/** The numbers behind the marks of a figure, for screen readers and for reading. */
export function figureTables(figure: Figure): FigureTable[] {
  return figure.marks.flatMap((mark) => {
    const table = recordOf(mark).table?.(mark, figure)
    if (!table) return []
    const shown = Math.min(table.count, MAX_ROWS)
    const rows = Array.from({ length: shown }, (_, i) => table.row(i))
    return [{ label: mark.label ?? '', head: table.head, rows, left: table.count - shown }]
  })
}
