import { percent } from '../numbers'
import type { ColourRole, Figure, Mark } from './figure'

/** What the picture of accuracies is made of: its axes and its marks. */
type Drawn = Pick<Figure, 'x' | 'y' | 'marks'>

/** A measured accuracy, as a row with a bar. */
export interface AccuracyBar {
  readonly name: string
  readonly colour: ColourRole
  readonly mean: number
  /** over seeds; absent for one seed */
  readonly std?: number
  /** written behind the bar */
  readonly words: string
}

/** A whisker is one standard deviation to either side; the rule is the accuracy of knowing nothing. */
export function accuracyBars(bars: readonly AccuracyBar[], chance: number | undefined): Drawn {
  const names = bars.map(({ name }) => name)
  const rule: readonly Mark[] =
    chance === undefined
      ? []
      : [
          {
            ...{ kind: 'rule', axis: 'x', at: chance, label: 'chance' },
            ...{ colour: { role: 'muted' }, dash: 'dashed' }
          }
        ]
  return {
    x: { label: 'test accuracy', scale: 'linear', format: 'percent', min: 0, max: 1 },
    y: {
      ...{ label: 'network', scale: 'linear', format: 'integer', names, reverse: true },
      ...{ min: -0.5, max: names.length - 0.5 }
    },
    marks: [
      ...bars.map(({ colour, mean, std, words }, row): Mark => ({
        kind: 'bars',
        label: 'test accuracy',
        colour,
        rows: [row],
        from: [0],
        to: [mean],
        words: [words],
        ...(std !== undefined && {
          band: { low: [Math.max(0, mean - std)], high: [Math.min(1, mean + std)] }
        })
      })),
      ...rule
    ]
  }
}

interface Names {
  readonly label: string
  readonly names: readonly string[]
}

/** A cell for each row and column; undefined where none was measured. */
export function accuracyMatrix(
  rows: Names,
  columns: Names,
  accuracy: (row: number, column: number) => number | undefined
): Drawn {
  const edges = ({ names }: Names): Float64Array =>
    Float64Array.from({ length: names.length + 1 }, (_, at) => at - 0.5)
  const values = rows.names.flatMap((_, row) =>
    columns.names.map((_name, column) => accuracy(row, column) ?? NaN)
  )
  const axis = (names: Names) => ({ ...names, scale: 'linear', format: 'integer' }) as const
  return {
    x: axis(columns),
    y: { ...axis(rows), reverse: true },
    marks: [
      {
        kind: 'cells',
        label: 'test accuracy',
        xEdges: edges(columns),
        yEdges: edges(rows),
        values,
        colours: 'cividis',
        domain: [0, 1],
        format: 'percent',
        empty: 'not trained',
        words: values.map((value) => percent(value))
      }
    ]
  }
}
