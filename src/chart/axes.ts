import type { Tick } from 'chart.js'
import type { Axis, Figure } from '../core/figure/figure'
import { tickText } from '../core/numbers'
import { colouredOf } from './colour-bar'
import { CHART_FONT } from './options'
import type { ChartOptions } from './options'
import { ownAxisId } from './datasets'
import { boundsOf, decadeTicks, extentOf, linearTicks, percentTicks } from './scales'
import { symlogTicks } from './symlog'
import { CHART_THEMES, colourOf } from './theme'
import type { ThemeName } from './theme'
import { textWidth } from './text-width'
import { labelWidth } from './words'

interface BuiltScale {
  ticks: Tick[]
  readonly min: number
  readonly max: number
  readonly width: number
  readonly height: number
}

/** Few and round: decades on log axes, 0 to 100 % where that is the range, else by the room. */
function ticksOf(
  scale: BuiltScale,
  axis: 'x' | 'y',
  spec: Axis,
  { whole, panel }: { readonly whole: boolean; readonly panel: boolean }
): number[] {
  const room = axis === 'x' ? scale.width : scale.height
  const { format, names } = spec
  if (names) {
    // of numbers side by side, as many as there is room for
    const each = axis === 'x' && names.every((name) => /^\d+$/.test(name)) ? 22 : 0
    const step = Math.max(1, Math.ceil((each * names.length) / room))
    return names.flatMap((_, row) => (row % step === 0 ? [row] : []))
  }
  if (spec.scale === 'log') return decadeTicks(scale)
  if (whole) return percentTicks(room)
  if (axis === 'y') return linearTicks(scale, room, panel ? 15 : 33, format === 'integer')
  // a round step, as the ticks will have: the ends themselves may have many decimals
  const step = 10 ** Math.floor(Math.log10((scale.max - scale.min) / 4))
  const words = [scale.min, scale.max].map((value) => tickText(value, format, step))
  const gap = Math.max(36, 10 + Math.max(...words.map(labelWidth)))
  return spec.scale === 'symlog'
    ? symlogTicks(scale, spec.linearWithin ?? 1, room, gap)
    : linearTicks(scale, room, gap, format === 'integer')
}

/** of names of rows, and between them and the plot */
const NAME_SIZE = 12
const NAME_GAP = 6

/** Where a line may end: not at a sign of division. */
const BREAK = / (?!÷)(?<!÷ )/

/** A name in lines that have room, broken between words. */
function inLines(name: string, room: number): string | string[] {
  const lines: string[] = []
  for (const word of name.split(BREAK)) {
    const longer = `${lines.at(-1)} ${word}`
    if (lines.length > 0 && textWidth(longer, NAME_SIZE) <= room) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines.length > 1 ? lines : name
}

const SCALE_TYPES: Readonly<Record<Axis['scale'], string>> = {
  linear: 'linear',
  log: 'logarithmic',
  symlog: 'symlog',
  own: 'linear'
}

/** The axes by their ids: x and y and, for marks that each have their own, one more a mark. */
export function axesOf(figure: Figure, theme: ThemeName, options: ChartOptions) {
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
  const cells = colouredOf(figure) !== undefined
  const whole = !zoomed && spec.format === 'percent' && bounds.min === 0 && bounds.max === 1
  // rows of names: the grid is that of the other axis
  const rows = figure.y.names !== undefined
  const grid = rows ? axis === 'x' : axis === 'y'
  // names of rows say what they are
  const titled = options.axisTitles?.[axis] !== false && spec.label !== '' && !spec.names
  return {
    type: SCALE_TYPES[spec.scale],
    ...(spec.scale === 'symlog' && { linearWithin: spec.linearWithin ?? 1 }),
    position: axis === 'x' ? 'bottom' : 'left',
    ...bounds,
    offset: false,
    reverse: spec.reverse ?? false,
    border: { display: axis === 'x' && !cells, color: look.lineStrong },
    grid: {
      color: grid ? look.line : look.lineStrong,
      drawOnChartArea: grid && !cells,
      drawTicks: axis === 'x' && !cells,
      tickLength: axis === 'x' && !cells ? 4 : 0,
      lineWidth: 1
    },
    ticks: {
      // the last row of panels has the numbers of the x axis for all
      display: axis === 'y' || titled || options.panel !== true,
      color: spec.names ? look.roles.ink : look.roles.muted,
      font: { family: font, size: spec.names ? NAME_SIZE : 11 },
      padding: axis === 'x' ? 1 : NAME_GAP,
      maxRotation: axis === 'x' && spec.names ? 60 : 0,
      autoSkip: false,
      callback(this: { maxWidth: number }, value: string | number, _: number, ticks: Tick[]) {
        if (spec.names) {
          const name = spec.names[Number(value)] ?? ''
          return axis === 'y' ? inLines(name, this.maxWidth - 2 * NAME_GAP) : name
        }
        const step =
          ticks.length > 1 ? Math.abs((ticks[1]?.value ?? 0) - (ticks[0]?.value ?? 0)) : 1
        const format = logarithmic && spec.format === 'number' ? 'count' : spec.format
        return tickText(Number(value), format, logarithmic ? Number(value) : step)
      }
    },
    afterBuildTicks: (scale: BuiltScale) => {
      const kind = { whole, panel: options.panel === true }
      scale.ticks = ticksOf(scale, axis, spec, kind).map((value) => ({ value }))
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
