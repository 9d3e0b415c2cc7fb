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
import type { ChartConfiguration, LegendItem } from 'chart.js'
import annotationPlugin from 'chartjs-plugin-annotation'
import type { AnnotationOptions } from 'chartjs-plugin-annotation'
import type { Figure, Mark } from '../core/figure/figure'
import { axesOf } from './axes'
import { colouredOf, COLOUR_BAR_ROOM, colourBarPlugin } from './colour-bar'
import { datasetsOf } from './datasets'
import { registerInteraction } from './interaction'
import { markPlugin, wordRoomOf } from './labels'
import { recordOf } from './marks/marks'
import type { Look, MarkDataset } from './marks/record'
import { CAPTION, CHART_FONT } from './options'
import type { ChartOptions } from './options'
import { boundsOf } from './scales'
import { squaresPlugin } from './squares'
import { SymlogScale } from './symlog'
import { tooltipOf } from './tooltip'
import { CHART_THEMES, colourOf } from './theme'
import type { ThemeName } from './theme'

let registered = false

/** Registers what the figures need, once; works without a document. */
function registerCharts(): void {
  if (registered) return
  registered = true
  Chart.register(
    LineController,
    ScatterController,
    LineElement,
    PointElement,
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
    (mark): mark is Extract<Mark, { colour: unknown }> =>
      'colour' in mark && recordOf(mark).inLegend?.(mark) === true
  )
  return named.length > 1 ? named : []
}

function headings(figure: Figure, theme: ThemeName, options: ChartOptions) {
  const { roles } = CHART_THEMES[theme]
  const family = options.font ?? CHART_FONT
  const display = options.standalone === true
  const common = { display: options.titled ?? display, align: 'start', fullSize: true }
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
          return dataset.main && recordOf(dataset.mark).inLegend?.(dataset.mark) === true
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
  const cells = colouredOf(figure)
  const bar = cells && (options.colourBar ?? options.standalone) ? cells : undefined
  const look: Look = {
    theme,
    font,
    hidden: options.hidden ?? new Set<string>(),
    snap: options.snap,
    floor: figure.y.scale === 'log' ? boundsOf(figure, 'y').min : undefined,
    clipped: options.window !== undefined || cells !== undefined
  }
  const words = wordRoomOf(figure)
  const around = options.standalone && options.titled !== false ? 20 : 0
  const configuration = {
    type: 'line',
    data: { datasets: datasetsOf(figure, look) },
    options: {
      responsive: false,
      maintainAspectRatio: false,
      animation: false,
      events: ['mousemove', 'mouseout', 'click', 'touchstart', 'touchmove'],
      ...(options.pixelRatio !== undefined && { devicePixelRatio: options.pixelRatio }),
      interaction: { mode: 'figure', intersect: false },
      hover: { mode: 'figure', intersect: false },
      layout: {
        padding: {
          top: around + (options.panel ? CAPTION : Math.max(4, words.top)),
          left: around,
          bottom: around,
          right: around + Math.max(8, words.right, bar ? COLOUR_BAR_ROOM : 0)
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
      markPlugin(figure, look),
      ...(options.panel ? [captionPlugin(figure, theme, font)] : []),
      ...(bar ? [colourBarPlugin(bar, theme, font)] : []),
      ...(figure.squares ? [squaresPlugin] : [])
    ]
  }
  return configuration as unknown as ChartConfiguration
}

/** Rules and spans as annotations, under the data sets. */
function annotationsOf(figure: Figure, theme: ThemeName): Record<string, AnnotationOptions> {
  return Object.fromEntries(
    figure.marks.flatMap((mark, i) => {
      const annotation = recordOf(mark).annotation?.(mark, theme)
      return annotation ? [[`${mark.kind}${i}`, annotation]] : []
    })
  )
}

/** Above the plot of a panel: the colour of its choice and its name, cut where it does not fit. */
function captionPlugin(figure: Figure, theme: ThemeName, font: string) {
  return {
    id: 'normscopeCaption',
    afterDraw({ ctx, chartArea: { left, right, top } }: Chart): void {
      ctx.save()
      const begin = figure.choice ? left + 15 : left
      if (figure.choice) {
        ctx.fillStyle = colourOf({ choice: figure.choice }, theme)
        ctx.fillRect(left, top - CAPTION + 3, 9, 9)
      }
      ctx.font = `500 12px ${font}`
      ctx.fillStyle = CHART_THEMES[theme].roles.second
      ctx.textAlign = 'left'
      ctx.textBaseline = 'middle'
      ctx.fillText(fitting(ctx, figure.title, right - begin), begin, top - CAPTION + 8)
      ctx.restore()
    }
  }
}

/** The text, cut at its end where it is wider. */
function fitting(ctx: CanvasRenderingContext2D, text: string, width: number): string {
  if (ctx.measureText(text).width <= width) return text
  let cut = text
  while (cut.length > 1 && ctx.measureText(`${cut}…`).width > width) cut = cut.slice(0, -1)
  return `${cut.trimEnd()}…`
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
