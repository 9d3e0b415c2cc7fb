import type { NumberFormat } from '../numbers'
import type { ChoiceId } from '../preprocessing/preprocessing'

/** Who a mark belongs to; the theme turns it into a colour, light and dark. */
export type ColourRole =
  | { readonly choice: ChoiceId }
  | { readonly class: number }
  | { readonly role: 'ink' | 'muted' | 'accent' | 'good' | 'warn' | 'bad' }

export type Dash = 'solid' | 'dashed' | 'dotted'
/** what stands at the points of a line: tells lines of one colour apart */
export type Marker = 'circle' | 'square' | 'triangle' | 'diamond'
export type ColourScale = 'viridis' | 'cividis' | 'diverging' | 'grey'

export interface Axis {
  /** with the unit: 'pixel value (bytes)' */
  readonly label: string
  /**
   * symlog: linear within ± `linearWithin`, logarithmic beyond;
   * own: each mark on a linear axis over its own range
   */
  readonly scale: 'linear' | 'log' | 'symlog' | 'own'
  readonly linearWithin?: number
  readonly format: NumberFormat
  readonly min?: number
  readonly max?: number
  /** smallest value at the top (or right): rows that are read downwards */
  readonly reverse?: boolean
  /** for values that are rows of names: what stands at 0, 1, 2 … in place of numbers */
  readonly names?: readonly string[]
}

/** One layer of a figure. Arrays of one mark have equal length unless said otherwise. */
export type Mark =
  /** a histogram: heights of bins; edges has one more */
  | {
      readonly kind: 'steps'
      readonly label: string
      readonly colour: ColourRole
      readonly dash?: Dash
      readonly fill: boolean
      readonly edges: ArrayLike<number>
      readonly heights: ArrayLike<number>
      /** exact counts when heights are not counts; for tooltips and CSV */
      readonly counts?: ArrayLike<number>
    }
  | {
      readonly kind: 'line'
      readonly label: string
      readonly colour: ColourRole
      readonly dash?: Dash
      readonly x: ArrayLike<number>
      /** NaN was measured as not a number, and breaks the line */
      readonly y: ArrayLike<number>
      readonly points?: boolean
      /** default a circle */
      readonly marker?: Marker
      readonly band?: { readonly low: ArrayLike<number>; readonly high: ArrayLike<number> }
      /** write the label at the line's end instead of in the legend */
      readonly directLabel?: boolean
    }
  | {
      readonly kind: 'points'
      readonly label: string
      readonly colour: ColourRole
      readonly x: ArrayLike<number>
      readonly y: ArrayLike<number>
    }
  /** a grid of coloured cells: values row by row, (yEdges.length - 1) x (xEdges.length - 1); NaN is empty */
  | {
      readonly kind: 'cells'
      readonly label: string
      readonly xEdges: ArrayLike<number>
      readonly yEdges: ArrayLike<number>
      readonly values: ArrayLike<number>
      readonly colours: ColourScale
      /** values at the ends of the colour scale; fixed [0, 1] for fractions */
      readonly domain: readonly [number, number]
      readonly format: NumberFormat
      /** colour by logarithm of the value */
      readonly logarithmic?: boolean
      /** what a cell without value means: such cells have a ground, on which it is written */
      readonly empty?: string
      /** written in each cell where there is room; for colours that grow lighter with the value */
      readonly words?: readonly string[]
    }
  /**
   * small pictures of one size in a grid, each axis with a name for each: values picture by picture, row
   * by row; NaN is empty
   */
  | {
      readonly kind: 'tiles'
      /** what a value is: 'weight' */
      readonly label: string
      readonly columns: number
      readonly rows: number
      /** of a picture, pixels */
      readonly height: number
      readonly width: number
      readonly values: ArrayLike<number>
      /** numbers of each picture, told with it */
      readonly notes?: readonly string[]
      readonly colours: ColourScale
      readonly domain: readonly [number, number]
      /** in place of `domain`, of each row its own, around 0 */
      readonly rowDomains?: readonly (readonly [number, number])[]
      readonly format: NumberFormat
    }
  /** lying bars, one a row of names on the y axis */
  | {
      readonly kind: 'bars'
      readonly label: string
      readonly colour: ColourRole
      /** places on the y axis */
      readonly rows: ArrayLike<number>
      readonly from: ArrayLike<number>
      readonly to: ArrayLike<number>
      /** ends of a whisker over each bar */
      readonly band?: { readonly low: ArrayLike<number>; readonly high: ArrayLike<number> }
      /** written behind each bar: '+36.0' */
      readonly words?: readonly string[]
    }
  /** a straight line at one value of an axis */
  | {
      readonly kind: 'rule'
      readonly axis: 'x' | 'y'
      readonly at: number
      readonly label?: string
      readonly colour: ColourRole
      readonly dash?: Dash
    }
  /** a faint ground between two values of the x axis; null is the edge of the plot */
  | {
      readonly kind: 'span'
      readonly from: number | null
      readonly to: number | null
      readonly colour: ColourRole
      readonly label?: string
    }

/** A picture as plain data: the screen, PNG, SVG, CSV and reports are all drawn from it. */
export interface Figure {
  /** stable, for file names: 'pixels-histogram-unit' */
  readonly id: string
  /** names what is shown */
  readonly title: string
  /** of what and how it is counted */
  readonly subtitle: string
  /** shown as a swatch beside the title when the figure belongs to one choice */
  readonly choice?: ChoiceId
  /** what the figure shows, with its formula */
  readonly definition: string
  /** publication the definition is from */
  readonly source?: string
  /** one sentence a screen reader says in place of the picture; computed */
  readonly summary: string
  readonly x: Axis
  readonly y: Axis
  /** a picture: one of x is as long as one of y */
  readonly squares?: boolean
  readonly marks: readonly Mark[]
}

/** Figures that are read together, in rows: one card on screen, one picture, one CSV. */
export interface FigureSheet extends Pick<
  Figure,
  'id' | 'title' | 'subtitle' | 'definition' | 'source' | 'summary'
> {
  readonly rows: readonly (readonly Figure[])[]
}
