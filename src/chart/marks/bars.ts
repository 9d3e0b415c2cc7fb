import type { Chart } from 'chart.js'
import { exactText } from '../../core/numbers'
import type { Axis } from '../../core/figure/figure'
import { CHART_THEMES, colourOf, withAlpha } from '../theme'
import { LABEL_GAP, labelWidth } from '../words'
import { datasetOf, NO_POINTS } from './record'
import type { Look, MarkOf, MarkRecord } from './record'

type Bars = MarkOf<'bars'>

/** Height of a bar as a share of its row, and in pixels at most. */
const THICKNESS = { share: 0.62, most: 32 } as const
const WORD_GAP = 7
/** half the height of a whisker's ends, in pixels */
const CAP = 4

/** What stands furthest to the right in a row. */
function endOf({ from, to, band }: Bars, at: number): number {
  const ends = [from[at], to[at], band?.high[at]].filter((end) => end !== undefined)
  return Math.max(...ends)
}

function drawBars(chart: Chart, mark: Bars, look: Look): void {
  const { ctx, scales } = chart
  const { x, y } = scales
  if (!x || !y || look.hidden.has(mark.label)) return
  const row = Math.abs(y.getPixelForValue(1) - y.getPixelForValue(0))
  const height = Math.min(THICKNESS.most, THICKNESS.share * row)
  const colour = colourOf(mark.colour, look.theme)
  for (let at = 0; at < mark.rows.length; at++) {
    const middle = y.getPixelForValue(mark.rows[at] ?? NaN)
    const [from, to] = [mark.from, mark.to].map((ends) => x.getPixelForValue(ends[at] ?? NaN)) as [
      number,
      number
    ]
    // a bar of no length is seen as a line
    const [left, top, width] = [Math.min(from, to), middle - height / 2, Math.abs(to - from)]
    const { surface } = CHART_THEMES[look.theme]
    // lighter under a whisker, and no grid shows through
    for (const fill of mark.band ? [surface, withAlpha(colour, 0.75)] : [colour]) {
      ctx.fillStyle = fill
      ctx.fillRect(left, top, Math.max(1, width), height)
    }
    if (!mark.band) continue
    const [low, high] = [mark.band.low, mark.band.high].map((ends) =>
      x.getPixelForValue(ends[at] ?? NaN)
    ) as [number, number]
    ctx.strokeStyle = CHART_THEMES[look.theme].roles.ink
    ctx.lineWidth = 1.5
    ctx.beginPath()
    ctx.moveTo(low, middle)
    ctx.lineTo(high, middle)
    for (const end of [low, high]) {
      ctx.moveTo(end, middle - CAP)
      ctx.lineTo(end, middle + CAP)
    }
    ctx.stroke()
  }
}

/** A name of a row, or its number. */
function nameOf({ names, format }: Axis, row: number | undefined): string {
  return names?.[row ?? -1] ?? exactText(row, format)
}

/** Lying bars. One element stands for whichever row is under the pointer. */
export const BARS: MarkRecord<Bars> = {
  along({ rows, from, to, band }, axis) {
    if (axis === 'y') return [rows]
    return band ? [from, to, band.low, band.high] : [from, to]
  },
  room: 0.02,
  datasets: (mark, look) => [
    datasetOf(mark, look, {
      type: 'scatter',
      data: [{ x: mark.to[0] ?? 0, y: mark.rows[0] ?? 0 }],
      borderColor: colourOf(mark.colour, look.theme),
      ...NO_POINTS
    })
  ],
  draw: drawBars,
  write({ ctx, scales: { x, y } }, marks, { theme, font, hidden }) {
    const { surface, roles } = CHART_THEMES[theme]
    ctx.font = `600 11px ${font}`
    ctx.textAlign = 'left'
    ctx.textBaseline = 'middle'
    for (const mark of marks) {
      if (hidden.has(mark.label)) continue
      mark.words?.forEach((word, at) => {
        const left = (x?.getPixelForValue(endOf(mark, at)) ?? NaN) + WORD_GAP
        const middle = y?.getPixelForValue(mark.rows[at] ?? NaN) ?? NaN
        const { width } = ctx.measureText(word)
        // a level may pass here
        ctx.fillStyle = surface
        ctx.fillRect(left - 2, middle - LABEL_GAP / 2, width + 4, LABEL_GAP)
        ctx.fillStyle = roles.ink
        ctx.fillText(word, left, middle)
      })
    }
  },
  wordRoom: ({ words = [] }) => ({
    right: Math.max(0, ...words.map((word) => labelWidth(word) + WORD_GAP + 4))
  }),
  itemAt: ({ rows }, { value }) =>
    Array.from(rows).findIndex((row) => Math.abs(row - value.y) <= 0.5),
  settle(mark, at, element, toPixel) {
    Object.assign(element, toPixel(endOf(mark, at), mark.rows[at] ?? NaN))
  },
  tell({ label, rows, from, to, band }, at, { x, y }) {
    const say = (value: number | undefined): string => exactText(value, x.format)
    const about = band ? ` (${say(band.low[at])} to ${say(band.high[at])})` : ''
    return {
      title: nameOf(y, rows[at]),
      line: `${label}: ${say((to[at] ?? NaN) - (from[at] ?? NaN))}${about}`
    }
  },
  csv: ({ rows, from, to, band }) =>
    Array.from(rows, (row, at) => ({
      x: from[at],
      xTo: to[at],
      y: row,
      value: (to[at] ?? NaN) - (from[at] ?? NaN),
      low: band?.low[at],
      high: band?.high[at]
    })),
  table({ label, rows, from, to, band }, { x, y }) {
    const say = (value: number | undefined): string => exactText(value, x.format)
    return {
      head: [y.label, 'from', 'to', label, ...(band ? ['lowest', 'highest'] : [])],
      count: rows.length,
      row: (at) => [
        nameOf(y, rows[at]),
        say(from[at]),
        say(to[at]),
        say((to[at] ?? NaN) - (from[at] ?? NaN)),
        ...(band ? [say(band.low[at]), say(band.high[at])] : [])
      ]
    }
  }
}
