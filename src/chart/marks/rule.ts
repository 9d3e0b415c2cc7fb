import type { Chart } from 'chart.js'
import { CHART_THEMES, colourOf, dashOf } from '../theme'
import { ABOVE, LABEL_GAP, LABEL_SIZE, spread } from '../words'
import type { Look, MarkOf, MarkRecord } from './record'

type Rule = MarkOf<'rule'>

/** Above the plot, within its width. */
function writeUpright(chart: Chart, rules: readonly Rule[], { theme }: Look): void {
  const { ctx, chartArea, scales } = chart
  ctx.fillStyle = CHART_THEMES[theme].roles.second
  ctx.textAlign = 'center'
  ctx.textBaseline = 'bottom'
  for (const { at, label } of rules) {
    const x = scales.x?.getPixelForValue(at) ?? NaN
    if (!label || x < chartArea.left - 1 || x > chartArea.right + 1) continue
    const half = ctx.measureText(label).width / 2
    const within = Math.min(chartArea.right - half, Math.max(chartArea.left + half, x))
    ctx.fillText(label, within, chartArea.top - 2)
  }
}

/** Apart from each other, each under its line or, at the foot of the plot, over it. */
function writeLevels(chart: Chart, rules: readonly Rule[], { theme }: Look): void {
  const { ctx, chartArea, scales } = chart
  const { surface, roles } = CHART_THEMES[theme]
  const levels = rules.flatMap(({ at, label }) => {
    const y = scales.y?.getPixelForValue(at) ?? NaN
    const seen = y >= chartArea.top - 1 && y <= chartArea.bottom + 1
    const below = y + 18 <= chartArea.bottom
    return seen && label ? [{ text: label, middle: below ? y + 13 : y - 10 }] : []
  })
  const wishes = levels.map(({ middle }) => middle)
  const half = LABEL_SIZE / 2
  const places = spread(wishes, LABEL_GAP, chartArea.top + half, chartArea.bottom - half)
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  // lines may pass here: the words stand on the ground of the card
  ctx.strokeStyle = surface
  ctx.fillStyle = roles.second
  ctx.lineWidth = 3
  ctx.lineJoin = 'round'
  levels.forEach(({ text }, i) => {
    const [x, y] = [chartArea.left + 7, places[i] ?? chartArea.bottom]
    ctx.strokeText(text, x, y)
    ctx.fillText(text, x, y)
  })
}

/** A straight line at one value of an axis. */
export const RULE: MarkRecord<Rule> = {
  along: (mark, axis) => (mark.axis === axis ? [[mark.at]] : []),
  annotation: ({ axis, at, colour, dash }, theme) => ({
    type: 'line',
    drawTime: 'beforeDatasetsDraw',
    borderColor: colourOf(colour, theme),
    borderWidth: 1.25,
    borderDash: dashOf(dash),
    ...(axis === 'x' ? { xMin: at, xMax: at } : { yMin: at, yMax: at })
  }),
  write(chart, rules, look) {
    const along = (axis: 'x' | 'y'): Rule[] => rules.filter((rule) => rule.axis === axis)
    writeLevels(chart, along('y'), look)
    writeUpright(chart, along('x'), look)
  },
  wordRoom: ({ axis, label }) => (axis === 'x' && label ? { top: ABOVE } : {}),
  csv: ({ axis, at }) => [{ [axis]: at }]
}
