import { layouts } from 'chart.js'
import type { Chart, Plugin } from 'chart.js'

/** Layouts until the sides are settled: fewer numbers at an axis may take less room. */
const TRIES = 3

/** What a plot is too wide and too high by for its pixels to be square; one of them is 0. */
function excessOf({ chartArea, scales: { x, y } }: Chart): { wide: number; high: number } {
  if (!x || !y) return { wide: 0, high: 0 }
  const each = Math.min(
    chartArea.width / Math.abs(x.max - x.min),
    chartArea.height / Math.abs(y.max - y.min)
  )
  return {
    wide: chartArea.width - each * Math.abs(x.max - x.min),
    high: chartArea.height - each * Math.abs(y.max - y.min)
  }
}

/** Leaves room free at the right or below, so that the plot has the shape of the picture in it. */
export const squaresPlugin: Plugin = {
  id: 'normscopeSquares',
  afterLayout(chart) {
    const layout = chart.options.layout!
    const own = layout.padding as Readonly<Record<'top' | 'left' | 'right' | 'bottom', number>>
    let { right, bottom } = own
    for (let tried = 0; tried < TRIES; tried++) {
      const { wide, high } = excessOf(chart)
      if (Math.max(wide, high) < 0.01) break
      right += wide
      bottom += high
      layout.padding = { top: own.top, left: own.left, right, bottom }
      layouts.update(chart, chart.width, chart.height)
    }
    // as Chart.js does after its own layout
    for (const scale of Object.values(chart.scales)) scale.configure()
    layout.padding = { ...own }
  }
}
