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

/** The value at a share of the scale; along a logarithmic one, of its logarithm. */
function valueAt(cells: Coloured, share: number): number {
  const [low, high] = cells.domain
  return isLogarithmic(cells) ? low * (high / low) ** share : low + (high - low) * share
}

function isLogarithmic(cells: Coloured): boolean {
  return cells.kind === 'cells' && cells.logarithmic === true && cells.domain[0] > 0
}

/** What stands at a share of the bar. */
function barText(cells: Coloured, share: number): string {
  if (cells.kind === 'tiles' && cells.rowDomains) return ROW_ENDS[share * 2] ?? ''
  const [low, high] = cells.domain
  const value = valueAt(cells, share)
  // digits for three places of the step, not for all that it has
  const step = isLogarithmic(cells) ? value : (high - low) / 2
  return tickText(value, cells.format, Number(step.toPrecision(3)))
}

/** Stops of a colour bar, low end first. */
function colourBarStops(cells: Coloured, count = 64): { colour: string }[] {
  return Array.from({ length: count }, (_, i) => {
    const value = valueAt(cells, i / (count - 1))
    return { colour: scaleColour(cells.colours, value, cells.domain, isLogarithmic(cells)) }
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
      for (const at of [0, 0.5, 1]) {
        const text = barText(cells, at)
        ctx.fillText(text, x + 16, top + height * (1 - at))
      }
      ctx.restore()
    }
  }
}
