import {
  Chart,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  SubTitle,
  Title,
  Tooltip
} from 'chart.js'
import type { ChartConfiguration, LegendItem, Tick } from 'chart.js'
import { MatrixController, MatrixElement } from 'chartjs-chart-matrix'
import annotationPlugin from 'chartjs-plugin-annotation'
import type { Axis, Figure, Mark } from '../core/figure/figure'
import { tickText } from '../core/numbers'
import { annotationsOf } from './annotations'
import { cellsOf, COLOUR_BAR_ROOM, colourBarPlugin } from './colour-bar'
import { datasetsOf, ownAxisId } from './datasets'
import type { MarkDataset } from './datasets'
import { registerInteraction } from './interaction'
import { labelPlugin, labelRoom, rulesRoom, textWidth } from './labels'
import { boundsOf, decadeTicks, extentOf, linearTicks, percentTicks } from './scales'
import { symlogTicks, SymlogScale } from './symlog'
import { tooltipOf } from './tooltip'
import { CHART_THEMES, colourOf } from './theme'
import type { ThemeName } from './theme'

export const CHART_FONT = '"Inter Variable", Inter, system-ui, sans-serif'

export interface ChartOptions {
  /** labels of marks that the person switched off */
  readonly hidden?: ReadonlySet<string>
  /** title, subtitle and legend inside the picture, on a ground: for files */
  readonly standalone?: boolean
  /** fills the element it stands in; else the canvas keeps its size */
  readonly responsive?: boolean
  readonly pixelRatio?: number
  /** colour scale beside the cells; default: in standalone pictures */
  readonly colourBar?: boolean
  /** false: axis titles left out, where a neighbour says the same */
  readonly axisTitles?: { readonly x?: boolean; readonly y?: boolean }
  /** part of each axis that is seen after zooming */
  readonly window?: Readonly<Record<string, readonly [number, number]>>
  readonly font?: string
}

let registered = false

/** Registers what the figures need, once; works without a document. */
export function registerCharts(): void {
  if (registered) return
  registered = true
  Chart.register(
    LineController,
    ScatterController,
    MatrixController,
    LineElement,
    PointElement,
    MatrixElement,
    LinearScale,
    LogarithmicScale,
    SymlogScale,
    Filler,
    Legend,
    Title,
    SubTitle,
    Tooltip,
    annotationPlugin
  )
  registerInteraction()
}

/** Marks that a legend names: labelled, drawn, not labelled at their end. */
export function legendMarks(figure: Figure): readonly Extract<Mark, { colour: unknown }>[] {
  const named = figure.marks.filter(
    (mark): mark is Extract<Mark, { kind: 'steps' | 'line' | 'points' }> =>
      (mark.kind === 'steps' || mark.kind === 'line' || mark.kind === 'points') &&
      mark.label !== '' &&
      !(mark.kind === 'line' && mark.directLabel)
  )
  return named.length > 1 ? named : []
}

interface BuiltScale {
  ticks: Tick[]
  readonly min: number
  readonly max: number
  readonly width: number
  readonly height: number
}

/** Few and round: decades on log axes, 0 to 100 % where that is the range, else by the room. */
function ticksOf(scale: BuiltScale, axis: 'x' | 'y', spec: Axis, whole: boolean): number[] {
  const room = axis === 'x' ? scale.width : scale.height
  const { format } = spec
  if (spec.scale === 'log') return decadeTicks(scale)
  if (whole) return percentTicks(room)
  if (axis === 'y') return linearTicks(scale, room, 33, format === 'integer')
  // a round step, as the ticks will have: the ends themselves may have many decimals
  const step = 10 ** Math.floor(Math.log10((scale.max - scale.min) / 4))
  const words = [scale.min, scale.max].map((value) => tickText(value, format, step))
  const gap = Math.max(36, 10 + Math.max(...words.map((word) => textWidth(word))))
  return spec.scale === 'symlog'
    ? symlogTicks(scale, spec.linearWithin ?? 1, room, gap)
    : linearTicks(scale, room, gap, format === 'integer')
}

const SCALE_TYPES: Readonly<Record<Axis['scale'], string>> = {
  linear: 'linear',
  log: 'logarithmic',
  symlog: 'symlog',
  own: 'linear'
}

/** The axes by their ids: x and y and, for marks that each have their own, one more a mark. */
function axesOf(figure: Figure, theme: ThemeName, options: ChartOptions) {
  const x = axisOf(figure, 'x', theme, options, 'x')
  const y = axisOf(figure, 'y', theme, options, 'y')
  if (figure.x.scale !== 'own') return { x, y }
  const own = figure.marks.flatMap((mark, at) => {
    const bounds = extentOf([mark], 'x')
    if (!bounds || !('colour' in mark)) return []
    const spec: Axis = { ...figure.x, ...bounds, label: '', scale: 'linear' }
    const id = ownAxisId(at)
    const axis = axisOf({ ...figure, x: spec }, 'x', theme, options, id)
    const color = colourOf(mark.colour, theme)
    return [
      [
        id,
        {
          ...axis,
          axis: 'x',
          display: !options.hidden?.has(mark.label ?? ''),
          grid: { ...axis.grid, color },
          ticks: { ...axis.ticks, color }
        }
      ] as const
    ]
  })
  // the title stands below them; the figure's own axis has no values
  const title = { ...x, border: { display: false }, grid: { display: false }, weight: 1 }
  return { ...Object.fromEntries(own), x: { ...title, ticks: { display: false } }, y }
}

function axisOf(
  figure: Figure,
  axis: 'x' | 'y',
  theme: ThemeName,
  options: ChartOptions,
  id: string
) {
  const look = CHART_THEMES[theme]
  const spec = figure[axis]
  const font = options.font ?? CHART_FONT
  const own = boundsOf(figure, axis)
  const zoomed = options.window?.[id]
  const bounds = zoomed ? { min: zoomed[0], max: zoomed[1] } : own
  const logarithmic = spec.scale === 'log' || spec.scale === 'symlog'
  const cells = cellsOf(figure) !== undefined
  const whole = !zoomed && spec.format === 'percent' && bounds.min === 0 && bounds.max === 1
  const titled = options.axisTitles?.[axis] !== false && spec.label !== ''
  return {
    type: SCALE_TYPES[spec.scale],
    ...(spec.scale === 'symlog' && { linearWithin: spec.linearWithin ?? 1 }),
    position: axis === 'x' ? 'bottom' : 'left',
    ...bounds,
    offset: false,
    reverse: spec.reverse ?? false,
    border: { display: axis === 'x' && !cells, color: look.lineStrong },
    grid: {
      color: axis === 'y' ? look.line : look.lineStrong,
      drawOnChartArea: axis === 'y' && !cells,
      drawTicks: axis === 'x' && !cells,
      tickLength: axis === 'x' && !cells ? 4 : 0,
      lineWidth: 1
    },
    ticks: {
      color: look.roles.muted,
      font: { family: font, size: 11 },
      padding: axis === 'x' ? 1 : 6,
      maxRotation: 0,
      autoSkip: false,
      callback: (value: string | number, _index: number, ticks: Tick[]) => {
        const step =
          ticks.length > 1 ? Math.abs((ticks[1]?.value ?? 0) - (ticks[0]?.value ?? 0)) : 1
        const format = logarithmic && spec.format === 'number' ? 'count' : spec.format
        return tickText(Number(value), format, logarithmic ? Number(value) : step)
      }
    },
    afterBuildTicks: (scale: BuiltScale) => {
      scale.ticks = ticksOf(scale, axis, spec, whole).map((value) => ({ value }))
    },
    title: {
      display: titled,
      text: spec.label,
      color: look.roles.second,
      font: { family: font, size: 11 },
      padding: axis === 'x' ? { top: 0, bottom: 0 } : { top: 0, bottom: 2 }
    }
  }
}

function headings(figure: Figure, theme: ThemeName, options: ChartOptions) {
  const { roles } = CHART_THEMES[theme]
  const family = options.font ?? CHART_FONT
  const display = options.standalone === true
  const common = { display, align: 'start', fullSize: true }
  return {
    title: {
      ...common,
      text: figure.title,
      color: roles.ink,
      font: { family, size: 14, weight: 600 },
      padding: { top: 0, bottom: 3 }
    },
    subtitle: {
      ...common,
      text: figure.subtitle,
      color: roles.second,
      font: { family, size: 12, weight: 400 },
      padding: { top: 0, bottom: 12 }
    },
    legend: {
      display: display && legendMarks(figure).length > 0,
      position: 'bottom',
      align: 'start',
      labels: {
        color: roles.second,
        font: { family, size: 12 },
        boxWidth: 18,
        boxHeight: 0,
        filter: (item: LegendItem, data: { datasets: unknown[] }) => {
          const dataset = data.datasets[item.datasetIndex ?? 0] as MarkDataset
          return dataset.main && !(dataset.mark.kind === 'line' && dataset.mark.directLabel)
        }
      }
    }
  }
}

/**
 * The figure as a Chart.js configuration. Needs neither document nor window: the screen, the
 * exported files and the command line draw the same one.
 */
export function chartConfiguration(
  figure: Figure,
  theme: ThemeName,
  options: ChartOptions = {}
): ChartConfiguration {
  registerCharts()
  const font = options.font ?? CHART_FONT
  const cells = cellsOf(figure)
  const bar = cells && (options.colourBar ?? options.standalone) ? cells : undefined
  const look = {
    theme,
    hidden: options.hidden ?? new Set<string>(),
    reverseY: figure.y.reverse ?? false,
    floor: figure.y.scale === 'log' ? boundsOf(figure, 'y').min : undefined,
    clipped: options.window !== undefined || cells !== undefined
  }
  const around = options.standalone ? 20 : 0
  const configuration = {
    type: 'line',
    data: { datasets: datasetsOf(figure, look) },
    options: {
      responsive: options.responsive ?? false,
      maintainAspectRatio: false,
      animation: false,
      events: ['mousemove', 'mouseout', 'click', 'touchstart', 'touchmove'],
      ...(options.pixelRatio !== undefined && { devicePixelRatio: options.pixelRatio }),
      interaction: { mode: 'figure', intersect: false },
      hover: { mode: 'figure', intersect: false },
      layout: {
        padding: {
          top: around + Math.max(4, rulesRoom(figure)),
          left: around,
          bottom: around,
          right: around + Math.max(8, labelRoom(figure), bar ? COLOUR_BAR_ROOM : 0)
        }
      },
      font: { family: font },
      scales: axesOf(figure, theme, options),
      plugins: {
        ...headings(figure, theme, options),
        tooltip: tooltipOf(figure, theme, font),
        annotation: { clip: true, annotations: annotationsOf(figure, theme) }
      }
    },
    plugins: [
      ...(options.standalone ? [groundPlugin(theme)] : []),
      labelPlugin(figure, theme, font),
      ...(bar ? [colourBarPlugin(bar, theme, font)] : [])
    ]
  }
  return configuration as unknown as ChartConfiguration
}

/** Files have a ground of their own. */
function groundPlugin(theme: ThemeName) {
  return {
    id: 'normscopeGround',
    beforeDraw({ ctx, width, height }: Chart): void {
      ctx.save()
      ctx.fillStyle = CHART_THEMES[theme].surface
      ctx.fillRect(0, 0, width, height)
      ctx.restore()
    }
  }
}
