import type { Chart, ChartDataset, Element } from 'chart.js'
import type { AnnotationOptions } from 'chartjs-plugin-annotation'
import type { CsvCell } from '../../core/csv'
import type { Figure, Mark } from '../../core/figure/figure'
import type { ThemeName } from '../theme'

export type MarkOf<K extends Mark['kind']> = Extract<Mark, { kind: K }>

/** A Chart.js data set that knows the mark it draws. */
export type MarkDataset = ChartDataset & {
  readonly mark: Mark
  /** false for the helpers that draw a band */
  readonly main: boolean
  /** elements that stand before the first item */
  readonly before: number
}

export interface Look {
  readonly theme: ThemeName
  readonly font: string
  readonly hidden: ReadonlySet<string>
  /** smallest value of a log y axis */
  readonly floor?: number
  /** nothing is drawn beside the plot */
  readonly clipped?: boolean
  /** device pixels to a CSS pixel that edges of cells may end on; default: the chart's */
  readonly snap?: number
}

/** A place in the plot: in pixels, and in the values of the mark's axes. */
export interface Place {
  readonly pixel: { readonly x: number; readonly y: number }
  readonly value: { readonly x: number; readonly y: number }
  /** what of the x axis is shown */
  readonly shown: { readonly min: number; readonly max: number }
  toPixel(x: number, y: number): { readonly x: number; readonly y: number }
}

/** Cells of a row of a CSV file; those that a mark has no number for are left out. */
interface CsvRow {
  readonly x?: CsvCell
  readonly xTo?: CsvCell
  readonly y?: CsvCell
  readonly yTo?: CsvCell
  readonly value?: CsvCell
  readonly low?: CsvCell
  readonly high?: CsvCell
  /** within a small picture */
  readonly pixelRow?: CsvCell
  readonly pixelColumn?: CsvCell
}

interface MarkTable {
  readonly head: readonly string[]
  readonly count: number
  row(at: number): readonly string[]
}

/** What the tooltip says of an item of a mark. */
export interface Told {
  /** where it is */
  readonly title: string
  /** what is there */
  readonly line: string
}

/** All there is to one kind of mark: how it is drawn, what its tooltip says, its CSV and its table. */
export interface MarkRecord<M extends Mark = Mark> {
  /** its numbers along an axis, which the axis has to hold */
  along(mark: M, axis: 'x' | 'y'): readonly ArrayLike<number>[]
  /** of an axis with nothing but its ends: room beside the marks as a share of their range */
  readonly room?: number
  /** the y axis begins at 0 */
  readonly fromZero?: boolean
  /** cells of colour: no grid, no room beside them */
  readonly tight?: boolean
  /** data sets of Chart.js, the last on top */
  datasets?(mark: M, look: Look): MarkDataset[]
  /** in place of data sets: a line or a box under them */
  annotation?(mark: M, theme: ThemeName): AnnotationOptions
  /** drawn by itself, under the data sets */
  draw?(chart: Chart, mark: M, look: Look): void
  /** words in the plot, of all marks of this kind at once, which keep apart from each other */
  write?(chart: Chart, marks: readonly M[], look: Look): void
  /** pixels beside the plot that the words take */
  wordRoom?(mark: M): { readonly top?: number; readonly right?: number }
  /** whether a legend names it */
  inLegend?(mark: M): boolean
  /** the item at a place; -1 where there is none */
  itemAt?(mark: M, place: Place): number
  /** for a mark without an element an item: where its one element is put */
  settle?(mark: M, item: number, element: Element, toPixel: Place['toPixel']): void
  /** `alone`: no other mark stands on other bins under the same pointer */
  tell?(mark: M, item: number, figure: Figure, alone: boolean): Told
  csv(mark: M): Iterable<CsvRow>
  table?(mark: M, figure: Figure): MarkTable
}

export const NO_POINTS = { pointRadius: 0, pointHoverRadius: 0, pointHitRadius: 0 } as const

export type Point = { x: number; y: number }

/**
 * The points of a line. On a log axis with this floor a value of 0 or less lies far below the plot:
 * the line leaves it downwards, instead of resting on a height that was not measured.
 */
export function pointsOf(x: ArrayLike<number>, y: ArrayLike<number>, floor?: number): Point[] {
  return Array.from(x, (at, i) => {
    const value = y[i] ?? NaN
    return { x: at, y: floor !== undefined && value <= 0 ? floor / 1e6 : value }
  })
}

/** A data set with what all have; `parsing` off because the data are already numbers. */
export function datasetOf(mark: Mark, look: Look, own: Record<string, unknown>): MarkDataset {
  const label = mark.label ?? ''
  return {
    label,
    parsing: false,
    // points and thick lines at the rim of the plot are drawn whole
    clip: look.clipped
      ? 0
      : { left: 6, right: 6, top: 6, bottom: look.floor === undefined ? 6 : 0 },
    hidden: look.hidden.has(label),
    mark,
    main: true,
    before: 0,
    ...own
  } as unknown as MarkDataset
}
