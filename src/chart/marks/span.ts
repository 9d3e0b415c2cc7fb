import { CHART_THEMES, colourOf, withAlpha } from '../theme'
import { ABOVE } from '../words'
import type { MarkOf, MarkRecord } from './record'

/** A faint ground between two values of the x axis. */
export const SPAN: MarkRecord<MarkOf<'span'>> = {
  along: () => [],
  annotation: ({ from, to, colour }, theme) => ({
    type: 'box',
    drawTime: 'beforeDatasetsDraw',
    borderWidth: 0,
    backgroundColor: withAlpha(colourOf(colour, theme), CHART_THEMES[theme].spanAlpha),
    ...(from !== null && { xMin: from }),
    ...(to !== null && { xMax: to })
  }),
  write({ ctx, chartArea: { left, right, top }, scales: { x } }, spans, { theme }) {
    ctx.fillStyle = CHART_THEMES[theme].roles.second
    ctx.textAlign = 'center'
    ctx.textBaseline = 'bottom'
    for (const { from, to, label } of spans) {
      if (!label) continue
      const begin = from === null ? left : (x?.getPixelForValue(from) ?? 0)
      const end = to === null ? right : (x?.getPixelForValue(to) ?? 0)
      ctx.fillText(label, (Math.max(begin, left) + Math.min(end, right)) / 2, top - 2)
    }
  },
  wordRoom: ({ label }) => (label ? { top: ABOVE } : {}),
  csv: ({ from, to }) => [{ x: from ?? undefined, xTo: to ?? undefined }]
}
