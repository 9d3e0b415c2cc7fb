import type { Chart } from 'chart.js'
import type { MarkDataset } from './record'

/** A part of the plot, in pixels. */
interface Box {
  readonly from: number
  readonly to: number
  readonly top: number
  readonly bottom: number
}

/** How many of the lines that are shown pass through a part of the plot. */
export function linesThrough(chart: Chart, box: Box): number {
  return chart.data.datasets.filter((raw, i) => {
    const { mark, main } = raw as unknown as MarkDataset
    if (!main || mark.kind !== 'line' || !chart.isDatasetVisible(i)) return false
    const { xScale, yScale } = chart.getDatasetMeta(i)
    const points = Array.from(mark.x, (x, at) => ({
      x: xScale?.getPixelForValue(x) ?? NaN,
      y: yScale?.getPixelForValue(mark.y[at] ?? NaN) ?? NaN
    }))
    return points.some((point, at) => passes(points[at - 1] ?? point, point, box))
  }).length
}

interface Point {
  readonly x: number
  readonly y: number
}

function passes(a: Point, b: Point, { from, to, top, bottom }: Box): boolean {
  const [left, right] = a.x <= b.x ? [a, b] : [b, a]
  if (!(right.x >= from && left.x <= to)) return false
  const slope = right.x > left.x ? (right.y - left.y) / (right.x - left.x) : 0
  const ends = [Math.max(left.x, from), Math.min(right.x, to)].map(
    (x) => left.y + slope * (x - left.x)
  )
  return Math.max(...ends) >= top && Math.min(...ends) <= bottom
}
