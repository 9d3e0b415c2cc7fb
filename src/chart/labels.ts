import type { Chart, Plugin } from 'chart.js'
import type { Figure, Mark } from '../core/figure/figure'
import { CHART_THEMES, colourOf } from './theme'
import type { ThemeName } from './theme'
import { ownAxisId } from './datasets'
import type { MarkDataset } from './datasets'

const SIZE = 11
const GAP = 13
/** between the end of an axis and its name: half of its last tick's number lies there */
const OWN_GAP = 24

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
    if (figure.x.scale === 'own' && mark.label)
      room = Math.max(room, textWidth(mark.label) + OWN_GAP)
  }
  return room
}

/** Room above the plot for the words of its upright rules and spans, pixels: marks may fill it to its top. */
export function rulesRoom(figure: Figure): number {
  const written = figure.marks.some(
    (mark) => (mark.kind === 'span' || (mark.kind === 'rule' && mark.axis === 'x')) && mark.label
  )
  return written ? SIZE + 3 : 0
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

/** The words of rules and spans: above the plot those of the x axis, at its left those of the y axis. */
function ruleLabels(chart: Chart, figure: Figure, theme: ThemeName): void {
  const { ctx, chartArea } = chart
  levelLabels(chart, figure, theme)
  ctx.fillStyle = CHART_THEMES[theme].roles.second
  for (const mark of figure.marks) {
    if ((mark.kind !== 'rule' && mark.kind !== 'span') || !mark.label) continue
    if (mark.kind === 'span') writeSpan(chart, mark, mark.label)
    else if (mark.axis === 'x') {
      const x = chart.scales.x?.getPixelForValue(mark.at) ?? NaN
      if (x < chartArea.left - 1 || x > chartArea.right + 1) continue
      const half = ctx.measureText(mark.label).width / 2
      ctx.textAlign = 'center'
      ctx.textBaseline = 'bottom'
      const within = Math.min(chartArea.right - half, Math.max(chartArea.left + half, x))
      ctx.fillText(mark.label, within, chartArea.top - 2)
    }
  }
}

/** Levels apart from each other, each under its line or, at the foot of the plot, over it. */
function levelLabels(chart: Chart, figure: Figure, theme: ThemeName): void {
  const { ctx, chartArea } = chart
  const { surface, roles } = CHART_THEMES[theme]
  const levels = figure.marks.flatMap((mark) => {
    if (mark.kind !== 'rule' || mark.axis !== 'y' || !mark.label) return []
    const y = chart.scales.y?.getPixelForValue(mark.at) ?? NaN
    const seen = y >= chartArea.top - 1 && y <= chartArea.bottom + 1
    const below = y + 18 <= chartArea.bottom
    return seen ? [{ text: mark.label, middle: below ? y + 13 : y - 10 }] : []
  })
  const wishes = levels.map(({ middle }) => middle)
  const places = spread(wishes, GAP, chartArea.top + SIZE / 2, chartArea.bottom - SIZE / 2)
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

function writeSpan(chart: Chart, mark: Extract<Mark, { kind: 'span' }>, label: string): void {
  const { ctx, chartArea, scales } = chart
  const from = mark.from === null ? chartArea.left : (scales.x?.getPixelForValue(mark.from) ?? 0)
  const to = mark.to === null ? chartArea.right : (scales.x?.getPixelForValue(mark.to) ?? 0)
  ctx.textAlign = 'center'
  ctx.textBaseline = 'bottom'
  ctx.fillText(
    label,
    (Math.max(from, chartArea.left) + Math.min(to, chartArea.right)) / 2,
    chartArea.top - 2
  )
}

/** The name of a mark at the end of the axis that is its own. */
function ownAxisNames(chart: Chart, figure: Figure, theme: ThemeName): void {
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
      ownAxisNames(chart, figure, theme)
      ctx.restore()
    }
  }
}
