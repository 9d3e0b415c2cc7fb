import type { Chart, Plugin } from 'chart.js'
import type { Figure, Mark } from '../core/figure/figure'
import { CHART_THEMES, colourOf } from './theme'
import type { ThemeName } from './theme'
import type { MarkDataset } from './datasets'

const SIZE = 11
const GAP = 13

/** Width of a text in pixels at 11 px, near enough to leave room for it without a canvas. */
export function textWidth(text: string, size = SIZE): number {
  let width = 0
  for (const letter of text) width += /[il.,:;'|\][ ]/.test(letter) ? 0.31 : 0.58
  return Math.ceil(width * size)
}

/**
 * Heights at which labels are written: each as near its wish as it gets, in the order of the
 * wishes, `gap` apart and between `top` and `bottom`.
 */
export function spread(wishes: readonly number[], gap: number, top: number, bottom: number) {
  const order = wishes.map((_, i) => i).sort((a, b) => (wishes[a] ?? 0) - (wishes[b] ?? 0))
  interface Block {
    ids: number[]
    middle: number
  }
  const blocks: Block[] = []
  const half = (block: Block): number => ((block.ids.length - 1) * gap) / 2
  const clamp = (block: Block): void => {
    const room = half(block)
    block.middle = Math.min(bottom - room, Math.max(top + room, block.middle))
  }
  for (const id of order) {
    let block: Block = { ids: [id], middle: wishes[id] ?? 0 }
    clamp(block)
    for (;;) {
      const before = blocks.at(-1)
      if (!before || before.middle + half(before) + gap <= block.middle - half(block)) break
      blocks.pop()
      const ids: number[] = [...before.ids, ...block.ids]
      const middle: number = ids.reduce((sum, i) => sum + (wishes[i] ?? 0), 0) / ids.length
      block = { ids, middle }
      clamp(block)
    }
    blocks.push(block)
  }
  const places = new Array<number>(wishes.length).fill(0)
  for (const block of blocks) {
    block.ids.forEach((id, i) => (places[id] = block.middle - half(block) + i * gap))
  }
  return places
}

/** Room to the right of the plot for the labels at line ends, pixels. */
export function labelRoom(figure: Figure): number {
  let room = 0
  for (const mark of figure.marks) {
    if (mark.kind === 'line' && mark.directLabel) room = Math.max(room, textWidth(mark.label) + 10)
  }
  return room
}

/** All in one column beside the plot, also of lines that are still on their way. */
function endLabels(chart: Chart, theme: ThemeName): void {
  const yScale = chart.scales.y
  if (!yScale) return
  const ends: { text: string; colour: string; y: number }[] = []
  chart.data.datasets.forEach((raw, i) => {
    const { mark, main } = raw as unknown as MarkDataset
    if (!main || mark.kind !== 'line' || !mark.directLabel || !chart.isDatasetVisible(i)) return
    for (let at = mark.x.length - 1; at >= 0; at--) {
      const [x, y] = [mark.x[at] ?? NaN, mark.y[at] ?? NaN]
      if (!Number.isFinite(x) || !Number.isFinite(y)) continue
      ends.push({
        text: mark.label,
        colour: colourOf(mark.colour, theme),
        y: yScale.getPixelForValue(Math.min(yScale.max, Math.max(yScale.min, y)))
      })
      break
    }
  })
  const { top, bottom, right } = chart.chartArea
  const places = spread(
    ends.map((end) => end.y),
    GAP,
    top,
    bottom
  )
  const { ctx } = chart
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  ends.forEach((end, i) => {
    ctx.fillStyle = end.colour
    ctx.fillText(end.text, right + 7, places[i] ?? end.y)
  })
}

/** The words of rules and spans, inside the plot. */
function ruleLabels(chart: Chart, figure: Figure, theme: ThemeName): void {
  const { ctx, chartArea } = chart
  ctx.fillStyle = CHART_THEMES[theme].roles.second
  for (const mark of figure.marks) {
    if ((mark.kind !== 'rule' && mark.kind !== 'span') || !mark.label) continue
    if (mark.kind === 'span') writeSpan(chart, mark, mark.label)
    else if (mark.axis === 'x') {
      const x = chart.scales.x?.getPixelForValue(mark.at) ?? NaN
      if (x < chartArea.left - 1 || x > chartArea.right + 1) continue
      const fits = x + 5 + ctx.measureText(mark.label).width <= chartArea.right
      ctx.textAlign = fits ? 'left' : 'right'
      ctx.textBaseline = 'top'
      ctx.fillText(mark.label, fits ? x + 5 : x - 5, chartArea.top + 2)
    } else {
      const y = chart.scales.y?.getPixelForValue(mark.at) ?? NaN
      if (y < chartArea.top - 1 || y > chartArea.bottom + 1) continue
      const below = y + 18 <= chartArea.bottom
      ctx.textAlign = 'left'
      ctx.textBaseline = below ? 'top' : 'bottom'
      const [x, at] = [chartArea.left + 7, below ? y + 7 : y - 4]
      // lines may pass here: the words stand on the ground of the card
      ctx.strokeStyle = CHART_THEMES[theme].surface
      ctx.lineWidth = 3
      ctx.lineJoin = 'round'
      ctx.strokeText(mark.label, x, at)
      ctx.fillText(mark.label, x, at)
    }
  }
}

function writeSpan(chart: Chart, mark: Extract<Mark, { kind: 'span' }>, label: string): void {
  const { ctx, chartArea, scales } = chart
  const from = mark.from === null ? chartArea.left : (scales.x?.getPixelForValue(mark.from) ?? 0)
  const to = mark.to === null ? chartArea.right : (scales.x?.getPixelForValue(mark.to) ?? 0)
  ctx.textAlign = 'center'
  ctx.textBaseline = 'top'
  ctx.fillText(
    label,
    (Math.max(from, chartArea.left) + Math.min(to, chartArea.right)) / 2,
    chartArea.top + 2
  )
}

/** Writes labels at line ends, apart from each other, and the words of rules. */
export function labelPlugin(figure: Figure, theme: ThemeName, font: string): Plugin {
  return {
    id: 'normscopeLabels',
    afterDatasetsDraw(chart) {
      const { ctx } = chart
      ctx.save()
      ctx.font = `400 ${SIZE}px ${font}`
      ruleLabels(chart, figure, theme)
      endLabels(chart, theme)
      ctx.restore()
    }
  }
}
