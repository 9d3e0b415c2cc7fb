import type { Chart, Plugin } from 'chart.js'
import type { Figure } from '../core/figure/figure'
import { ownAxisId } from './datasets'
import { MARKS, recordOf } from './marks/marks'
import type { Look, MarkRecord } from './marks/record'
import { colourOf } from './theme'
import { LABEL_SIZE, labelWidth } from './words'

/** between the end of an axis and its name: half of its last tick's number lies there */
const OWN_GAP = 24

/** Pixels above and to the right of the plot for words. */
export function wordRoomOf(figure: Figure): { top: number; right: number } {
  const room = { top: 0, right: 0 }
  for (const mark of figure.marks) {
    const { top = 0, right = 0 } = recordOf(mark).wordRoom?.(mark) ?? {}
    const name = figure.x.scale === 'own' && mark.label ? labelWidth(mark.label) + OWN_GAP : 0
    room.top = Math.max(room.top, top)
    room.right = Math.max(room.right, right, name)
  }
  return room
}

/** The name of a mark at the end of the axis that is its own. */
function ownAxisNames(chart: Chart, figure: Figure, { theme }: Look): void {
  if (figure.x.scale !== 'own') return
  const { ctx, chartArea } = chart
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  figure.marks.forEach((mark, at) => {
    const scale = chart.scales[ownAxisId(at)]
    if (!scale || !scale.options.display || !('colour' in mark) || !mark.label) return
    ctx.fillStyle = colourOf(mark.colour, theme)
    ctx.fillText(mark.label, chartArea.right + OWN_GAP, (scale.top + scale.bottom) / 2 + 2)
  })
}

/** Draws what Chart.js has no data sets for: cells under the data sets, words over them. */
export function markPlugin(figure: Figure, look: Look): Plugin {
  return {
    id: 'normscopeMarks',
    beforeDatasetsDraw(chart) {
      chart.ctx.save()
      for (const mark of figure.marks) recordOf(mark).draw?.(chart, mark, look)
      chart.ctx.restore()
    },
    afterDatasetsDraw(chart) {
      const { ctx } = chart
      ctx.save()
      ctx.font = `400 ${LABEL_SIZE}px ${look.font}`
      for (const [kind, record] of Object.entries(MARKS) as unknown as [string, MarkRecord][]) {
        const marks = figure.marks.filter((mark) => mark.kind === kind)
        if (marks.length > 0) record.write?.(chart, marks, look)
      }
      ownAxisNames(chart, figure, look)
      ctx.restore()
    }
  }
}
