import { exactText } from '../../core/numbers'
import type { Figure, Mark } from '../../core/figure/figure'

/** Rows of a figure's data table; the rest is in the CSV. */
const MOST_ROWS = 200

export interface FigureTable {
  readonly label: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** rows that are not shown */
  readonly left: number
}

function table(
  label: string,
  head: readonly string[],
  count: number,
  row: (i: number) => readonly string[]
): FigureTable {
  const shown = Math.min(count, MOST_ROWS)
  return { label, head, rows: Array.from({ length: shown }, (_, i) => row(i)), left: count - shown }
}

/** The numbers behind the marks of a figure, for screen readers and for reading. */
export function figureTables(figure: Figure): FigureTable[] {
  const x = (value: number | undefined): string => exactText(value ?? NaN, figure.x.format)
  const y = (value: number | undefined): string => exactText(value ?? NaN, figure.y.format)
  const [xLabel, yLabel] = [figure.x.label, figure.y.label]
  const tableOf = (mark: Mark): FigureTable | undefined => {
    switch (mark.kind) {
      case 'steps':
        // the count says it exactly where the height was scaled or lifted to be seen
        return table(
          mark.label,
          ['from', 'to', mark.counts ? 'counted' : yLabel],
          mark.heights.length,
          (i) => [
            x(mark.edges[i]),
            x(mark.edges[i + 1]),
            mark.counts ? exactText(mark.counts[i] ?? NaN, 'count') : y(mark.heights[i])
          ]
        )
      case 'line': {
        const { band } = mark
        const head = band ? [xLabel, yLabel, 'lowest', 'highest'] : [xLabel, yLabel]
        return table(mark.label, head, mark.x.length, (i) => [
          x(mark.x[i]),
          y(mark.y[i]),
          ...(band ? [y(band.low[i]), y(band.high[i])] : [])
        ])
      }
      case 'points':
        return table(mark.label, [xLabel, yLabel], mark.x.length, (i) => [
          x(mark.x[i]),
          y(mark.y[i])
        ])
      case 'cells': {
        const columns = mark.xEdges.length - 1
        const filled: number[] = []
        for (let i = 0; i < mark.values.length; i++) {
          if (!Number.isNaN(mark.values[i] ?? NaN)) filled.push(i)
        }
        return table(
          mark.label,
          [`${xLabel}, from`, `${yLabel}, from`, mark.label],
          filled.length,
          (row) => {
            const i = filled[row] ?? 0
            return [
              x(mark.xEdges[i % columns]),
              y(mark.yEdges[Math.floor(i / columns)]),
              exactText(mark.values[i] ?? NaN, mark.format)
            ]
          }
        )
      }
      case 'rule':
      case 'span':
        return undefined
    }
  }
  return figure.marks.map(tableOf).filter((one) => one !== undefined)
}
