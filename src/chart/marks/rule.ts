import type { Chart } from 'chart.js'
import { CHART_THEMES, colourOf, dashOf } from '../theme'
import { ABOVE, LABEL_GAP, LABEL_SIZE, spread } from '../words'
import { linesThrough } from './lines-through'
import type { Look, MarkOf, MarkRecord } from './record'

type Rule = MarkOf<'rule'>

/** between the words of a level and the side of the plot */
const BESIDE = 7

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

interface Level {
  readonly text: string
  readonly side: 'left' | 'right'
  readonly middle: number
  readonly width: number
  /** how many lines pass through the words */
  readonly crossed: number
}

/** Where the words of a level lie over the fewest lines: at either end of it, under or over it. */
function placeOf(chart: Chart, text: string, y: number): Level {
  const { ctx, chartArea } = chart
  const width = ctx.measureText(text).width
  const half = LABEL_SIZE / 2
  const heights = [y + 13, y - 10].filter(
    (middle) => middle - half >= chartArea.top && middle + half <= chartArea.bottom
  )
  const sides = [
    { side: 'left', from: chartArea.left + BESIDE },
    { side: 'right', from: chartArea.right - BESIDE - width }
  ] as const
  const places = sides.flatMap(({ side, from }) =>
    heights.map((middle) => {
      const box = { from, to: from + width, top: middle - half, bottom: middle + half }
      return { text, side, middle, width, crossed: linesThrough(chart, box) }
    })
  )
  const [first = { text, side: 'left', middle: y, width, crossed: 0 } as const] = places
  return places.reduce((best, place) => (place.crossed < best.crossed ? place : best), first)
}

/** Apart from each other, each under its line or over it. */
function writeLevels(
  chart: Chart,
  rules: readonly Rule[],
  { theme }: Look,
  /** others stand upright */
  crossing: boolean
): void {
  const { ctx, chartArea, scales } = chart
  const { surface, roles } = CHART_THEMES[theme]
  const levels = rules.flatMap(({ at, label }) => {
    const y = scales.y?.getPixelForValue(at) ?? NaN
    const seen = y >= chartArea.top - 1 && y <= chartArea.bottom + 1
    return seen && label ? [placeOf(chart, label, y)] : []
  })
  ctx.textBaseline = 'middle'
  // lines may pass here: the words stand on the ground of the card
  ctx.strokeStyle = surface
  ctx.fillStyle = roles.second
  ctx.lineWidth = 3
  ctx.lineJoin = 'round'
  const half = LABEL_SIZE / 2
  for (const side of ['left', 'right'] as const) {
    const own = levels.filter((level) => level.side === side)
    const wishes = own.map(({ middle }) => middle)
    const places = spread(wishes, LABEL_GAP, chartArea.top + half, chartArea.bottom - half)
    const x = side === 'left' ? chartArea.left + BESIDE : chartArea.right - BESIDE
    ctx.textAlign = side
    own.forEach(({ text, middle, width, crossed }, i) => {
      if (crossing && crossed === 0) {
        // but for other levels
        ctx.fillStyle = surface
        const left = side === 'left' ? x : x - width
        ctx.fillRect(left - 2, (places[i] ?? middle) - half, width + 4, LABEL_SIZE)
        ctx.fillStyle = roles.second
      }
      ctx.strokeText(text, x, places[i] ?? middle)
      ctx.fillText(text, x, places[i] ?? middle)
    })
  }
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
    writeLevels(chart, along('y'), look, along('x').length > 0)
    writeUpright(chart, along('x'), look)
  },
  wordRoom: ({ axis, label }) => (axis === 'x' && label ? { top: ABOVE } : {}),
  csv: ({ axis, at }) => [{ [axis]: at }]
}
