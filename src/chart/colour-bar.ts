import type { Plugin } from 'chart.js'
import type { Figure } from '../core/figure/figure'
import { tickText } from '../core/numbers'
import type { Cells } from './marks/cells'
import type { Tiles } from './marks/tiles'
import { CHART_THEMES, scaleColour } from './theme'
import type { ThemeName } from './theme'

/** What is coloured by its value, as the bar at its side says. */
type Coloured = Cells | Tiles

export function colouredOf(figure: Figure): Coloured | undefined {
  return figure.marks.find(
    (mark): mark is Coloured => mark.kind === 'cells' || mark.kind === 'tiles'
  )
}

/** Stops of a colour bar, low end first: the colour of each and the text of the ends and the middle. */
function colourBarStops(cells: Coloured, count = 64): { colour: string; value: number }[] {
  const [low, high] = cells.domain
  const logarithmic = cells.kind === 'cells' && cells.logarithmic
  return Array.from({ length: count }, (_, i) => {
    const t = i / (count - 1)
    const value = logarithmic && low > 0 ? low * (high / low) ** t : low + (high - low) * t
    return { value, colour: scaleColour(cells.colours, value, cells.domain, logarithmic) }
  })
}

/** What stands at a bar whose ends differ from row to row. */
const ROW_ENDS = ['−max', '0', 'max']

export const COLOUR_BAR_ROOM = 64

/** Draws the colour scale of the figure's cells to the right of the plot. */
export function colourBarPlugin(cells: Coloured, theme: ThemeName, font: string): Plugin {
  return {
    id: 'normscopeColourBar',
    afterDatasetsDraw(chart) {
      const { ctx, chartArea } = chart
      const height = Math.min(90, chartArea.height)
      const [x, top] = [chartArea.right + 14, chartArea.top + (chartArea.height - height) / 2]
      const stops = colourBarStops(cells)
      ctx.save()
      stops.forEach(({ colour }, i) => {
        ctx.fillStyle = colour
        const each = height / stops.length
        ctx.fillRect(x, top + height - (i + 1) * each, 10, each + 0.5)
      })
      ctx.fillStyle = CHART_THEMES[theme].roles.second
      ctx.font = `400 11px ${font}`
      ctx.textAlign = 'left'
      ctx.textBaseline = 'middle'
      const [low, high] = cells.domain
      for (const at of [0, 0.5, 1]) {
        const value = stops[Math.round(at * (stops.length - 1))]?.value ?? low
        const own = cells.kind === 'tiles' && cells.rowDomains
        const text = own
          ? (ROW_ENDS[at * 2] ?? '')
          : tickText(
              at === 0.5 && !(cells.kind === 'cells' && cells.logarithmic)
                ? (low + high) / 2
                : value,
              cells.format,
              // digits for three places of the step, not for all that it has
              Number(((high - low) / 2).toPrecision(3))
            )
        ctx.fillText(text, x + 16, top + height * (1 - at))
      }
      ctx.restore()
    }
  }
}
